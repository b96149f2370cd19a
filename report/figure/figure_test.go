package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"nightshift/report/stat"
)

var none = stat.Interval{Lo: math.NaN(), Hi: math.NaN()}

// samples are hand-made figures, which between them use everything that a figure can hold.
func samples() map[string]Figure {
	band := Series{
		Label: "softmax+ce, test", Style: Style{Colour: Vermilion, Dash: 1}, Line: true, Band: true,
		Means: []Point{{X: 0, Y: 90, Interval: stat.Interval{Lo: 85, Hi: 95}},
			{X: 1, Y: 20, Interval: stat.Interval{Lo: -40, Hi: 80}}, {X: 2, Y: 1, Interval: none}},
		Repeats: []Repeat{
			{Name: "seed 0", Points: []XY{{0, 91}, {1, 22}, {2, 1}}},
			{Name: "seed 1", Points: []XY{{0, 89}, {1, 120}}, Ended: Diverged},
			{Name: "seed 2", Points: []XY{{0, 90}}, Ended: Pruned},
			{Name: "seed 3"},
		},
	}
	marks := []Mark{
		{X: 1, Ended: Diverged, Label: "1 of 4 diverged", Style: Style{Colour: Vermilion}},
		{X: 0, Ended: Pruned, Label: "1 of 4 pruned", Style: Style{Colour: Blue}},
		{X: 1, Ended: Pruned, Label: "3 of 4 pruned"},
	}
	lines := Panel{Title: "width=50", X: Axis{Label: "epoch", Whole: true}, Y: Axis{Label: "error (%)", Zero: true, Most: 100},
		Series: []Series{band}, Marks: marks}
	logs := lines
	logs.Title, logs.Marks, logs.Y = "a title of "+strings.Repeat("many words ", 30), nil, Axis{Label: "loss", Log: true}
	strip := Panel{
		X: Axis{Label: "final training loss", Log: true, Room: 0.25}, Y: Axis{Categories: []string{"lr=0.1", "lr=1"}},
		Series: []Series{
			{Along: true, Repeats: []Repeat{
				{Name: "seed 0", Points: []XY{{0.01, 1.1}}, Note: "0", LabelLeft: true},
				{Name: "seed 1", Points: []XY{{0.5, 0.9}}, Note: "highest"},
			}},
			{Along: true, Style: Style{Colour: Vermilion, Marker: 1},
				Means: []Point{{X: 0.2, Y: 1, Interval: stat.Interval{Lo: 0.01, Hi: 0.5}},
					{X: 0.3, Y: 0, Interval: none, Median: true}}},
		},
	}
	grid := Panel{
		X: Axis{Label: "learning rate", Log: true, Ticks: []float64{0.01, 0.1, 1, 1.01}},
		Y: Axis{Label: "test error (%)"},
		Series: []Series{{Label: "always", Line: true, Style: Style{Colour: Black, Dash: 2, Marker: -1},
			Means: []Point{{X: 0.01, Y: 50, Interval: none}, {X: 1.01, Y: 50, Interval: none}}}},
	}
	words := Figure{Title: "What is seen " + strings.Repeat("and more of it ", 9), Statement: "A number.", Alt: "A plot.",
		Key: "Line: mean. " + strings.Repeat("Dots: runs. ", 20)}
	figures := map[string]Figure{}
	for name, panels := range map[string][]Panel{
		"one-panel": {lines}, "five-panels": {lines, logs, lines, logs, lines}, "rows": {strip, strip}, "grid": {grid},
		"empty": {{X: Axis{Label: "epoch"}, Y: Axis{Label: "loss"}},
			{X: Axis{Label: "rate", Log: true}, Y: Axis{Label: "error", Log: true}}},
		"point": {{X: Axis{Label: "epoch"}, Y: Axis{Label: "loss"}, Series: []Series{{Means: []Point{{X: 3, Y: 0, Interval: none}}}}}},
	} {
		f := words
		f.Name, f.Panels, f.Columns = name, panels, Columns(len(panels))
		figures[name] = f
	}
	return figures
}

// Every figure is an opaque image of one width in which something is drawn.
func TestPNG(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := f.Draw("png", DefaultSize())
			if err != nil {
				t.Fatal(err)
			}
			decoded, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			size := decoded.Bounds().Size()
			if size.X != 1600 || size.Y < 400 || size.Y > 2400 {
				t.Errorf("image of %v", size)
			}
			picture := image.NewRGBA(decoded.Bounds())
			draw.Draw(picture, picture.Rect, decoded, image.Point{}, draw.Src)
			inked := 0
			for p := picture.Pix; len(p) > 0; p = p[4:] {
				if p[3] != 0xFF {
					t.Fatal("the image is transparent")
				} else if min(p[0], p[1], p[2]) < 0xF0 {
					inked++
				}
			}
			if share := float64(inked) / float64(size.X*size.Y); share < 0.01 || share > 0.4 {
				t.Errorf("%.1f %% of the image is not white", 100*share)
			}
		})
	}
}

// The vectors are XML that says in sans-serif letters what the figure says, and
// the same figure gives the same bytes.
func TestSVG(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		vectors, again := drawn(t, f, "svg"), drawn(t, samples()[name], "svg")
		if !bytes.Equal(vectors, again) {
			t.Errorf("%s: the same data give different drawings", name)
		}
		if !bytes.Contains(vectors, []byte("Liberation Sans,Arial")) || bytes.Contains(vectors, []byte("Serif")) {
			t.Errorf("%s: the letters are not sans-serif everywhere", name)
		}
		var text strings.Builder
		for d := xml.NewDecoder(bytes.NewReader(vectors)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: the SVG is not XML: %v", name, err)
			}
			if letters, ok := token.(xml.CharData); ok {
				text.WriteString(" " + string(letters))
			}
		}
		said := strings.Join(strings.Fields(text.String()), " ")
		want := []string{strings.TrimSpace(f.Title), strings.TrimSpace(f.Key)}
		for _, p := range f.Panels {
			want = append(append(want, strings.TrimSpace(p.Title), p.X.Label, p.Y.Label), p.Y.Categories...)
			for _, s := range p.Series {
				want = append(want, s.Label)
				for _, r := range s.Repeats {
					want = append(want, r.Note)
				}
			}
			for _, m := range p.Marks {
				want = append(want, m.Label)
			}
		}
		for _, words := range want {
			if !strings.Contains(said, words) {
				t.Errorf("%s does not say %q", name, words)
			}
		}
	}
}

// drawn is a figure in a format, of the usual size.
func drawn(t testing.TB, f Figure, format string) []byte {
	t.Helper()
	b, err := f.Draw(format, DefaultSize())
	if err != nil {
		t.Fatal(err)
	}
	return b
}
