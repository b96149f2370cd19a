package figure

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"nightshift/report/stat"
)

// back is what a reader of the data knows of one value of a figure.
func back(kind, series, run, place string, value float64, in stat.Interval) string {
	return fmt.Sprintf("%s of %q, run %q, at %s: %s, %s to %s", kind, series, run, place, Exact(value), Exact(in.Lo), Exact(in.Hi))
}

// TestCSVGivesTheFigureBack: the values of each panel, and no others, are found in its rows by the names of its axes.
func TestCSVGivesTheFigureBack(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		rows, err := csv.NewReader(bytes.NewReader(f.CSV())).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, p := range f.Panels {
			var want []string
			for _, s := range p.Series {
				place := func(x, y float64) (string, float64) {
					if s.Along {
						return p.Y.value(y), x
					}
					return p.X.value(x), y
				}
				for _, m := range s.Means {
					at, v := place(m.X, m.Y)
					kind := map[bool]string{true: "median", false: "mean"}[m.Median]
					want = append(want, back(kind, s.Label, "", at, v, m.Interval))
				}
				for _, r := range s.Repeats {
					for _, q := range r.Points {
						at, v := place(q.X, q.Y)
						kind := "run"
						if r.Ended != "" {
							kind = string(r.Ended) + " run"
						}
						want = append(want, back(kind, s.Label, r.Name, at, v, none))
					}
				}
			}
			got := readPanel(t, rows, p)
			for _, one := range want {
				if at := slices.Index(got, one); at < 0 {
					t.Errorf("%s, panel %q: the data have no %s", name, p.Title, one)
				}
			}
			if len(f.Panels) == 1 && len(got) != len(want) {
				t.Errorf("%s: the data have %d values, the figure %d", name, len(got), len(want))
			}
		}
	}
}

// readPanel finds the values of a panel in the rows of a file.
func readPanel(t *testing.T, rows [][]string, p Panel) (values []string) {
	t.Helper()
	number := func(text string) float64 {
		if text == "" {
			return math.NaN()
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		kind := row[column("kind")]
		if row[column("panel")] != p.Title || kind == "diverged" || kind == "pruned" {
			continue
		}
		place := ""
		for _, a := range []Axis{p.X, p.Y} {
			if at := column(a.column()); at >= 0 && row[at] != "" {
				place = row[at]
			}
		}
		values = append(values, back(kind, row[column("series")], row[column("run")], place, number(row[column("value")]),
			stat.Interval{Lo: number(row[column("lo")]), Hi: number(row[column("hi")])}))
	}
	return values
}

func ExampleFigure_CSV() {
	lr := func(label string) Origin {
		return Origin{Places: []Place{{"lr", label}, {"pair", "=softmax"}}, Measure: "error", Split: "test"}
	}
	f := Figure{Panels: []Panel{{
		Title: "width=50", X: Axis{Label: "learning rate", Column: "lr", Log: true}, Y: Axis{Label: "error (%)"},
		Series: []Series{{
			Label:   "+softmax",
			Means:   []Point{{X: 0.1, Y: 2.5, Interval: stat.Interval{Lo: -2, Hi: 3}, N: 2, Unit: "2 runs", Origin: lr("0.1")}},
			Repeats: []Repeat{{Name: "seed 0", Points: []XY{{0.1, 2.25}}, Origin: lr("0.1")}},
		}},
		Marks: []Mark{{X: 90, Ended: Diverged, Label: "1/2"}},
	}}}
	fmt.Printf("%s", f.CSV())
	// Output:
	// panel,series,lr,pair,measure,split,layer,kind,run,value,lo,hi,n,unit
	// width=50,'+softmax,0.1,'=softmax,error,test,,mean,,2.5,-2,3,2,2 runs
	// width=50,'+softmax,0.1,'=softmax,error,test,,run,seed 0,2.25,,,,
	// width=50,,90,,,,,diverged,1/2,,,,,
}
