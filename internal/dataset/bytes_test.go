package dataset

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A matrix of bytes gives back the rows that it was given, whether it leaves zeros out or
// has put them back, and takes at most a byte for each number then.
func TestPixelsGiveRowsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, n := rapid.IntRange(1, 40).Draw(t, "in"), rapid.IntRange(1, 200).Draw(t, "n")
		dense := rapid.IntRange(0, n).Draw(t, "dense") // rows without zeros, first
		p := newPixels(in, n)
		var want []byte
		for i := range n {
			row := make([]byte, in)
			for j := range row {
				if i < dense || j == i%in {
					row[j] = byte(1 + (i+j)%255)
				}
			}
			p.add(row)
			want = append(want, row...)
		}
		x, got := make([]float64, in), []byte(nil)
		for i := range n {
			p.row(i, x)
			for _, v := range x {
				got = append(got, byte(v))
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("rows %v, want %v", got, want)
		}
		if p.start == nil && len(p.values) != n*in || p.start != nil && (len(p.start) != n+1 || len(p.columns) != len(p.values)) {
			t.Fatalf("%d values, %d columns, %d starts", len(p.values), len(p.columns), len(p.start))
		}
		if size := len(p.values) + 2*len(p.columns); n >= 64 && size > n*in+3*64*in {
			t.Fatalf("%d bytes for %d numbers", size, n*in)
		}
	})
}

// While rows like each other are added, what is left behind each time that they move is a third of what stays at most, and
// there is never room for more than some four times as many as have come.
func TestPixelsMoveSeldom(t *testing.T) {
	const in = 100
	for _, n := range []int{10_000, 13_000, 40_000} {
		p, left, before := newPixels(in, n), 0, 0
		for i := range n {
			row := make([]byte, in)
			row[i%in], row[i*7%in] = 1, 2
			p.add(row)
			if now := cap(p.values); now != before {
				left, before = left+before, now
			}
			if most := 9*len(p.values)/2 + 5*in; cap(p.values) > most {
				t.Fatalf("%d of %d rows: room for %d where there are %d", i+1, n, cap(p.values), len(p.values))
			}
		}
		if left > len(p.values)/2 || cap(p.values) > len(p.values)*11/10+in {
			t.Errorf("%d rows: %d left behind, room for %d, %d stay", n, left, cap(p.values), len(p.values))
		}
	}
}

// Bytes and the floats that they stand for are the same, whatever the scaling and the selection.
func TestBytesOfASplitAreItsFloats(t *testing.T) {
	const in, n = 6, 30
	var values []byte
	for i := range n * in {
		values = append(values, byte(i*i%7*(i%4)*9))
	}
	part := part{pixelRows(values, in).examples(), []int32{4, 29, 0, 7}}
	for _, scale := range scales {
		s, err := part.scaled(fit(scale, true, part))
		if err != nil {
			t.Fatal(err)
		}
		x := s.Floats()
		for i := range s.N {
			if row := x[i*in : (i+1)*in]; !slices.Equal(s.Inputs(i), row) {
				t.Errorf("%s: example %d is %v, and %v among all", scale, i, s.Inputs(i), row)
			}
			for j, v := range x[i*in : (i+1)*in] {
				raw := float64(values[int(part.index[i])*in+j])
				if want := float32((raw - s.Bytes.Shift[j]) * s.Bytes.Factor[j]); v != want {
					t.Errorf("%s: input %d of example %d is %v, want %v", scale, j, i, v, want)
				}
			}
		}
	}
}
