package figure

import (
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// outlines are the shapes of letters that were looked up already, in units of their font.
type outlines map[glyph]outline

type glyph struct {
	font *sfnt.Font
	at   sfnt.GlyphIndex
}

type outline struct {
	segments sfnt.Segments
	advance  fixed.Int26_6
}

// of gives the outlines of a line of text.
func (o outlines) of(f font.Face, at vg.Point, text string) []vg.Path {
	var all []vg.Path
	var buffer sfnt.Buffer
	em := fixed.Int26_6(f.Face.UnitsPerEm())
	scale := f.Font.Size / vg.Length(em)
	before := sfnt.GlyphIndex(0)
	for i, r := range text {
		index, err := f.Face.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if kern, err := f.Face.Kern(&buffer, before, index, em, 0); err == nil {
				at.X += vg.Length(kern) * scale
			}
		}
		before = index
		shape, known := o[glyph{f.Face, index}]
		if !known {
			segments, err := f.Face.LoadGlyph(&buffer, index, em, nil)
			if err != nil {
				continue
			}
			shape.segments = slices.Clone(segments)
			if shape.advance, err = f.Face.GlyphAdvance(&buffer, index, em, 0); err != nil {
				continue
			}
			o[glyph{f.Face, index}] = shape
		}
		all = append(all, shape.placed(at, scale))
		at.X += vg.Length(shape.advance) * scale
	}
	return all
}

// placed is the outline on the page; fonts count y downwards.
func (o outline) placed(at vg.Point, scale vg.Length) vg.Path {
	place := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	var path vg.Path
	for _, s := range o.segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	return path
}
