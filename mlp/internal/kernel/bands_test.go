package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// bandedRows are rows of bytes of which so large a share is not 0, next to each other more often than by chance: as a
// matrix, as Bands, and as what is left without the zeros.
func bandedRows[F Float](r *rand.Rand, rows, in int, share float64, table *[256]F) (x Rows[F], s *Bands) {
	data := make([]F, rows*in)
	bander := NewBander(in)
	for b := range rows {
		var columns []uint16
		var values []byte
		on := false
		for i := range in {
			if r.IntN(3) == 0 {
				on = r.Float64() < share
			}
			if on {
				v := byte(1 + r.IntN(255))
				columns, values = append(columns, uint16(i)), append(values, v)
				data[b*in+i] = table[v]
			}
		}
		bander.Add(columns, values)
	}
	return Rows[F]{Data: data, Width: in, Zeros: compress(data, in)}, bander.Bands()
}

func checkBands[F Float](t *testing.T, seed uint64, rows, in, out int, share float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	var table [256]F
	for v := range table[1:] {
		table[v+1] = F(r.NormFloat64())
	}
	x, s := bandedRows(r, rows, in, share, &table)
	w, _ := guarded[F](r, out*in)
	bias, _ := guarded[F](r, out)
	want := make([]F, rows*out)
	loopXWt(want, Rows[F]{Data: x.Data, Width: in}, w, bias, out)
	for _, p := range every[F]() {
		what := fmt.Sprintf("%d rows of %d, out %d", rows, in, out)
		same := make([]F, rows*out)
		v := NewInputMajor[F](in, out)
		p.Turn(v, w)
		p.XV(same, x, v, bias)
		got, all := guarded[F](r, rows*out)
		p.BandsV(got, s, 0, &table, v, bias)
		near(t, what, got, want, in)
		intact(t, what, len(got), all)
		for i, v := range got { // the order of the sums is that of the other products
			if v != same[i] {
				t.Fatalf("%s: element %d is %v, without bands %v", what, i, v, same[i])
			}
		}
		if rows > BandRows {
			p.BandsV(got[:out*(rows-BandRows)], s, BandRows, &table, v, bias)
			near(t, what+", from the second stream on", got[:out*(rows-BandRows)], want[out*BandRows:], in)
		}
	}
}

func TestProductsOfBandRows(t *testing.T) {
	for i, s := range [][3]int{{1, 70, 1}, {64, 64, 10}, {65, 90, 33}, {130, 784, 100}, {3, 65, 209}, {200, 100, 420}, {64, 80, 112}} {
		for _, share := range []float64{0.05, 0.3, 1} {
			checkBands[float32](t, uint64(i), s[0], s[1], s[2], share)
			checkBands[float64](t, uint64(i), s[0], s[1], s[2], share)
		}
	}
}
