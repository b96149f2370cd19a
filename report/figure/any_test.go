package figure

import (
	"bytes"
	"image"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nightshift/report/stat"
)

// Whatever is in a figure, drawing ends, without numbers that are none.
func TestAnyFigureIsDrawn(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, -1, 5e-324, math.MaxFloat64, -math.MaxFloat64,
		math.NaN(),
		math.Inf(1), math.Inf(-1), 1e-300, 0.1}), rapid.Float64Range(-10, 10))
	text := rapid.OneOf(rapid.String(), rapid.Just(strings.Repeat("long label ", 30)), rapid.Just(strings.Repeat("x", 300)),
		rapid.Just(""))
	ended := rapid.SampledFrom([]Ended{"", Diverged, Pruned, "other"})
	axis := rapid.Custom(func(t *rapid.T) Axis {
		a := Axis{Label: text.Draw(t, "label"), Zero: rapid.Bool().Draw(t, "zero"), Most: value.Draw(t, "most"), Step: value.Draw(t,
			"step"),
			Whole: rapid.Bool().Draw(t, "whole"), Room: rapid.Float64Range(0, 1).Draw(t, "room"), Log: rapid.Bool().Draw(t, "log"),
			Ticks: rapid.SliceOfN(value, 0, 20).Draw(t, "ticks")}
		if rapid.IntRange(0, 3).Draw(t, "names") == 0 {
			a.Categories = rapid.SliceOfN(text, 0, 60).Draw(t, "categories")
		}
		return a
	})
	style := rapid.Custom(func(t *rapid.T) Style {
		return Style{rapid.IntRange(-1, 9).Draw(t, "colour"), rapid.IntRange(-1, 9).Draw(t, "dash"), rapid.IntRange(-1, 9).Draw(t,
			"marker")}
	})
	series := rapid.Custom(func(t *rapid.T) Series {
		s := Series{Label: text.Draw(t, "series"), Style: style.Draw(t, "style"), Line: rapid.Bool().Draw(t, "line"),
			Band:  rapid.Bool().Draw(t, "band"),
			Along: rapid.Bool().Draw(t, "along"), Area: rapid.Bool().Draw(t, "area")}
		for range rapid.IntRange(0, 5).Draw(t, "means") {
			s.Means = append(s.Means, Point{X: value.Draw(t, "x"), Y: value.Draw(t, "y"),
				Interval: stat.Interval{Lo: value.Draw(t, "lo"), Hi: value.Draw(t, "hi")}, Median: rapid.Bool().Draw(t, "median")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "repeats") {
			r := Repeat{Name: "seed", Note: text.Draw(t, "note"), Ended: ended.Draw(t, "ended")}
			for range rapid.IntRange(0, 4).Draw(t, "points") {
				r.Points = append(r.Points, XY{value.Draw(t, "px"), value.Draw(t, "py")})
			}
			s.Repeats = append(s.Repeats, r)
		}
		return s
	})
	panel := rapid.Custom(func(t *rapid.T) Panel {
		p := Panel{Title: text.Draw(t, "title"), X: axis.Draw(t, "X"), Y: axis.Draw(t, "Y"), Colour: axis.Draw(t, "Colour"),
			Series: rapid.SliceOfN(series, 0, 3).Draw(t, "all"), Contours: rapid.SliceOfN(value, 0, 3).Draw(t, "contours")}
		for range rapid.IntRange(0, 4).Draw(t, "marks") {
			p.Marks = append(p.Marks, Mark{X: value.Draw(t, "at"), Ended: ended.Draw(t, "mark"), Label: text.Draw(t, "words"),
				Style: style.Draw(t, "style")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "references") {
			p.References = append(p.References, Reference{At: value.Draw(t, "at"), Upright: rapid.Bool().Draw(t, "upright"),
				Label: text.Draw(t, "reference"), Curve: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) XY {
					return XY{value.Draw(t, "x"), value.Draw(t, "y")}
				}), 0, 3).Draw(t, "curve")})
			if r := &p.References[len(p.References)-1]; len(r.Curve) == 0 {
				r.Curve = nil
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "rows") * rapid.IntRange(0, 4).Draw(t, "cells") {
			p.Cells = append(p.Cells, Cell{X: value.Draw(t, "cx"), Y: value.Draw(t, "cy"), Value: value.Draw(t, "value"),
				Ended: ended.Draw(t, "ended"),
				Text:  text.Draw(t, "text"), Note: text.Draw(t, "note")})
		}
		for range rapid.IntRange(-3, 2).Draw(t, "pictures") {
			p.Pictures = append(p.Pictures, Picture{image.NewGray(image.Rect(0, 0, rapid.IntRange(0, 3).Draw(t, "w"), 2)), text.Draw(t,
				"caption")})
		}
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		f := Figure{Name: "any", Title: text.Draw(t, "heading"), Key: text.Draw(t, "key"), Columns: rapid.IntRange(0, 3).Draw(t,
			"columns"),
			Panels: rapid.SliceOfN(panel, 0, 4).Draw(t, "panels")}
		started := time.Now()
		size := Size{Width: rapid.SampledFrom([]float64{142, 241, 600, 2800}).Draw(t, "width"), Scale: 0.25}
		l := f.layout(vgLength(size.Width))
		if h := float64(l.height()); !(h > 0 && h < 1e5) {
			t.Fatalf("a height of %v", h)
		}
		vectors, page := l.svg(), f.Inline()
		switch rapid.IntRange(0, 9).Draw(t, "format") {
		case 0:
			if _, err := l.png(size.Scale); err != nil {
				t.Fatal(err)
			}
		case 1, 2, 3:
			paper, err := l.pdf()
			if err != nil {
				t.Fatal(err)
			}
			if content := pageContent(t, paper); bytes.Contains(content, []byte("NaN")) || bytes.Contains(content, []byte("Inf")) {
				t.Fatal("a number of the PDF is none")
			}
		}
		for _, drawing := range append([]InlinePanel{{SVG: string(vectors)}}, page...) {
			for _, e := range elementsOf(drawing.SVG) {
				for name, v := range e.attributes {
					if name != "data-series" && name != "aria-label" && (strings.Contains(v, "NaN") || strings.Contains(v, "Inf")) {
						t.Fatalf("%s=%q", name, v)
					}
				}
			}
		}
		if took := time.Since(started); took > time.Minute {
			t.Fatalf("%v", took)
		}
	})
}
