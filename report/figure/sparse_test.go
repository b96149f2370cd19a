package figure

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Of very many runs a page draws some: all that have a note or a sign, and of the others evenly as many as it has room for. A
// file has all.
func TestPagesDrawSomeOfManyRuns(t *testing.T) {
	t.Parallel()
	many := func(runs, places int) Figure {
		s := Series{Label: "many", Line: true, Band: true, Means: []Point{{X: 1, Y: 1}, {X: 2, Y: 1}}}
		for i := range runs {
			r := Repeat{Name: fmt.Sprint("run ", i)}
			for x := range places {
				r.Points = append(r.Points, XY{float64(x + 1), 1 + float64((i*7+x*x)%10)})
			}
			s.Repeats = append(s.Repeats, r)
		}
		s.Repeats[1].Note, s.Repeats[3].Ended = "the lowest", Diverged
		return Figure{Name: "many", Title: "Many", Key: "Dots: single runs.", Columns: 2,
			Panels: []Panel{{X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Series: []Series{s}}}}
	}
	dots := func(drawn string) int {
		return len(regexp.MustCompile(`<circle [^>]*fill-opacity`).FindAllString(drawn, -1))
	}
	lines := func(drawn string) int {
		return len(regexp.MustCompile(`<path [^>]*stroke-opacity`).FindAllString(drawn, -1))
	}

	for _, one := range []struct {
		runs, places, seen int
		count              func(string) int
	}{{mostDots, 1, mostDots - 1, dots}, {10 * mostDots, 1, mostDots + 1, dots}, {mostPlaces / 40, 40, mostPlaces / 40, lines},
		{mostPlaces / 10, 40, mostPlaces/40 + 2, lines}} {
		f := many(one.runs, one.places)
		page := f.Inline()[0].SVG
		if got := one.count(page); got != one.seen {
			t.Errorf("of %d runs with %d places a page draws %d, want %d", one.runs, one.places, got, one.seen)
		}
		if !strings.Contains(page, "the lowest") || !strings.Contains(page, "run 3 diverged") {
			t.Error("a run with a note, or one that diverged, is not there")
		}
		if says := strings.Contains(f.InlineKey(), "the files have all"); says != (one.runs > one.seen+1) {
			t.Errorf("of %d runs the key says %q", one.runs, f.InlineKey())
		}
		file, err := f.Draw("svg", DefaultSize())
		if err != nil {
			t.Fatal(err)
		}
		if got := one.count(string(file)); got < one.runs-1 {
			t.Errorf("of %d runs the file draws %d", one.runs, got)
		}
	}
}
