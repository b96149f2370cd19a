package study

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSobol holds the sequence to points that scipy made.
func TestSobol(t *testing.T) {
	f, err := os.Open("testdata/sobol.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 10 || len(rows[0]) != 1+sobolDimensions {
		t.Fatalf("%d points, %v", len(rows), err)
	}
	for _, row := range rows {
		i, _ := strconv.Atoi(row[0])
		for dimension, want := range row[1:] {
			if got := newSobol(dimension).at(i); fmt.Sprint(got>>2) != want || got&3 != 0 {
				t.Errorf("point %d, dimension %d: %d, want %s", i, dimension, got>>2, want)
			}
		}
	}
}

// TestEvenness: each of the first 2^k points of a shifted Sobol sequence, and
// each point of a Latin hypercube, has a part of the axis to itself.
func TestEvenness(t *testing.T) {
	for _, method := range []string{"sobol", "lhs"} {
		for seed := range uint64(20) {
			s := &sampling{n: 64, seed: seed, method: method}
			for dimension := range sobolDimensions {
				var parts []int
				for _, u := range s.draw(fmt.Sprint("axis ", dimension), dimension) {
					parts = append(parts, int(u*64))
				}
				slices.Sort(parts)
				if parts = slices.Compact(parts); len(parts) != 64 {
					t.Errorf("%s, seed %d, dimension %d: %d parts of 64 have a point", method, seed, dimension, len(parts))
				}
			}
		}
	}
}

// points parses a study and lists its cells.
func points(t *testing.T, text string) []Cell {
	t.Helper()
	s, err := Parse("s.yaml", []byte("study: s\ndata: {set: blobs}\n"+text), nil)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return s.Cells
}

const space = "grid: {lr: {log_uniform: [0.0001, 10]}, width: {int_log_uniform: [4, 1024]}, activation: {choice: [relu, tanh]}}\n"

// TestSampleExtends: more points begin with those that were there.
func TestSampleExtends(t *testing.T) {
	for _, method := range []string{"random", "sobol"} {
		few := points(t, space+"sample: {n: 60, seed: 3, method: "+method+"}\n")
		more := points(t, space+"sample: {n: 80, seed: 3, method: "+method+"}\n")
		if len(few) != 60 || len(more) != 80 {
			t.Fatalf("%s: %d and %d cells", method, len(few), len(more))
		}
		for i, c := range few {
			if c.Label != more[i].Label || identity(&c.Config, "") != identity(&more[i].Config, "") {
				t.Fatalf("%s: point %d is %s, and %s of 80", method, i, c.Label, more[i].Label)
			}
		}
	}
}

// TestSampleIsOneSpace: the order of the axes does not matter, the seed and the
// method do.
func TestSampleIsOneSpace(t *testing.T) {
	ids := func(text string) string {
		var all []string
		for _, c := range points(t, text) {
			all = append(all, fmt.Sprintf("%x", identity(&c.Config, "")))
		}
		return strings.Join(all, " ")
	}
	const turned = "grid: {activation: {choice: [relu, tanh]}, width: {uniform: [4, 1024]}, lr: {log_uniform: [1e-4, 1_0]}}\n"
	seen := map[string]string{}
	for _, sample := range []string{"{n: 9, seed: 1}", "{n: 9, seed: 2}", "{n: 9, seed: 1, method: sobol}",
		"{n: 9, seed: 1, method: lhs}"} {
		space := strings.Replace(space, "int_log_uniform", "uniform", 1)
		a, b := ids(space+"sample: "+sample), ids(turned+"sample: "+sample)
		if a != b {
			t.Errorf("%s: another order of the axes draws other points", sample)
		}
		if other, ok := seen[a]; ok {
			t.Errorf("%s and %s draw the same points", sample, other)
		}
		seen[a] = sample
	}
}

