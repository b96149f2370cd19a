package kernel

import "math"

// ColumnSums adds up the rows of x, in order. Shapes: s [columns],
// x [rows, columns]:
//
//	s[c] = Σ x[r][c]
func ColumnSums[F Float](s, x []F, rows, columns int) {
	s, x = s[:columns], x[:rows*columns]
	if f := fast[F](); f != nil && len(x) > 0 {
		f.columnSums(&s[0], &x[0], rows, columns)
		return
	}
	loopColumnSums(s, x, rows, columns)
}

func loopColumnSums[F Float](s, x []F, rows, columns int) {
	clear(s)
	for r := range rows {
		for c, v := range x[r*columns : (r+1)*columns] {
			s[c] += v
		}
	}
}

// Moments adds up the numbers and their squares in float64:
//
//	sum = Σ x[i]; squares = Σ x[i]*x[i]
//
// The order of the sums is that of 16 lanes, which are added up in pairs, and then what is left.
func Moments[F Float](x []F) (sum, squares float64) { return moments(nil, x) }

// MomentSums adds up as Moments does, part by part.
type MomentSums struct {
	lanes        [2][16]float64
	sum, squares float64 // of all parts
}

// AddMoments adds a part. All but the last have to be a multiple of 16 numbers.
func AddMoments[F Float](m *MomentSums, x []F) {
	if fast[F]() == nil { // nothing has lanes
		addMoments(x, &m.sum, &m.squares)
		return
	}
	m.sum, m.squares = moments(&m.lanes, x)
}

// Take returns the sums and begins anew.
func (m *MomentSums) Take() (sum, squares float64) {
	sum, squares = m.sum, m.squares
	*m = MomentSums{}
	return sum, squares
}

func moments[F Float](lanes *[2][16]float64, x []F) (sum, squares float64) {
	body := 0
	if f := fast[F](); f != nil {
		if body = len(x) &^ 15; body > 0 || lanes != nil && len(x) > 0 {
			sum, squares = f.moments(lanes, &x[0], body)
		}
	}
	addMoments(x[body:], &sum, &squares)
	return sum, squares
}

func addMoments[F Float](x []F, sum, squares *float64) {
	for _, v := range x {
		*sum += float64(v)
		*squares += float64(v) * float64(v)
	}
}

// Outside counts the numbers that are at most below or at least above; NaN is
// neither:
//
//	if x[i] <= below || x[i] >= above { count++ }
func Outside[F Float](x []F, below, above F) (count int) {
	body := 0
	if f := fast[F](); f != nil {
		if body = len(x) &^ 15; body > 0 {
			count = f.outside(&x[0], body, below, above)
		}
	}
	for _, v := range x[body:] {
		if v <= below || v >= above {
			count++
		}
	}
	return count
}

// Least is the smallest number above 0.
func Least[F Float]() F {
	if v := F(math.SmallestNonzeroFloat64); v > 0 {
		return v
	}
	least := float32(math.SmallestNonzeroFloat32)
	return F(least)
}
