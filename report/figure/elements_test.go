package figure

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nightshift/report/stat"
)

// kinds are panels that hold one kind of element each, and what they say.
func kinds() map[string]Panel {
	axes := Panel{X: Axis{Label: "width"}, Y: Axis{Label: "error (%)"}}
	line := Series{Label: "test", Line: true, Means: []Point{{X: 1, Y: 2, Interval: stat.Interval{Lo: 1, Hi: 3}}, {X: 2, Y: 5,
		Interval: none}}}
	all := map[string]Panel{}
	with := func(name string, change func(*Panel)) {
		p := axes
		change(&p)
		all[name] = p
	}
	with("line", func(p *Panel) { p.Series = []Series{line} })
	with("band", func(p *Panel) {
		s := line
		s.Band, s.Means = true, []Point{{X: 1, Y: 2, Interval: stat.Interval{Lo: 1, Hi: 3}}, {X: 2, Y: 5,
			Interval: stat.Interval{Lo: 4, Hi: 6}}}
		p.Series = []Series{s}
	})
	with("dots", func(p *Panel) {
		p.Series = []Series{{Repeats: []Repeat{{Name: "seed 1", Points: []XY{{1, 1}}}, {Name: "seed 2", Points: []XY{{2, 3}},
			Note: "highest"}}}}
	})
	with("ranked", func(p *Panel) {
		p.Y = Axis{Categories: []string{"relu", "tanh"}}
		p.Series = []Series{{Along: true, Means: []Point{{X: 3, Y: 0, Interval: stat.Interval{Lo: 2, Hi: 4}}, {X: 5, Y: 1,
			Interval: none}}}}
		p.References = []Reference{{At: 3, Upright: true, Label: "relu"}}
	})
	with("areas", func(p *Panel) {
		below, above := line, line
		below.Area, above.Area, above.Label = true, true, "variance"
		p.Series = []Series{below, above}
	})
	with("references", func(p *Panel) {
		p.References = []Reference{{At: 1, Label: "chance"}, {At: 2, Upright: true, Label: "ln 10"}}
	})
	with("marks", func(p *Panel) {
		p.Series, p.Marks = []Series{line}, []Mark{{X: 1, Ended: Diverged, Label: "1 of 3"}, {X: 2, Ended: Pruned, Label: "2 of 3"}}
	})
	with("heat", func(p *Panel) {
		p.Colour = Axis{Label: "loss", Log: true}
		p.Cells = []Cell{{X: 1, Y: 1, Value: 0.1, Text: "0.1"}, {X: 2, Y: 1, Value: 10, Text: "10", Ended: Diverged}, {X: 1, Y: 2,
			Value: math.NaN()},
			{X: 2, Y: 2, Value: math.NaN(), Ended: Diverged}}
	})
	with("contours", func(p *Panel) {
		p.Colour, p.Contours = Axis{Label: "loss"}, []float64{1, 3}
		for i := range 9 {
			x, y := float64(i%3), float64(i/3)
			p.Cells = append(p.Cells, Cell{X: x, Y: y, Value: x*x + y})
		}
	})
	with("zeros", func(p *Panel) {
		p.Y.Log = true
		p.Series = []Series{{Line: true, Means: []Point{{X: 1, Y: 100, Interval: none}, {X: 2, Y: 0, Interval: none}}}}
	})
	with("diagram", func(p *Panel) {
		p.Diagram = &Diagram{Nodes: []Node{{0, 0, "in", 0.5}, {1, 1, "out", math.NaN()}},
			Arrows: []Arrow{{0, 1, "w", -0.25, Style{}, true}, {1, 0, "back", 2, Style{Colour: 1, Dash: 1}, false}}}
	})
	with("pictures", func(p *Panel) {
		grey, red := image.NewGray(image.Rect(0, 0, 3, 2)), image.NewNRGBA(image.Rect(5, 5, 7, 9))
		grey.SetGray(1, 1, color.Gray{200})
		red.Set(6, 6, color.NRGBA{200, 30, 30, 255})
		p.Pictures = []Picture{{grey, "a grey one"}, {red, "7 read as 1\np = 0.93"}, {nil, "none"}}
	})
	return all
}

