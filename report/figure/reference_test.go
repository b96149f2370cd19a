package figure

import (
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The label of a lying line goes where no dot is: to the other end where dots are at the first place, back where they are
// everywhere.
func TestLabelsAvoidDots(t *testing.T) {
	t.Parallel()
	dot := func(x, y float64) Repeat { return Repeat{Points: []XY{{x, y}}} }
	ends := Series{Repeats: []Repeat{dot(0, 0), dot(10, 10)}}
	place := func(dots ...Repeat) vg.Point {
		p := Panel{Series: []Series{ends, {Repeats: dots}}, References: []Reference{{At: 5, Label: "chance"}}}
		g := Figure{Panels: []Panel{p}}.arrange(300, 1, false).frames[0]
		c := draw.NewCanvas(newSVG(300, 300, true, ""), 300, 300)
		return g.drawReferences(c)[0].at.Sub(g.at(5, 5))
	}
	if at := place(); at.X < 0 || at.Y < 0 {
		t.Errorf("without dots it stands at %v from the middle of its line", at)
	}
	if at := place(dot(9.5, 5.3)); at.X > 0 || at.Y < 0 {
		t.Errorf("with a dot on the right it stands at %v", at)
	}
	if at := place(dot(9.5, 5.3), dot(0.5, 5.3)); at.X < 0 || at.Y > 0 {
		t.Errorf("with dots above both ends it stands at %v", at)
	}
	top := Panel{Series: []Series{ends}, References: []Reference{{At: 10.2, Label: "chance"}}}
	g := Figure{Panels: []Panel{top}}.arrange(300, 1, false).frames[0]
	if l := g.drawReferences(draw.NewCanvas(newSVG(300, 300, true, ""), 300, 300))[0]; l.at.Y > g.atY(10.2) {
		t.Errorf("at the top it stands at %v, on its line at %v", l.at.Y, g.atY(10.2))
	}
	if at := place(dot(9.5, 5.3), dot(0.5, 5.3), dot(9.5, 4.7), dot(0.5, 4.7)); at.X < 0 || at.Y < 0 {
		t.Errorf("with dots everywhere it stands at %v", at)
	}
}
