package stat

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func runsOf(seeds ...Seeds) []Run {
	runs := make([]Run, len(seeds))
	for i, s := range seeds {
		runs[i] = Run{Seeds: s, Digest: fmt.Sprint("network ", i), Value: float64(i)}
	}
	return runs
}

func grid(data, inits, orders int, of func(d, i, o uint64) Seeds) (seeds []Seeds) {
	for d := range uint64(data) {
		for i := range uint64(inits) {
			for o := range uint64(orders) {
				seeds = append(seeds, of(d, i, o))
			}
		}
	}
	return seeds
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		name  string
		seeds []Seeds
		kind  Kind
		units int
		words string
	}{
		{"seeds: 5", grid(1, 5, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, i} }), Together, 5, "init and order"},
		{"init alone", grid(1, 5, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, 0} }), Together, 5, "init"},
		{"order alone", grid(1, 1, 4, func(_, _, o uint64) Seeds { return Seeds{3, 7, o} }), Together, 4, "order"},
		{"data alone", grid(6, 1, 1, func(d, _, _ uint64) Seeds { return Seeds{d, 0, 0} }), Together, 6, "data"},
		{"all at once", grid(6, 1, 1, func(d, _, _ uint64) Seeds { return Seeds{d, d, d} }), Together, 6, "data, init and order"},
		{"nested", grid(5, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, 2*d + i, 2*d + i} }), Nested, 5,
			"data, init and order"},
		{"nested with one order", grid(5, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, 2*d + i, 0} }), Nested,
			5, "data and init"},
		{"nested, orders repeat within a set", grid(5, 3, 1, func(d, i, _ uint64) Seeds {
			return Seeds{d, 3*d + i,
				2*d + i/2}
		}), Nested, 5, "data, init and order"},
		{"crossed", grid(5, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, i, i} }), Crossed, 5, "data, init and order"},
		{"crossed, order by run", grid(5, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, i, 10*d + i} }), Crossed,
			5, "data, init and order"},
		{"data by order", grid(5, 1, 3, func(d, _, o uint64) Seeds { return Seeds{d, 0, o} }), Crossed, 5, "data and order"},
		{"init by order", grid(1, 4, 3, func(_, i, o uint64) Seeds { return Seeds{0, i, o} }), Crossed, 4, "init and order"},
		{"one run", grid(1, 1, 1, func(_, _, _ uint64) Seeds { return Seeds{} }), OneNetwork, 1, "nothing"},
		{"no run", nil, OneNetwork, 0, "nothing"},
	} {
		d := Classify(runsOf(c.seeds...))
		if d.Kind != c.kind || d.Units() != c.units || d.Words() != c.words || len(d.Copies)+len(d.LeftOut) > 0 {
			t.Errorf("%s: %s of %d units, %s varies: %+v", c.name, d.Kind, d.Units(), d.Words(), d)
		}
		if used := flat(d.Sets); len(used) != len(c.seeds) {
			t.Errorf("%s: %d of %d runs are used", c.name, len(used), len(c.seeds))
		}
	}
}

// Ten copies of one network are one run, and no repeat; copies among others are
// left out.
func TestClassifyCopies(t *testing.T) {
	runs := runsOf(grid(1, 10, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, i} })...)
	for i := range runs {
		runs[i].Digest = "the same"
	}
	d, design := Mean(runs)
	if design.Kind != OneNetwork || len(design.Copies) != 9 || d.CI.Known() || Below(100, d) != 1 || d.Mean != 0 ||
		len(design.Warnings) == 0 {
		t.Errorf("copies: %+v of %+v", d, design)
	}
	other := runsOf(grid(1, 10, 1, func(_, i, _ uint64) Seeds { return Seeds{0, i, i} })...)
	for _, pair := range [][2][]Run{{runs, other}, {other, runs}} {
		if d, design := Compare(pair[0], pair[1]); d.CI.Known() || d.N != 1 || len(design.Copies) != 9 ||
			len(design.Warnings) == 0 {
			t.Errorf("one network against ten: %+v of %+v", d, design)
		}
	}
	// No init, so training sets are all that varies.
	zero := runsOf(grid(4, 3, 1, func(d, i, _ uint64) Seeds { return Seeds{d, i, 0} })...)
	for i, r := range zero {
		zero[i].Digest = fmt.Sprint(r.Data)
	}
	if d := Classify(zero); d.Kind != Together || d.Units() != 4 || len(d.Copies) != 8 {
		t.Errorf("zero initialisation: %+v", d)
	}
	unknown := runsOf(Seeds{0, 0, 0}, Seeds{0, 1, 1})
	unknown[0].Digest, unknown[1].Digest = "", ""
	if d := Classify(unknown); d.Units() != 2 {
		t.Errorf("no digests: %+v", d)
	}
}

