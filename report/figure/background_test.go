package figure

import (
	"bytes"
	"image/color"
	"math"
	"strings"
	"testing"
)

// Undecided is white, and the ends are the colours of the classes, paler than their dots.
func TestPaletteOfTwoClasses(t *testing.T) {
	if got := TwoClasses.of(0.5, 0.5); got != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("undecided is %v", got)
	}
	for k, share := range []float64{0, 1} {
		if got, want := TwoClasses.of(share, share), Classes.of(0, float64(k)); got != want || contrast(got, colours[k]) < 2 {
			t.Errorf("class %d is %v, want %v that its dots are seen upon", k, got, want)
		}
	}
}

// Many cells are one image, few are drawn each by itself.
func TestManyCellsAreAnImage(t *testing.T) {
	of := func(side int) Figure {
		p := Panel{X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Colour: Axis{Label: "loss"}}
		for i := range side * side {
			p.Cells = append(p.Cells, Cell{X: float64(i % side), Y: float64(i / side), Value: math.Abs(float64(i%side - side/2))})
		}
		return Figure{Name: "f", Title: "t", Columns: 1, Panels: []Panel{p}}
	}
	for side, want := range map[int]int{5: 0, 40: 1} {
		drawn, err := of(side).Draw("svg", DefaultSize())
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(drawn, []byte("<image")); got != want {
			t.Errorf("%d cells are %d images, want %d", side*side, got, want)
		}
		if want == 1 && (len(drawn) > 60_000 || strings.Contains(string(drawn), "NaN")) {
			t.Errorf("%d cells take %d bytes", side*side, len(drawn))
		}
	}
}
