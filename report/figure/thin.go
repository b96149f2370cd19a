package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// unseen is how far a line may be from where it belongs, in points.
const unseen = vg.Length(0.2)

// thinned leaves out the places of a path of lines without which it is unseen from where it was (Douglas and Peucker). Other
// paths stay as they are.
func thinned(p vg.Path) vg.Path {
	for i, part := range p {
		if (i == 0) != (part.Type == vg.MoveComp) || i > 0 && part.Type != vg.LineComp {
			return p
		}
	}
	if len(p) < 4 {
		return p
	}
	return append(p[:1:1], between(p)...)
}

// between is what is left of a line after its first place.
func between(line vg.Path) vg.Path {
	last := len(line) - 1
	from, to := line[0].Pos, line[last].Pos
	furthest, most := 0, unseen
	for i := 1; i < last; i++ {
		if d := distance(line[i].Pos, from, to); d > most {
			furthest, most = i, d
		}
	}
	if furthest == 0 {
		return vg.Path{line[last]}
	}
	return append(between(line[:furthest+1]), between(line[furthest:])...)
}

// distance is that of a point from the line between two others.
func distance(p, from, to vg.Point) vg.Length {
	along, to0 := to.Sub(from), p.Sub(from)
	share := 0.0
	if length := along.Dot(along); length > 0 {
		share = min(max(float64(to0.Dot(along)/length), 0), 1)
	}
	off := to0.Sub(along.Scale(vg.Length(share)))
	return vg.Length(math.Hypot(float64(off.X), float64(off.Y)))
}