func figureOf(p Panel) Figure {
	return Figure{Name: "one", Title: "σ² ≈ 4 ± 1 − “ä”", Alt: "A plot.", Key: "Line: mean.", Columns: 1, Panels: []Panel{p}}
}

// Every kind of element leaves its trace in every format and in the page, and the same one gives the same bytes.
func TestEveryElementInEveryFormat(t *testing.T) {
	t.Parallel()
	bare := figureOf(Panel{X: Axis{Label: "width"}, Y: Axis{Label: "error (%)"}})
	for name, p := range kinds() {
		f := figureOf(p)
		for _, format := range Formats() {
			small := func(f Figure) []byte {
				b, err := f.Draw(format, Size{Width: 300, Scale: 0.5})
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			b := small(f)
			if bytes.Equal(b, small(bare)) {
				t.Errorf("%s leaves no trace in %s", name, format)
			}
			if !bytes.Equal(b, small(figureOf(kinds()[name]))) {
				t.Errorf("%s: the second %s is another", name, format)
			}
		}
		inside := f.Inline()[0].SVG
		if !strings.Contains(inside, "<title>") && name != "references" || strings.Contains(inside, `="#`) {
			t.Errorf("%s: no words or a colour of its own inside the page: %s", name, inside)
		}
	}
}

// Cells, zeros and pictures say in the page what they are.
func TestWordsOfElements(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"heat": {"width: 1\nerror (%): 1\nloss: 0.1", "width: 2\nerror (%): 1\nloss: 10\ndiverged",
			"width: 2\nerror (%): 2\ndiverged"},
		"zeros":    {"width: 2\nerror (%): 0"},
		"areas":    {"variance\nwidth: 1\nerror (%): 2 (1 to 3)"},
		"pictures": {"7 read as 1\np = 0.93"},
		"diagram":  {"in\n0.5", "w\n-0.25"},
	} {
		said := map[string]bool{}
		for _, e := range elements(t, figureOf(kinds()[name]).Inline()[0].SVG) {
			said[e.text] = e.name == "title"
		}
		for _, words := range want {
			if !said[words] {
				t.Errorf("%s: nobody says %q among %v", name, words, said)
			}
		}
	}
}

// Points lie where the numbers of the axes say: read from the drawing, the labels give the scale, and the scale the points.
func TestPointsLieOnTheirNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := rapid.Bool().Draw(t, "log")
		to := func(v float64) float64 { return v }
		if log {
			to = math.Log
		}
		var s Series
		for range rapid.IntRange(2, 6).Draw(t, "points") {
			s.Repeats = append(s.Repeats, Repeat{Points: []XY{{rapid.Float64Range(0.5, 200).Draw(t, "x"), rapid.Float64Range(0.5,
				200).Draw(t, "y")}}})
		}
		p := Panel{X: Axis{Label: "x", Log: log}, Y: Axis{Label: "y", Log: log}, Series: []Series{s}}
		var xs, ys [][2]float64 // value and place of labels
		var dots [][2]float64
		bottom := 0.0
		all := elementsOf(figureOf(p).Inline()[0].SVG)
		for _, e := range all {
			bottom = max(bottom, attribute(e, "y"))
		}
		for _, e := range all {
			v, err := strconv.ParseFloat(e.text, 64)
			switch {
			case e.name == "circle" && e.attributes["r"] != "":
				dots = append(dots, [2]float64{attribute(e, "cx"), attribute(e, "cy")})
			case e.name != "text" || err != nil:
			case attribute(e, "y") > bottom-25 && attribute(e, "y") < bottom-5: // the numbers below the panel, above the label of its axis
				xs = append(xs, [2]float64{to(v), attribute(e, "x") + float64(tickStyle.Width(e.text))/2})
			default:
				ys = append(ys, [2]float64{to(v), attribute(e, "y") - 3.6})
			}
		}
		if len(xs) < 2 || len(ys) < 2 {
			return // a short logarithmic axis can have one number
		}
		for i, r := range s.Repeats {
			for along, labels := range [][][2]float64{xs, ys} {
				a, b := labels[0], labels[len(labels)-1]
				want := a[1] + (to([2]float64{r.Points[0].X, r.Points[0].Y}[along])-a[0])*(b[1]-a[1])/(b[0]-a[0])
				slack := 1 + math.Abs(want-a[1])/math.Abs(b[1]-a[1]) // labels are rounded, and a letter high
				if got := dots[i][along]; math.Abs(got-want) > slack {
					t.Fatalf("%v along %d is at %v, want %v by the labels %v", r.Points[0], along, got, want, labels)
				}
			}
		}
	})
}

