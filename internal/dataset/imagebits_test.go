package dataset

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"path/filepath"
	"strings"
	"testing"
)

// grey16 is an image of 16 bits with these pixels in a row.
func grey16(values ...uint16) image.Image {
	img := image.NewGray16(image.Rect(0, 0, len(values), 1))
	for x, v := range values {
		img.SetGray16(x, 0, color.Gray16{Y: v})
	}
	return img
}

// What 8 bits of a channel cannot hold is said, and so are images that do not differ.
func TestImagesOf16Bits(t *testing.T) {
	for _, c := range []struct {
		name    string
		pixels  func(i int) image.Image
		warning string // part of it; "" for none
	}{
		{"8 bits, written as 16", func(i int) image.Image { return grey16(uint16(i)*257, 0) }, ""},
		{"the upper 8 bits", func(i int) image.Image { return grey16(uint16(i)<<8, 0) }, ""},
		{"values of a sensor", func(i int) image.Image { return grey16(uint16(i)*300+7, 4095) },
			"of 12 images with 16 bits a channel the upper 8 are taken; the largest value is 4095 of 65535"},
		{"values below 256", func(i int) image.Image { return grey16(uint16(i), 200) }, "all images are the same"},
		{"nothing", func(int) image.Image { return grey(7, 7) }, "all images are the same"},
	} {
		dir := t.TempDir()
		for i := range 12 {
			write(t, filepath.Join(dir, []string{"a", "b"}[i%2], fmt.Sprint(i, ".png")), pngBytes(t, c.pixels(i)))
		}
		d := mustLoad(t, Spec{Set: "images", Path: dir, Scale: "none"}, 0, nil)
		if all := strings.Join(d.Warnings, "; "); !strings.Contains(all, c.warning) || c.warning == "" && all != "" {
			t.Errorf("%s: warnings %q", c.name, all)
		}
	}
}

// Images are PNG or JPEG, whatever other formats a part of the program can decode.
func TestImagesOfOtherFormatsByTheNamesOfOurs(t *testing.T) {
	var b bytes.Buffer
	if err := gif.Encode(&b, grey(1, 2), nil); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i := range 4 {
		write(t, filepath.Join(dir, []string{"a", "b"}[i%2], fmt.Sprint(i, ".jpg")), b.Bytes())
	}
	_, err := NewFiles(nil).Load(Spec{Set: "images", Path: dir, Scale: "none"}, 0)
	wantError(t, err, "a/0.jpg: it is a GIF image, and images are PNG or JPEG: convert it")
}
