package figure

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"nightshift/report/stat"
)

// element is an element of a drawing, and for a path the places that it goes through.
type element struct {
	name       string
	attributes map[string]string
	text       string
	places     [][2]float64
}

// elements parses a drawing, which must be XML without style attributes and without numbers that are none.
func elements(t testing.TB, drawing string) []element {
	t.Helper()
	all := elementsOf(drawing)
	for i, e := range all {
		if e.name == "broken" {
			t.Fatalf("not XML: %s\n%s", e.text, drawing)
		}
		if _, styled := e.attributes["style"]; styled || strings.Contains(e.attributes["d"], "N") {
			t.Fatalf("%v", e)
		}
		if all[i].places = places(t, e.attributes["d"]); e.name == "circle" && e.attributes["r"] != "" {
			all[i].places = ends(t, e)
		}
	}
	return all
}

// elementsOf are the elements of a drawing, without their places; one that is called broken says why there are no more.
func elementsOf(drawing string) []element {
	var all []element
	for d := xml.NewDecoder(strings.NewReader(drawing)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			return append(all, element{name: "broken", text: err.Error()})
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			all = append(all, e)
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				all[len(all)-1].text = text
			}
		}
	}
}

var command = regexp.MustCompile(`[MlAZ][^MlAZ]*`)

// ends are where a circle begins, turns back and ends.
func ends(t testing.TB, circle element) [][2]float64 {
	var v [3]float64
	for i, name := range []string{"cx", "cy", "r"} {
		var err error
		if v[i], err = strconv.ParseFloat(circle.attributes[name], 64); err != nil {
			t.Fatal(err)
		}
	}
	return [][2]float64{{v[0] + v[2], v[1]}, {v[0] - v[2], v[1]}, {v[0] + v[2], v[1]}}
}

// places is where a path goes; of an arc, its ends.
func places(t testing.TB, path string) [][2]float64 {
	var all [][2]float64
	var at [2]float64
	for _, c := range command.FindAllString(path, -1) {
		var numbers []float64
		for _, word := range strings.Fields(strings.ReplaceAll(c[1:], "-", " -")) {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			numbers = append(numbers, v)
		}
		switch n := len(numbers); c[0] {
		case 'Z':
			continue
		case 'l':
			for i := 0; i < n; i += 2 {
				at = [2]float64{at[0] + numbers[i], at[1] + numbers[i+1]}
				all = append(all, at)
			}
			continue
		default:
			at = [2]float64{numbers[n-2], numbers[n-1]}
		}
		all = append(all, at)
	}
	return all
}

// What the canvas writes are the calls that any other canvas gets, to a tenth of a point.
func TestCanvasDrawsTheCalls(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		l := f.layout(vg.Length(DefaultSize().Width))
		height := float64(l.height())
		var want []element
		var calls recorder.Canvas
		l.draw(draw.NewCanvas(&calls, l.width, l.height()))
		turned, pen := false, vg.Length(0)
		for _, call := range calls.Actions {
			var path vg.Path
			switch call := call.(type) {
			case *recorder.SetLineWidth:
				pen = call.Width
			case *recorder.Rotate:
				if math.Abs(call.Angle-math.Pi/2) > 1e-9 {
					t.Fatalf("%s: turned by %v", name, call.Angle)
				}
				turned = true
			case *recorder.Pop:
				turned = false
			case *recorder.FillString:
				p := call.Point
				if turned {
					p = vg.Point{X: -p.Y, Y: p.X}
				}
				want = append(want, element{name: "text", text: call.String,
					places: [][2]float64{{float64(p.X), height - float64(p.Y)}}})
			case *recorder.Stroke:
				if path = call.Path; pen <= 0 {
					t.Fatalf("%s: a line without width", name)
				}
			case *recorder.Fill:
				path = call.Path
			}
			if path == nil {
				continue
			}
			e := element{name: "path"}
			for _, part := range path {
				if p := part.Pos; part.Type == vg.ArcComp { // full circles, which begin on the right
					y := height - float64(p.Y)
					e.places = append(e.places, [2]float64{float64(p.X - part.Radius), y}, [2]float64{float64(p.X + part.Radius), y})
				} else if part.Type != vg.CloseComp {
					e.places = append(e.places, [2]float64{float64(p.X), height - float64(p.Y)})
				}
			}
			want = append(want, e)
		}
		var got []element
		for _, e := range elements(t, string(l.svg())) {
			if e.name == "text" {
				x, _ := strconv.ParseFloat(e.attributes["x"], 64)
				y, _ := strconv.ParseFloat(e.attributes["y"], 64)
				e.places = [][2]float64{{x, y}}
			}
			if e.name == "circle" {
				e.name = "path"
			}
			if e.name == "text" || e.name == "path" {
				got = append(got, e)
			}
		}
		if len(got) != len(want) || len(want) < 5 {
			t.Fatalf("%s: %d elements, want %d", name, len(got), len(want))
		}
		for i, w := range want {
			// Places that are rounded to the one before them are left out.
			same := func(a, b [2]float64) bool { return math.Hypot(a[0]-b[0], a[1]-b[1]) < 0.15 }
			g := got[i]
			g.places, w.places = slices.CompactFunc(g.places, same), slices.CompactFunc(w.places, same)
			if g.name != w.name || g.text != strings.TrimSpace(w.text) || !slices.EqualFunc(g.places, w.places, same) {
				t.Errorf("%s, element %d: %v, want %v", name, i, g, w)
			}
		}
	}
}

