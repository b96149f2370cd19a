package figure

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"slices"
	"strings"
	"unicode/utf16"

	"gonum.org/v1/plot/vg"
)

// document is the file: a page with its content and what that uses. It holds no date and no number that is drawn by lot.
func (c *pdf) document(width, height vg.Length, title string) ([]byte, error) {
	var resources strings.Builder
	resources.WriteString("<< /ExtGState << ")
	slices.Sort(c.alphas)
	for _, a := range c.alphas {
		fmt.Fprintf(&resources, "/A%d << /ca %s /CA %[2]s >> ", a, real(float64(a)/0xFF))
	}
	resources.WriteString(">> /XObject << ")
	const firstPicture = 6
	for i := range c.pictures {
		fmt.Fprintf(&resources, "/I%d %d 0 R ", i, firstPicture+i)
	}
	resources.WriteString(">> >>")
	content, err := stream("", c.b.Bytes())
	if err != nil {
		return nil, err
	}
	objects := [][]byte{
		[]byte("<< /Type /Catalog /Pages 2 0 R >>"),
		[]byte("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
		fmt.Appendf(nil, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s %s] /Contents 4 0 R /Resources %s >>",
			real(float64(width)), real(float64(height)), resources.String()),
		content,
		fmt.Appendf(nil, "<< /Title <%s> /Producer (Nightshift) >>", utf16Hex(title)),
	}
	for _, picture := range c.pictures {
		o, err := pictureObject(picture)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return assembled(objects), nil
}

// assembled is a file of objects with the table of their places. The first is the catalogue, the fifth says what the file is.
func assembled(objects [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n%\xE2\xE3\xCF\xD3\n")
	var places []int
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// stream is an object of compressed bytes.
func stream(entries string, content []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", entries, packed.Len(),
		packed.Bytes()), nil
}

// pictureObject is an image on white.
func pictureObject(picture image.Image) ([]byte, error) {
	box := picture.Bounds()
	var pixels []byte
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b, a := picture.At(x, y).RGBA() // premultiplied
			white := 0xFFFF - a
			pixels = append(pixels, byte((r+white)>>8), byte((g+white)>>8), byte((b+white)>>8))
		}
	}
	return stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "+
		"/Interpolate false ", box.Dx(), box.Dy()), pixels)
}

// utf16Hex is a text as PDF takes any.
func utf16Hex(text string) string {
	var b strings.Builder
	b.WriteString("FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}
