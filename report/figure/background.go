package figure

import (
	"image"
	"image/color"
	"math"
)

// mostTiles is how many cells of a panel are drawn each by itself, with words for whoever points at it. More of them are one
// image, as a page could not hold them otherwise.
const mostTiles = 1100

// Palette is which colours the values of the cells have.
type Palette int

// Palettes for amounts; for probabilities of one of two classes, from the colour of the first to that of the second, with white
// between; and for classes, which are numbered from 0.
const (
	Sequential Palette = iota
	TwoClasses
	Classes
)

// pale is the share of a class's colour in the background, so that its examples can be seen on it.
const pale = 0.42

// of gives the colour of a value at a share of the range.
func (p Palette) of(share, value float64) color.NRGBA {
	switch p {
	case TwoClasses:
		k := 0
		if share > 0.5 {
			k = 1
		}
		return whitened(colours[k], pale*math.Abs(2*share-1))
	case Classes:
		return whitened(colours[int(math.Round(value))%len(colours)], pale)
	}
	return heatColour(share)
}

// whitened is a colour of which so much is left in white.
func whitened(c color.NRGBA, left float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(math.Round(255 - left*float64(255-v))) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xFF}
}

// background draws the cells as one image of their values, between which it goes over smoothly but from class to class; nil where
// the cells are no grid.
func (g frame) background() image.Image {
	const finer = 3 // pixels along a side of a cell
	xs, ys := g.places(0), g.places(1)
	if len(xs)*len(ys) != len(g.Cells) || g.X.Log || g.Y.Log {
		return nil
	}
	value := make(map[XY]float64, len(g.Cells))
	for _, c := range g.Cells {
		value[XY{c.X, c.Y}] = c.Value
	}
	img := image.NewNRGBA(image.Rect(0, 0, finer*len(xs), finer*len(ys)))
	for row := range finer * len(ys) {
		for column := range finer * len(xs) {
			x, y := (float64(column)+0.5)/finer-0.5, (float64(row)+0.5)/finer-0.5
			if g.Palette == Classes {
				x, y = math.Round(x), math.Round(y)
			}
			img.SetNRGBA(column, finer*len(ys)-1-row, g.mixed(value, xs, ys, x, y))
		}
	}
	return img
}

// mixed is the colour between four cells, at fractional places among their columns and rows.
func (g frame) mixed(value map[XY]float64, xs, ys []float64, x, y float64) color.NRGBA {
	clamp := func(v float64, n int) float64 { return max(0, min(float64(n-1), v)) }
	x, y = clamp(x, len(xs)), clamp(y, len(ys))
	i, j := min(int(x), max(0, len(xs)-2)), min(int(y), max(0, len(ys)-2))
	share, amount := 0.0, 0.0
	for _, corner := range [][2]int{{i, j}, {i + 1, j}, {i, j + 1}, {i + 1, j + 1}} {
		if corner[0] >= len(xs) || corner[1] >= len(ys) {
			continue
		}
		weight := (1 - math.Abs(x-float64(corner[0]))) * (1 - math.Abs(y-float64(corner[1])))
		if weight == 0 {
			continue
		}
		v := value[XY{xs[corner[0]], ys[corner[1]]}]
		share, amount = share+weight*g.colour.share(v), amount+weight*v
	}
	if math.IsNaN(share) {
		return color.NRGBA{}
	}
	return g.Palette.of(share, amount)
}
