package dataset

import (
	"slices"
	"testing"
)

// By hand: the training column 1, 3 has mean 2, SD 1 and range 2. The second
// column is constant in training, so it is 0 everywhere, also where it varies.
func TestScaleByHand(t *testing.T) {
	ex := &examples{n: 3, in: 2, row: floatRows([]float64{1, 7, 3, 7, 6, 9}, 2)}
	train, test := part{ex, []int32{0, 1}}, part{ex, []int32{2}}
	for _, c := range []struct {
		scale       string
		pixels      bool
		train, test []float32
	}{
		{"none", false, []float32{1, 7, 3, 7}, []float32{6, 9}},
		{"unit", false, []float32{0, 0, 1, 0}, []float32{2.5, 0}},
		{"symmetric", false, []float32{-1, 0, 1, 0}, []float32{4, 0}},
		{"standard", false, []float32{-1, 0, 1, 0}, []float32{4, 0}},
		{"none", true, []float32{1, 7, 3, 7}, []float32{6, 9}},
		{"unit", true, []float32{1. / 255, 7. / 255, 3. / 255, 7. / 255}, []float32{6. / 255, 9. / 255}},
		{"symmetric", true, []float32{-253. / 255, -241. / 255, -249. / 255, -241. / 255}, []float32{-243. / 255, -237. / 255}},
		{"standard", true, []float32{-1, 0, 1, 0}, []float32{4, 0}},
	} {
		sc := fit(c.scale, c.pixels, train)
		for _, split := range []struct {
			from part
			want []float32
		}{{train, c.train}, {test, c.test}} {
			got, err := split.from.scaled(sc)
			if err != nil || !slices.Equal(got.X, split.want) {
				t.Errorf("%s, pixels %v: %v, %v, want %v", c.scale, c.pixels, got.X, err, split.want)
			}
		}
	}
}
