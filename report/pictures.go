package report

import (
	"image"
	"image/color"
	"math"

	"nightshift/internal/dataset"
)

// pictureOf draws an example whose inputs are the pixels of a square image, grey or of
// three colours one after the other in every pixel; nil for any other. The darkest and the
// brightest input of the data are black and white.
func pictureOf(d *dataset.Data, x []float32, lo, hi float32) image.Image {
	side, channels := squareOf(d)
	if side == 0 || hi <= lo {
		return nil
	}
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	at := func(i int) uint8 { return uint8(math.Round(255 * min(1, max(0, float64((x[i]-lo)/(hi-lo)))))) }
	for i := range side * side {
		c := color.NRGBA{A: 255}
		c.R, c.G, c.B = at(i*channels), at(i*channels+channels/2), at(i*channels+channels-1)
		img.SetNRGBA(i%side, i/side, c)
	}
	return img
}

// squareOf is the side of the square images that the inputs are, and how many numbers a
// pixel has; 0 where they are none.
func squareOf(d *dataset.Data) (side, channels int) {
	if !d.Pixels {
		return 0, 0
	}
	for _, channels := range []int{1, 3} {
		side := int(math.Round(math.Sqrt(float64(d.In) / float64(channels))))
		if side*side*channels == d.In {
			return side, channels
		}
	}
	return 0, 0
}

// brightness is the range of the inputs of a split, by its first examples.
func brightness(of *dataset.Split) (lo, hi float32) {
	const enough = 200
	lo, hi = of.Inputs(0)[0], of.Inputs(0)[0]
	for i := range min(enough, of.N) {
		for _, v := range of.Inputs(i) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}