// Failures leave a crossed design with holes: the largest complete block counts,
// and the others are named.
func TestClassifyBlock(t *testing.T) {
	seeds := grid(5, 3, 1, func(d, i, _ uint64) Seeds { return Seeds{d, i, i} })
	seeds = slices.Delete(seeds, 4, 5) // training set 1, init 1
	d := Classify(runsOf(seeds...))
	if d.Kind != Crossed || d.Units() != 4 || !slices.Equal(d.LeftOut, []int{3, 4}) {
		t.Errorf("one hole: %+v", d)
	}
	seeds = slices.DeleteFunc(seeds, func(s Seeds) bool { return s.Init > 0 && s.Data > 0 })
	if d := Classify(runsOf(seeds...)); d.Kind != Together || d.Units() != 5 || len(d.LeftOut) != 2 {
		t.Errorf("one complete column: %+v", d)
	}
}

// No block that a search over everything finds is larger.
func TestLargestBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "columns")
		present := make([][]bool, n)
		for r := range present {
			present[r] = rapid.SliceOfN(rapid.Bool(), m, m).Draw(t, "row")
		}
		best := 0
		for rows := range 1 << n {
			for columns := range 1 << m {
				size, complete := 0, true
				for r := range n {
					for c := range m {
						if rows>>r&1 == 1 && columns>>c&1 == 1 {
							size++
							complete = complete && present[r][c]
						}
					}
				}
				if complete {
					best = max(best, size)
				}
			}
		}
		rows, columns := LargestBlock(present)
		for _, r := range rows {
			for _, c := range columns {
				if !present[r][c] {
					t.Fatalf("%v %v has a hole", rows, columns)
				}
			}
		}
		if len(rows)*len(columns) != best {
			t.Fatalf("%d by %d, but %d places can be had", len(rows), len(columns), best)
		}
	})
	// A large table: one bad row and one bad column.
	present := make([][]bool, 30)
	for r := range present {
		present[r] = make([]bool, 20)
		for c := range present[r] {
			present[r][c] = r != 7 && c != 3
		}
	}
	if rows, columns := LargestBlock(present); len(rows) != 29 || len(columns) != 19 {
		t.Errorf("%d by %d", len(rows), len(columns))
	}
	present[7], present[8] = present[6], present[6]
	present[4] = append([]bool{false}, present[6][1:]...)
	if rows, columns := LargestBlock(present); len(rows)*len(columns) != 29*19 {
		t.Errorf("%d by %d with one more hole", len(rows), len(columns))
	}
	if rows, _ := LargestBlock(nil); rows != nil {
		t.Error("a block of nothing")
	}
}

// Sixty runs on thirty training sets are thirty units: the mean over sets, with the
// interval of thirty.
func TestMeanByDesign(t *testing.T) {
	runs := runsOf(grid(30, 2, 1, func(d, i, _ uint64) Seeds { return Seeds{d, 2*d + i, 0} })...)
	var means []float64
	for i := range runs {
		runs[i].Value = math.Sin(float64(i * i))
		if i%2 == 1 {
			means = append(means, (runs[i-1].Value+runs[i].Value)/2)
		}
	}
	d, design := Mean(runs)
	want := Describe(means)
	if design.Kind != Nested || d.N != 30 || d.Method != "nested" {
		t.Errorf("%+v of %+v", d, design)
	}
	near(t, "lower end", d.CI.Lo, want.CI.Lo)
	for i := range runs {
		runs[i].Init = uint64(i % 2)
	}
	d, _ = Mean(runs)
	y := make([][]float64, 30)
	for i, r := range runs {
		y[i/2] = append(y[i/2], r.Value)
	}
	near(t, "crossed end", d.CI.Hi, CrossedMean(y).CI.Hi)
}

// Cells are paired by what they share: all seeds, some, only training sets, none.
func TestCompare(t *testing.T) {
	x := entry[goldenSample](t, "stats.json", "tci").X
	y := entry[struct{ Y []float64 }](t, "stats.json", "paired").Y
	cell := func(values []float64, seeds func(i uint64) Seeds) (runs []Run) {
		for i, v := range values {
			runs = append(runs, Run{Seeds: seeds(uint64(i)), Value: v})
		}
		return runs
	}
	seeds := func(from uint64) func(i uint64) Seeds {
		return func(i uint64) Seeds { return Seeds{0, from + i, from + i} }
	}
	all, _ := Compare(cell(x, seeds(0)), cell(y, seeds(0)))
	near(t, "paired", all.CI.Lo, Paired(x, y).CI.Lo)
	some, _ := Compare(cell(x, seeds(0)), cell(y, seeds(1)))
	if some.Method != "paired" || some.N != 4 {
		t.Errorf("four shared seeds: %+v", some)
	}
	near(t, "paired by four", some.CI.Hi, Paired(x[1:], y[:4]).CI.Hi)
	none, _ := Compare(cell(x, seeds(0)), cell(y, seeds(100)))
	near(t, "Welch", none.CI.Hi, Welch(x, y).CI.Hi)
	near(t, "Welch's p", none.P, Welch(x, y).P)
	sets, _ := Compare(cell(x, func(i uint64) Seeds { return Seeds{i, i, i} }), cell(y,
		func(i uint64) Seeds { return Seeds{i, 50 + i, i} }))
	if sets.Method != "paired" || sets.N != 5 {
		t.Errorf("shared training sets: %+v", sets)
	}
	near(t, "paired by training set", sets.P, all.P)
}
