package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	ximage "golang.org/x/image/draw"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Size is the size of a drawing. Letters and lines have the same size on paper whatever the width.
type Size struct {
	Width float64 // in points, 1/72 inch
	Scale float64 // of the pixels of a PNG: at 1, 192 to an inch
}

// DefaultSize is a width of 600 points, which are 1600 pixels.
func DefaultSize() Size { return Size{Width: 600, Scale: 1} }

const dpi = 192

// Formats lists the formats that Draw writes, in the order in which a report writes them.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// Draw returns the figure as a file of a format. The same figure gives the same bytes. The error is that of Check, of an
// unknown format, or of a size that is too large.
func (f Figure) Draw(format string, s Size) ([]byte, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	l := f.layout(vg.Length(s.Width))
	switch format {
	case "png":
		return l.png(s.Scale)
	case "svg":
		return l.svg(), nil
	case "pdf":
		return l.pdf()
	}
	return nil, fmt.Errorf("figure %s: no format %q; there are %s", f.Name, format, strings.Join(Formats(), ", "))
}

// mostPixels is how many an image has at most: 400 MB while it is drawn.
const mostPixels = 100e6

func (l layout) png(scale float64) ([]byte, error) {
	perInch := int(math.Round(dpi * scale))
	if n := l.width.Dots(float64(perInch)) * l.height().Dots(float64(perInch)); !(n <= mostPixels) {
		return nil, fmt.Errorf("figure %s: %.0f million pixels are too many for a PNG, at most %.0f million can be drawn: "+
			"take a smaller scale or width, or another format", l.Name, n/1e6, mostPixels/1e6)
	}
	c := raster{vgimg.NewWith(vgimg.UseWH(l.width, l.height()), vgimg.UseDPI(perInch), vgimg.UseBackgroundColor(color.White))}
	l.draw(draw.NewCanvas(c, l.width, l.height()))
	file, err := encodePNG(c.Image().(*image.RGBA)) // which is what a Canvas that makes its own image draws on
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", l.Name, err)
	}
	return file, nil
}

// raster is a canvas of pixels on which those of an image stay squares.
type raster struct{ *vgimg.Canvas }

// DrawImage puts an image where no canvas is turned.
func (c raster) DrawImage(at vg.Rectangle, picture image.Image) {
	height := c.Image().Bounds().Dy()
	pixel := func(l vg.Length) int { return int(math.Round(l.Dots(c.DPI()))) }
	place := image.Rect(pixel(at.Min.X), height-pixel(at.Max.Y), pixel(at.Max.X), height-pixel(at.Min.Y))
	ximage.NearestNeighbor.Scale(c.Image(), place, picture, picture.Bounds(), ximage.Over, nil)
}

// svg draws the figure as vectors. Its letters have the widths of Arial and Helvetica, so one of the three is found everywhere.
func (l layout) svg() []byte {
	c := newSVG(l.width, l.height(), false, fmt.Sprintf(` xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt"`,
		tenths(l.width), tenths(l.height())))
	l.draw(draw.NewCanvas(c, l.width, l.height()))
	return c.bytes()
}

// units are lengths in points.
var units = []struct {
	name   string
	points float64
}{{"mm", 72 / 25.4}, {"cm", 72 / 2.54}, {"in", 72}, {"pt", 1}}

// ParseWidth reads a width such as 85mm, 8.5cm, 3.3in or 240pt, and gives it in points.
func ParseWidth(text string) (float64, error) {
	for _, u := range units {
		number, is := strings.CutSuffix(strings.TrimSpace(text), u.name)
		if !is {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if mm := v * u.points / units[0].points; err == nil && !(mm >= 49.999 && mm <= 1000.001) {
			return 0, fmt.Errorf("width %s: figures are 50mm to 1000mm wide", text)
		}
		if err == nil {
			return v * u.points, nil
		}
	}
	return 0, fmt.Errorf("width %q is not a length: write 85mm, 8.5cm, 3.3in or 240pt", text)
}
