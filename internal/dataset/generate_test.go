package dataset

import (
	"crypto/sha256"
	"fmt"
	"math"
	"testing"
)

// large is a big training split of a generated set, not scaled.
func large(t *testing.T, name string, n int) *Data {
	t.Helper()
	s, _ := Default(name)
	s.Train, s.Scale = Amount(n), "none"
	return mustLoad(t, s, 1, nil)
}

// Each generated set has the geometry that its documentation gives: how far
// points lie from the curve or centre of their class, in units of the noise.
func TestGeometry(t *testing.T) {
	const n = 30000
	for _, c := range []struct {
		name string
		// deviation of a point of a class from where it would be without noise,
		// normal with SD noise to first order
		deviation func(x, y float64, label int32) float64
	}{
		{"xor", func(x, y float64, label int32) float64 {
			if label == 1 {
				y = -y
			}
			return ((x+y)/2 - math.Copysign(1, x+y)) * math.Sqrt2
		}},
		{"blobs", func(x, y float64, label int32) float64 {
			a := 2 * math.Pi * float64(label) / 3
			return x*math.Cos(a) + y*math.Sin(a) - 2
		}},
		{"circles", func(x, y float64, label int32) float64 {
			return math.Hypot(x, y) - []float64{1, 0.5}[label]
		}},
		{"moons", func(x, y float64, label int32) float64 {
			if label == 1 {
				x, y = 1-x, 0.5-y
			}
			if y < 0 { // beyond the ends: distance along the diameter's line
				return math.Abs(x) - 1
			}
			return math.Hypot(x, y) - 1
		}},
		{"spirals", func(x, y float64, label int32) float64 {
			r := math.Hypot(x, y)
			d := math.Atan2(y, x) - 4*r - 2*math.Pi*float64(label)/3
			return math.Remainder(d, 2*math.Pi)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := Default(c.name)
			d := large(t, c.name, n)
			sum, squares := 0.0, 0.0
			for i, label := range d.Train.Labels {
				v := c.deviation(float64(d.Train.X[2*i]), float64(d.Train.X[2*i+1]), label) / s.Noise
				sum, squares = sum+v, squares+v*v
			}
			// A curved line adds noise/(2 radius) to the mean, at most 0.2 here.
			if mean, sd := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 0.2 || math.Abs(sd-1) > 0.08 {
				t.Errorf("deviation has mean %.3f and SD %.3f of the noise", mean, sd)
			}
		})
	}
}

func TestSine(t *testing.T) {
	const n = 30000
	d := large(t, "sine1d", n)
	if math.Abs(d.NoiseVariance-0.09) > 1e-12 {
		t.Errorf("noise variance %g", d.NoiseVariance)
	}
	noise, squares := 0.0, 0.0
	for i, x := range d.Train.X {
		if math.Abs(float64(d.Train.Truth[i])-math.Sin(float64(x))) > 1e-6 || math.Abs(float64(x)) > math.Pi {
			t.Fatalf("truth at %g is %g", x, d.Train.Truth[i])
		}
		e := float64(d.Train.Targets[i] - d.Train.Truth[i])
		noise, squares = noise+e*e, squares+float64(x)*float64(x)
	}
	if v := noise / n; math.Abs(v-0.09) > 5*0.09*math.Sqrt(2./n) {
		t.Errorf("targets vary by %g around the truth", v)
	}
	if v := squares / n; math.Abs(v-math.Pi*math.Pi/3) > 0.1 { // variance of U(-π, π)
		t.Errorf("x has variance %g", v)
	}
}

// The teacher's truth varies far more than the noise, and no straight line
// explains it: the best one leaves more than a tenth of its variance.
func TestTeacherIsNotLinear(t *testing.T) {
	const n = 20000
	d := large(t, "teacher", n)
	var sum, squares, noise float64
	slope := make([]float64, d.In) // inputs are independent with variance 1
	for i, y := range d.Train.Truth {
		sum, squares = sum+float64(y)/n, squares+float64(y)*float64(y)/n
		e := float64(d.Train.Targets[i] - y)
		noise += e * e / n
		for j := range slope {
			slope[j] += float64(y) * float64(d.Train.X[i*d.In+j]) / n
		}
	}
	variance := squares - sum*sum
	left := variance
	for _, b := range slope {
		left -= b * b
	}
	if math.Abs(noise-0.01) > 0.001 || math.Abs(d.NoiseVariance-0.01) > 1e-12 {
		t.Errorf("noise variance %g, said to be %g", noise, d.NoiseVariance)
	}
	if variance < 0.1 || left < 0.1*variance {
		t.Errorf("truth has variance %.3f, of which a line leaves %.3f", variance, left)
	}
}

