package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func checkSums[F Float](t *testing.T, rows, columns int) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	x, _ := guarded[F](r, rows*columns)
	s, all := guarded[F](r, columns)
	want := make([]F, columns)
	ColumnSums(s, x, rows, columns)
	loopColumnSums(want, x, rows, columns)
	for c := range want {
		if !sameBits(s[c], want[c]) {
			t.Fatalf("%dx%d: column %d adds up to %v, the loop says %v", rows, columns, c, s[c], want[c])
		}
	}
	intact(t, "ColumnSums", columns, all)
	var sum, size, squares float64
	for _, v := range x {
		sum += float64(v)
		size += math.Abs(float64(v))
		squares += float64(v) * float64(v)
	}
	gotSum, gotSquares := Moments(x)
	if math.Abs(gotSum-sum) > 1e-14*size {
		t.Fatalf("%dx%d: the numbers add up to %v, the loop says %v", rows, columns, gotSum, sum)
	}
	if math.Abs(gotSquares-squares) > 1e-14*squares {
		t.Fatalf("%dx%d: squares add up to %v, the loop says %v", rows, columns, gotSquares, squares)
	}
	outside := 0
	for i := range x {
		switch i % 7 { // the limits themselves, and what has no place
		case 0:
			x[i] = -0.5
		case 1:
			x[i] = 1
		case 2:
			x[i] = F(math.NaN())
		}
		if x[i] <= -0.5 || x[i] >= 1 {
			outside++
		}
	}
	if got := Outside(x, -0.5, 1); got != outside {
		t.Fatalf("%dx%d: %d are outside, the loop says %d", rows, columns, got, outside)
	}
}

func TestSumsAreTheLoops(t *testing.T) {
	for rows := range 12 {
		for columns := range 80 {
			checkSums[float32](t, rows, columns)
			checkSums[float64](t, rows, columns)
		}
	}
	x := make([]float32, 40)
	x[33] = float32(math.NaN())
	if sum, squares := Moments(x); sum == sum || squares == squares {
		t.Errorf("a vector with a NaN adds up to %v, its squares to %v", sum, squares)
	}
}
