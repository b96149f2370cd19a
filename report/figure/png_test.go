package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// A decoder that is not ours gives every pixel back, also those of a part of a larger picture.
func TestEncodedPixels(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	whole := image.NewRGBA(image.Rect(0, 0, 61, 47))
	for at := range whole.Pix {
		whole.Pix[at] = byte(random.Uint32()) | byte(at%4/3*0xFF)
	}
	for _, area := range []image.Rectangle{whole.Rect, image.Rect(7, 5, 60, 31), image.Rect(3, 3, 4, 4)} {
		picture := whole.SubImage(area).(*image.RGBA)
		file, err := encodePNG(picture)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if decoded.Bounds().Size() != area.Size() {
			t.Fatalf("%v has become %v", area, decoded.Bounds())
		}
		for y := range area.Dy() {
			for x := range area.Dx() {
				if is, want := color.RGBAModel.Convert(decoded.At(x, y)), picture.At(area.Min.X+x, area.Min.Y+y); is != want {
					t.Fatalf("%v: pixel %d, %d is %v, want %v", area, x, y, is, want)
				}
			}
		}
	}
}