// Without noise xor is its four corners.
func TestNoNoise(t *testing.T) {
	s := Spec{Set: "xor", Train: 4, Test: 1, Scale: "none"}
	d := mustLoad(t, s, 7, nil)
	corners := map[[2]float32]int32{}
	for i, label := range d.Train.Labels {
		corners[[2]float32{d.Train.X[2*i], d.Train.X[2*i+1]}] = label
	}
	want := map[[2]float32]int32{{1, 1}: 0, {-1, -1}: 0, {1, -1}: 1, {-1, 1}: 1}
	if fmt.Sprint(corners) != fmt.Sprint(want) {
		t.Errorf("corners %v", corners)
	}
}

// The best possible error of blobs, that of the nearest centre, is as
// documented: Monte Carlo over the set itself.
func TestBlobsOverlap(t *testing.T) {
	d := large(t, "blobs", 30000)
	wrong := 0
	for i, label := range d.Train.Labels {
		nearest, best := 0, math.Inf(-1)
		for c := range 3 {
			sin, cos := math.Sincos(2 * math.Pi * float64(c) / 3)
			if p := cos*float64(d.Train.X[2*i]) + sin*float64(d.Train.X[2*i+1]); p > best {
				nearest, best = c, p
			}
		}
		if nearest != int(label) {
			wrong++
		}
	}
	if e := float64(wrong) / 30000; e < 0.06 || e > 0.09 {
		t.Errorf("best possible error %.4f", e)
	}
}

// Glyphs are neither trivial nor hopeless: the class means recognise far more
// than chance and far less than everything, on examples of another seed.
func TestGlyphsAreOfMiddlingDifficulty(t *testing.T) {
	s, _ := Default("glyphs")
	s.Train, s.Valid, s.Test = 2000, 0, 1000
	d := mustLoad(t, s, 1, nil)
	means := make([][]float64, 10)
	for c := range means {
		means[c] = make([]float64, d.In)
	}
	for i, label := range d.Train.Labels {
		for j, v := range d.Train.X[i*d.In : (i+1)*d.In] {
			means[label][j] += float64(v) / 200
		}
	}
	right := 0
	for i, label := range d.Test.Labels {
		nearest, best := 0, math.Inf(1)
		for c, mean := range means {
			distance := 0.0
			for j, v := range d.Test.X[i*d.In : (i+1)*d.In] {
				distance += (float64(v) - mean[j]) * (float64(v) - mean[j])
			}
			if distance < best {
				nearest, best = c, distance
			}
		}
		if nearest == int(label) {
			right++
		}
	}
	if right < 400 || right > 850 {
		t.Errorf("class means recognise %d of 1000", right)
	}
	for _, v := range d.Train.X {
		if v < 0 || v > 1 {
			t.Fatalf("pixel %g", v)
		}
	}
}

// The ink of a glyph without noise lies inside the picture, dark on light.
func TestGlyphsStayInThePicture(t *testing.T) {
	d := mustLoad(t, Spec{Set: "glyphs", Train: 2000, Test: 1, Scale: "none"}, 3, nil)
	for i := range d.Train.N {
		x := d.Train.X[i*d.In : (i+1)*d.In]
		paper, ink, atEdge := float32(255), float32(0), float32(0)
		sum := 0.0
		for j, v := range x {
			paper, ink = min(paper, v), max(ink, v)
			sum += float64(v)
			if row, column := j/glyphSide, j%glyphSide; row == 0 || column == 0 || row == glyphSide-1 || column == glyphSide-1 {
				atEdge += v
			}
		}
		if paper > paperMost || ink < inkLeast-1 {
			t.Errorf("glyph %d (%d): paper %g, ink %g", i, d.Train.Labels[i], paper, ink)
		}
		share := (sum/float64(len(x)) - float64(paper)) / float64(ink-paper)
		if share < 0.02 || share > 0.45 {
			t.Errorf("glyph %d (%d): %.0f %% ink", i, d.Train.Labels[i], 100*share)
		}
	}
}

// A generator that changes must raise its version, or old and new runs would
// share an identity. When this test fails: raise the version, then the sum.
func TestVersions(t *testing.T) {
	sums := map[string]string{
		"xor/1":     "4dc20f28ff4ab3e2",
		"blobs/1":   "0185966e22e6a3c0",
		"moons/1":   "6e81b82f048353fb",
		"circles/1": "86d939ffb85687cb",
		"spirals/1": "c1f310731da62128",
		"sine1d/1":  "57c30a483f0ce611",
		"teacher/1": "b1242ee9f066bd0a",
		"glyphs/1":  "56d1f971aeaf9810",
	}
	for _, set := range table {
		if set.draw == nil {
			continue
		}
		s := set.Default
		s.Train, s.Valid, s.Test, s.Scale = 50, 0, 10, "none"
		d := mustLoad(t, s, 1, nil)
		h := sha256.New()
		for _, split := range []Split{d.Train, d.Test} {
			for _, v := range split.X {
				fmt.Fprintf(h, "%.3f ", v) // the last bits may differ between processors
			}
			fmt.Fprint(h, split.Labels)
		}
		name := fmt.Sprintf("%s/%d", set.Name, set.version)
		if got := fmt.Sprintf("%x", h.Sum(nil))[:16]; got != sums[name] {
			t.Errorf("%q: %q,", name, got)
		}
	}
}
