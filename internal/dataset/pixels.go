package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

const (
	maxSide        = 4096    // of an image that is made smaller or larger
	maxPixels      = 1 << 26 // of an image file, before it is decoded
	channels       = 3
	maxImagesBytes = 1 << 32 // of all pixels together
)

// picture is a decoded image: red, green and blue of each pixel [rows, columns, 3].
type picture struct {
	rows, columns int
	rgb           []byte
	deepest       uint16 // largest value of a channel of 16 bits, where 8 are not enough; else 0
}

// decode reads a PNG or JPEG file of any colour model. What is transparent is
// white. size, if it is not 0, is what its sides become.
func decode(content []byte, size int) (picture, error) {
	if len(content) == 0 {
		return picture{}, errors.New("the file is empty")
	}
	config, err := png.DecodeConfig(bytes.NewReader(content))
	read := png.Decode
	if bytes.HasPrefix(content, []byte(beginsJPEG)) {
		config, err = jpeg.DecodeConfig(bytes.NewReader(content))
		read = jpeg.Decode
	}
	if err != nil {
		if what := wrongKind(content); what != nil && !isImage(content) {
			return picture{}, what
		}
		return picture{}, fmt.Errorf("it is no PNG or JPEG image, or a damaged one: %w", err)
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return picture{}, fmt.Errorf("it has %d by %d pixels, and the limit is %d in all", config.Height, config.Width, maxPixels)
	}
	img, err := read(bytes.NewReader(content))
	if err != nil {
		return picture{}, fmt.Errorf("the image is damaged: %w", err)
	}
	p := flatten(img)
	p.deepest = deepest(img)
	if size > 0 {
		p = p.resized(size, size)
	}
	return p, nil
}

// beginsJPEG is how files of JPEG begin.
const beginsJPEG = "\xff\xd8\xff"

func isImage(content []byte) bool {
	return bytes.HasPrefix(content, []byte("\x89PNG")) || bytes.HasPrefix(content, []byte(beginsJPEG))
}

// deepest is the largest value of a channel of an image with 16 bits of which 8 are not enough; 0 of any other.
func deepest(img image.Image) (most uint16) {
	var pix []byte
	switch img := img.(type) {
	case *image.Gray16:
		pix = img.Pix
	case *image.RGBA64:
		pix = img.Pix
	case *image.NRGBA64:
		pix = img.Pix
	}
	lost := false
	for i := 0; i+1 < len(pix); i += 2 {
		high, low := pix[i], pix[i+1]
		lost = lost || low != 0 && low != high
		most = max(most, uint16(high)<<8|uint16(low))
	}
	if !lost {
		return 0
	}
	return most
}

// flatten reads the pixels of an image, laid over white.
func flatten(img image.Image) picture {
	b := img.Bounds()
	p := picture{rows: b.Dy(), columns: b.Dx(), rgb: make([]byte, 0, channels*b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if gray, ok := img.(*image.Gray); ok {
				v := gray.GrayAt(x, y).Y
				p.rgb = append(p.rgb, v, v, v)
				continue
			}
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			over := func(v uint8) byte { return byte((int(v)*int(c.A) + 255*(255-int(c.A)) + 127) / 255) }
			p.rgb = append(p.rgb, over(c.R), over(c.G), over(c.B))
		}
	}
	return p
}

// resized is an image of other sides. A pixel is the mean of the area that it
// covers, in whole numbers, so that it is the same on every machine.
func (p picture) resized(rows, columns int) picture {
	if rows == p.rows && columns == p.columns {
		return p
	}
	q := picture{rows: rows, columns: columns, rgb: make([]byte, channels*rows*columns), deepest: p.deepest}
	for y := range rows {
		for x := range columns {
			sums, area := [channels]int{}, 0
			// In units in which both images have p.rows*rows by p.columns*columns.
			for sy := y * p.rows / rows; sy*rows < (y+1)*p.rows; sy++ {
				height := min((y+1)*p.rows, (sy+1)*rows) - max(y*p.rows, sy*rows)
				for sx := x * p.columns / columns; sx*columns < (x+1)*p.columns; sx++ {
					width := min((x+1)*p.columns, (sx+1)*columns) - max(x*p.columns, sx*columns)
					area += height * width
					for c := range sums {
						sums[c] += height * width * int(p.rgb[channels*(sy*p.columns+sx)+c])
					}
				}
			}
			for c, sum := range sums {
				q.rgb[channels*(y*columns+x)+c] = byte((sum + area/2) / area)
			}
		}
	}
	return q
}

// gray says whether red, green and blue of every pixel are equal.
func (p picture) gray() bool {
	for i := 0; i < len(p.rgb); i += channels {
		if p.rgb[i] != p.rgb[i+1] || p.rgb[i] != p.rgb[i+2] {
			return false
		}
	}
	return true
}

// single is one channel of an image.
func (p picture) single() []byte {
	values := make([]byte, p.rows*p.columns)
	for i := range values {
		values[i] = p.rgb[channels*i]
	}
	return values
}
