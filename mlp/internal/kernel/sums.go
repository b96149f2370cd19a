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
// The order of the sums is that of 16 lanes, which are added up in pairs.
func Moments[F Float](x []F) (sum, squares float64) {
	body := 0
	if f := fast[F](); f != nil && len(x) >= 16 {
		body = len(x) &^ 15
		sum, squares = f.moments(&x[0], body)
	}
	for _, v := range x[body:] {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	return sum, squares
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