// TestSampleCrossesGrid: plain axes are crossed with the points, and blocks of
// also inherit these.
func TestSampleCrossesGrid(t *testing.T) {
	cells := points(t, `
grid: {batch: [10, 20], lr: {uniform: [0, 1]}, loss: [ce, mse], dropout: {uniform: [0, 0.9]}}
sample: {n: 5}
also: [{grid: {batch: null, loss: null, depth: [2, 3]}}, {grid: {dropout: null, batch: [30], loss: null}}]
`)
	if len(cells) != 2*5*2+5*2+5 {
		t.Fatalf("%d cells", len(cells))
	}
	if got := []string{cells[0].Axes[0].Axis, cells[0].Axes[1].Axis, cells[0].Axes[2].Axis,
		cells[0].Axes[3].Axis}; fmt.Sprint(got) != "[batch lr loss dropout]" {
		t.Errorf("the axes of a cell are %v", got)
	}
	pairs := map[[2]float64]int{}
	for _, c := range cells[:30] {
		pairs[[2]float64{c.Config.LR, c.Config.Dropout.Hidden}]++
	}
	if len(pairs) != 5 {
		t.Errorf("%d points, want 5: %v", len(pairs), pairs)
	}
	for i, c := range cells[30:] {
		if c.Config.LR != cells[2*i].Config.LR {
			t.Errorf("without dropout lr %d is %v, want %v", i, c.Config.LR, cells[2*i].Config.LR)
		}
	}
}

// TestDistributions: moments and ends of many points, which are those of the
// distribution as far as 4 standard errors go.
func TestDistributions(t *testing.T) {
	for _, c := range []struct {
		text     string
		of       func(c *Config) float64
		mean, sd float64
		from, to float64
	}{
		{"lr: {uniform: [2, 6]}", func(c *Config) float64 { return c.LR }, 4, 4 / math.Sqrt(12), 2, 6},
		{"lr: {log_uniform: [0.001, 10]}", func(c *Config) float64 { return math.Log10(c.LR) }, -1, 4 / math.Sqrt(12), -3, 1},
		{"lr: {int_uniform: [1, 3]}", func(c *Config) float64 { return c.LR }, 2, math.Sqrt(2.0 / 3), 1, 3},
		{"width: {uniform: [1, 3]}", func(c *Config) float64 { return float64(c.Hidden[0]) }, 2, math.Sqrt(2.0 / 3), 1, 3},
		{"width: {int_uniform: [1, 3]}", func(c *Config) float64 { return float64(c.Hidden[0]) }, 2, math.Sqrt(2.0 / 3), 1, 3},
		// P(1) = ln 3 / ln 5 with half a unit at either side
		{"width: {log_uniform: [1, 2]}", func(c *Config) float64 { return float64(c.Hidden[0]) }, 2 - math.Log(3)/math.Log(5),
			0.466, 1, 2},
		{"epochs: {choice: [1, 2, 6]}", func(c *Config) float64 { return float64(c.Epochs) }, 3, math.Sqrt(14.0 / 3), 1, 6},
	} {
		n := 2500
		if os.Getenv("NIGHTSHIFT_LONG") != "" {
			n = 10_000
		}
		s, err := Parse("s.yaml", []byte(fmt.Sprintf("study: s\ndata: {set: blobs}\ngrid: {%s, l2: {uniform: [0, 1]}}\n"+
			"sample: {n: %d}\n", c.text, n)), nil)
		if err != nil {
			t.Fatal(err)
		}
		sum, least, most := 0.0, math.Inf(1), math.Inf(-1)
		for i := range s.Cells {
			v := c.of(&s.Cells[i].Config)
			sum, least, most = sum+v, min(least, v), max(most, v)
		}
		if got, se := sum/float64(len(s.Cells)), c.sd/math.Sqrt(float64(n)); math.Abs(got-c.mean) > 4*se ||
			least < c.from || most > c.to {
			t.Errorf("%s: mean %.4f from %v to %v, want %.4f within %.4f", c.text, got, least, most, c.mean, 4*se)
		}
	}
}

// TestSixDigits: values are short enough to be read.
func TestSixDigits(t *testing.T) {
	for _, c := range points(t, space+"sample: {n: 200}\n") {
		for _, v := range c.Axes {
			x, err := strconv.ParseFloat(v.Label, 64)
			if digits := strings.TrimLeft(strings.ReplaceAll(v.Label, ".", ""), "0"); err == nil &&
				(len(digits) > 6 && !strings.Contains(digits, "e") || fmt.Sprint(x) != fmt.Sprint(v.Value)) {
				t.Errorf("%s=%s is %v", v.Axis, v.Label, v.Value)
			}
		}
	}
}
