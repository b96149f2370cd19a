package figure

import (
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// Every place of a line lies on what is left of it, whose places are some of its own, with both ends.
func TestThinned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var line vg.Path
		for i, y := range rapid.SliceOfN(rapid.Float64Range(-2, 2), 2, 60).Draw(t, "y") {
			if i == 0 {
				line.Move(vg.Point{Y: vg.Length(y)})
			} else {
				line.Line(vg.Point{X: vg.Length(i), Y: vg.Length(y)})
			}
		}
		thin := thinned(line)
		if thin[0].Type != vg.MoveComp || thin[0].Pos != line[0].Pos || thin[len(thin)-1].Pos != line[len(line)-1].Pos {
			t.Fatalf("%v from %v", thin, line)
		}
		next := 0
		for _, part := range line {
			if next < len(thin)-1 && part.Pos == thin[next].Pos {
				next++
			}
			if off := distance(part.Pos, thin[max(next-1, 0)].Pos, thin[next].Pos); off > unseen+1e-9 {
				t.Fatalf("%v is %v off %v", part.Pos, off, thin)
			}
		}
		if next != len(thin)-1 {
			t.Fatalf("%v has other places than %v", thin, line)
		}
	})
	var straight vg.Path
	straight.Move(vg.Point{})
	for i := range 50 {
		straight.Line(vg.Point{X: vg.Length(i + 1), Y: 2 * vg.Length(i+1)})
	}
	if thin := thinned(straight); len(thin) != 2 || thin[1].Pos != straight[50].Pos {
		t.Errorf("a straight line becomes %v", thin)
	}
	closed := append(straight[:40:40], vg.PathComp{Type: vg.CloseComp})
	if thin := thinned(closed); len(thin) != len(closed) {
		t.Errorf("an outline loses places: %v", thin)
	}
}