// Inside a page colours are variables, every point says what it is, and the same figure gives the same bytes.
func TestInline(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		panels, again := f.Inline(), samples()[name].Inline()
		if !slices.Equal(panels, again) || len(panels) != len(f.Panels) {
			t.Errorf("%s: %d panels for %d, or other ones the second time", name, len(panels), len(f.Panels))
		}
		for i, p := range f.Panels {
			points := 0
			for _, s := range p.Series {
				points += len(s.Means)
				for _, r := range s.Repeats {
					if n := len(r.Points); n == 1 || n > 1 && (r.Ended != "" || len(s.Repeats) <= mostNamed) {
						points++
					}
				}
			}
			drawings := []string{panels[i].SVG}
			if f.Columns == 1 {
				drawings = append(drawings, panels[i].Phone)
			}
			for _, drawing := range drawings {
				if strings.Contains(drawing, `="#`) {
					t.Errorf("%s: a colour of its own: %s", name, drawing)
				}
				said := 0
				for _, e := range elements(t, drawing) {
					if e.name == "title" && e.text != "" {
						said++
					}
					size, err := strconv.ParseFloat(e.attributes["font-size"], 64)
					if e.name == "text" && (err != nil || size < 10) {
						t.Errorf("%s: %q is %s high", name, e.text, e.attributes["font-size"])
					}
				}
				if said != points {
					t.Errorf("%s, panel %d: %d titles for %d points", name, i, said, points)
				}
			}
		}
	}
}

// A label is shown as it is, whatever markup it contains, and a character that XML cannot hold does not break the drawing.
func TestLabelsAreEscaped(t *testing.T) {
	t.Parallel()
	label := `<script>alert("1")</script> & 'x' ]]>`
	f := Figure{Alt: label + "\x00", Columns: 1, Panels: []Panel{{X: Axis{Label: label}, Y: Axis{Label: "y"}, Series: []Series{
		{Label: label, Means: []Point{{X: 1, Y: 2, Interval: none}}},
	}}}}
	all := elements(t, f.Inline()[0].SVG)
	for _, e := range all {
		if e.name == "script" {
			t.Error("a label is markup")
		}
	}
	if alt := all[0].attributes["aria-label"]; alt != label+"\uFFFD" {
		t.Errorf("alt %q", alt)
	}
	for _, want := range []element{{name: "g", attributes: map[string]string{"data-series": label}}, {name: "text", text: label},
		{name: "title", text: label + "\n" + label + ": 1\ny: 2"}} {
		if !slices.ContainsFunc(all, func(e element) bool {
			return e.name == want.name && e.text == want.text && e.attributes["data-series"] == want.attributes["data-series"]
		}) {
			t.Errorf("no %v", want)
		}
	}
}

func ExampleFigure_Legend() {
	f := Figure{Panels: []Panel{{Series: []Series{{Label: "test", Line: true, Band: true, Style: Style{Colour: Vermilion},
		Means: []Point{{X: 1, Y: 2, Interval: stat.Interval{Lo: 1, Hi: 3}}}}}}}}
	fmt.Println(f.Legend()[0].SVG)
	// Output:
	// <svg viewBox="0 0 26 14" fill="none" font-family="Liberation Sans,Arial,Helvetica,sans-serif" width="26" height="14" aria-hidden="true">
	// <path fill="var(--c1)" fill-opacity="0.22" d="M0 11l26 0 0-8-26 0Z"/>
	// <path stroke="var(--c1)" stroke-width="1.8" d="M0 7l26 0"/>
	// </svg>
}
