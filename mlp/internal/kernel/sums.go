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

// SumSquares adds up the squares of x in float64:
//
//	Σ x[i]*x[i]
//
// The order of the sum is that of 16 lanes, which are added up in pairs.
func SumSquares[F Float](x []F) float64 {
	body := 0
	var sum float64
	if f := fast[F](); f != nil && len(x) >= 16 {
		body = len(x) &^ 15
		sum = f.squares(&x[0], body)
	}
	for _, v := range x[body:] {
		sum += float64(v) * float64(v)
	}
	return sum
}
