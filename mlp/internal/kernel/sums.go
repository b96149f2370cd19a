package kernel

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
// The order of the sums is that of MomentSums.
func Moments[F Float](x []F) (sum, squares float64) {
	var m MomentSums[F]
	m.Add(x)
	return m.Sums()
}

// MomentSums adds up numbers and their squares in float64, part by part. Where loops are vectorised the order of the sums is that of 16
// lanes, which are added up in pairs, and what is left behind the last 16 numbers. Parts but the last have to be a multiple of that.
type MomentSums[F Float] struct {
	lanes        [2][16]float64 // of numbers and of squares
	sum, squares float64        // of what is left
}

// Add adds a part.
func (m *MomentSums[F]) Add(x []F) {
	body := 0
	if f := fast[F](); f != nil && len(x) >= 16 {
		body = len(x) &^ 15
		f.moments(&m.lanes, &x[0], body)
	}
	if body == len(x) {
		return
	}
	m.sum, m.squares = m.Sums()
	m.lanes = [2][16]float64{}
	for _, v := range x[body:] {
		m.sum += float64(v)
		m.squares += float64(v) * float64(v)
	}
}

// Sums are those of all parts.
func (m *MomentSums[F]) Sums() (sum, squares float64) {
	total := func(l *[16]float64) float64 {
		var four [4]float64
		for i := range four {
			four[i] = (l[i] + l[i+4]) + (l[i+8] + l[i+12])
		}
		return (four[0] + four[2]) + (four[1] + four[3])
	}
	return m.sum + total(&m.lanes[0]), m.squares + total(&m.lanes[1])
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