// attribute is the number that an element has by that name.
func attribute(e element, name string) float64 {
	v, _ := strconv.ParseFloat(e.attributes[name], 64)
	return v
}

// Axes that share a label but not their kind are refused, in words that say where.
func TestMixedAxesAreRefused(t *testing.T) {
	t.Parallel()
	a, b := kinds()["line"], kinds()["line"]
	b.Title, b.Y.Log = "the second", true
	f := figureOf(a)
	f.Panels = append(f.Panels, b)
	for _, format := range Formats() {
		if _, err := f.Draw(format, DefaultSize()); err == nil || !strings.Contains(err.Error(), `panel 2 (the second)`) ||
			!strings.Contains(err.Error(), `"error (%)"`) {
			t.Errorf("%s: %v", format, err)
		}
	}
	f.Inline() // does not hang
	if _, err := figureOf(a).Draw("gif", DefaultSize()); err == nil || !strings.Contains(err.Error(), "png, svg, pdf") {
		t.Error(err)
	}
	if _, err := figureOf(a).Draw("png", Size{Width: 2800, Scale: 8}); err == nil || !strings.Contains(err.Error(),
		"million pixels") {
		t.Error(err)
	}
}

// Names of 13 and of 50 categories are all there, and neighbours do not touch.
func TestManyCategories(t *testing.T) {
	t.Parallel()
	for _, n := range []int{13, 50} {
		var names []string
		var s Series
		for i := range n {
			names = append(names, fmt.Sprintf("lr=%d, width=%d", i, 2*i))
			s.Means = append(s.Means, Point{X: float64(i), Y: float64(i), Interval: none})
		}
		p := Panel{X: Axis{Label: "x"}, Y: Axis{Categories: names}, Series: []Series{s}}
		for _, width := range []float64{241, 600} {
			f := figureOf(p)
			b, err := f.Draw("svg", Size{Width: width, Scale: 1})
			if err != nil {
				t.Fatal(err)
			}
			at := map[string]float64{}
			for _, e := range elements(t, string(b)) {
				at[e.text] = attribute(e, "y")
			}
			for i := 1; i < n; i++ {
				if gap := at[names[i-1]] - at[names[i]]; gap < 10 {
					t.Errorf("%d names at %v points: %q and %q are %v apart", n, width, names[i-1], names[i], gap)
				}
			}
		}
	}
}

// On an axis that is finer than what can be measured there are no numbers between.
func TestAxisIsNotFinerThanItsMeasure(t *testing.T) {
	t.Parallel()
	a := Axis{Label: "error (%)", Step: 0.5, Most: 100}
	s := a.span(extent{values: []float64{12.5, 12.5, 13}})
	if s.max-s.min < 4*a.Step {
		t.Errorf("one example more or less spans all of %v", s)
	}
	for _, tick := range a.ticks(s, 300, true) {
		if left := math.Abs(math.Remainder(tick.value, 0.5)); left > 1e-9 {
			t.Errorf("a number at %v", tick.value)
		}
	}
	s = a.span(extent{values: []float64{90, 100}})
	s.head = 0.2
	for _, tick := range a.ticks(s, 300, true) {
		if tick.value > 100 {
			t.Errorf("a number at %v %%", tick.value)
		}
	}
}
