package dataset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func pngBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grey is an image of one row.
func grey(pixels ...byte) *image.Gray {
	return &image.Gray{Pix: pixels, Stride: len(pixels), Rect: image.Rect(0, 0, len(pixels), 1)}
}

func writePNG(t *testing.T, path string, pixels ...byte) {
	t.Helper()
	write(t, path, pngBytes(t, grey(pixels...)))
}

func TestImagesInFoldersOfClasses(t *testing.T) {
	dir := t.TempDir()
	for i, class := range []string{"10", "9", "9", "10", "9"} { // in the order of the numbers
		writePNG(t, filepath.Join(dir, class, fmt.Sprint("a", i, ".png")), byte(i), 100)
	}
	write(t, filepath.Join(dir, "9", "notes.txt"), []byte("x"))
	write(t, filepath.Join(dir, "9", ".DS_Store"), []byte("x"))
	d := mustLoad(t, Spec{Set: "images", Path: dir, Scale: "none", Train: 1, Test: 4}, 0, nil)
	if d.In != 2 || strings.Join(d.Classes, " ") != "9 10" || d.Train.N+d.Test.N != 5 {
		t.Errorf("%d inputs, classes %q, %d + %d examples", d.In, d.Classes, d.Train.N, d.Test.N)
	}
	for _, s := range []Split{d.Train, d.Test} {
		for i, label := range s.Labels {
			if nines := []float32{1, 2, 4}; slices.Contains(nines, s.X[2*i]) != (label == 0) || s.X[2*i+1] != 100 {
				t.Errorf("image %v is of class %d", s.X[2*i:2*i+2], label)
			}
		}
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], filepath.Join("9", "notes.txt")) {
		t.Errorf("warnings %q", d.Warnings)
	}
}

func TestImagesOfATableOfLabels(t *testing.T) {
	dir := t.TempDir()
	table := func(name string, n int) {
		text := "Class Label,File Name\n"
		for i := range n {
			text += fmt.Sprintf("%d,%d.png\n", i%2, i)
			writePNG(t, filepath.Join(dir, name, fmt.Sprint(i, ".png")), byte(i), byte(n))
		}
		write(t, filepath.Join(dir, name+".csv"), []byte(text))
	}
	table("training", 8)
	table("testing", 4)
	s := Spec{Set: "images", Path: dir, Scale: "none", Format: Format{Labels: "training.csv", TestPath: "testing.csv"}}
	d := mustLoad(t, s, 0, nil)
	if d.Train.N != 8 || d.Test.N != 4 || !slices.Equal(d.Test.X, []float32{0, 4, 1, 4, 2, 4, 3, 4}) ||
		!slices.Equal(d.Test.Labels, []int32{0, 1, 0, 1}) {
		t.Errorf("%+v", d)
	}
	folders := mustLoad(t, Spec{Set: "images", Path: filepath.Join(dir, "training"), Test: 2, Scale: "none",
		Format: Format{Labels: filepath.Join(dir, "training.csv")}}, 0, nil)
	if folders.Train.N != 6 {
		t.Errorf("%d images in the folder itself", folders.Train.N)
	}
	write(t, filepath.Join(dir, "training.csv"), []byte("Class Label,File Name\n0,0.png\n1,17.png\n"))
	_, err := NewFiles(nil).Load(s, 0)
	wantError(t, err, "there is no 17.png")
}

// By hand: what is transparent is white, sizes are means of areas.
func TestPicturesByHand(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	clear.SetNRGBA(0, 0, color.NRGBA{255, 0, 0, 255})
	clear.SetNRGBA(1, 0, color.NRGBA{0, 0, 0, 0})
	palette := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.RGBA{1, 2, 3, 255}})
	deep := image.NewGray16(image.Rect(0, 0, 1, 1))
	deep.SetGray16(0, 0, color.Gray16{0x7fff})
	for _, c := range []struct {
		name string
		img  image.Image
		size int
		want []byte
	}{
		{"grey", grey(1, 2), 0, []byte{1, 1, 1, 2, 2, 2}},
		{"transparent", clear, 0, []byte{255, 0, 0, 255, 255, 255}},
		{"palette", palette, 0, []byte{1, 2, 3}},
		{"16 bits", deep, 0, []byte{127, 127, 127}},
		{"smaller", grey(10, 20, 60), 1, []byte{30, 30, 30}},
		{"larger", grey(7), 2, slices.Repeat([]byte{7}, 12)},
		{"by halves", grey(0, 30, 60), 2, []byte{10, 10, 10, 50, 50, 50, 10, 10, 10, 50, 50, 50}},
	} {
		p, err := decode(pngBytes(t, c.img), c.size)
		if err != nil || !slices.Equal(p.rgb, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, p.rgb, err, c.want)
		}
	}
}

func TestImagesAreGreyOrColoured(t *testing.T) {
	dir := t.TempDir()
	red := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range red.Pix {
		red.Pix[i] = []byte{200, 0, 0, 255}[i%4]
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, red, nil); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "red", "1.JPG"), b.Bytes())
	write(t, filepath.Join(dir, "black", "1.png"), pngBytes(t, image.NewGray(red.Rect)))
	s := Spec{Set: "images", Path: dir, Test: 1, Scale: "none"}
	d := mustLoad(t, s, 0, nil)
	if d.In != 8*8*3 {
		t.Errorf("%d inputs", d.In)
	}
	writePNG(t, filepath.Join(dir, "black", "2.png"), 1, 2)
	_, err := NewFiles(nil).Load(s, 0)
	wantError(t, err, "has 1 by 2 pixels, but", "say size: 8 to bring all to one size")
	s.Size = 4
	if d := mustLoad(t, s, 0, nil); d.In != 4*4*3 {
		t.Errorf("%d inputs of size 4", d.In)
	}
}

func TestImagesRefuses(t *testing.T) {
	good := pngBytes(t, grey(1, 2))
	for _, c := range []struct {
		name, path string
		content    []byte
		want       string
	}{
		{"damaged", "a/2.png", good[:len(good)-20], "2.png: the image is damaged"},
		{"something else", "a/2.png", []byte("version https://git-lfs.github.com/spec/v1\noid"), "pointer of Git LFS"},
		{"web page", "a/2.png", []byte("<!DOCTYPE html><html>"), "HTML page"},
		{"one class", "a/2.png", good, "every image is of class a"},
		{"no images", "a/1.png/x", good, "there are no PNG or JPEG images"},
		{"huge", "a/2.png", hugePNG(), "pixels, and the limit is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.name != "no images" {
				write(t, filepath.Join(dir, "a/1.png"), good)
			} else {
				c.path = "a/readme.txt"
			}
			write(t, filepath.Join(dir, c.path), c.content)
			_, err := NewFiles(nil).Load(Spec{Set: "images", Path: dir, Scale: "unit"}, 0)
			wantError(t, err, c.want)
		})
	}
}

// hugePNG is the beginning of a PNG file of 30,000 by 30,000 pixels.
func hugePNG() []byte {
	header := []byte("IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x00\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\r"), header...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header))
}

// No file makes the decoder panic.
func FuzzImage(f *testing.F) {
	f.Add(pngBytes(f, grey(1, 2)), 0)
	f.Add(pngBytes(f, image.NewNRGBA(image.Rect(0, 0, 3, 2))), 2)
	f.Add(hugePNG(), 1)
	f.Fuzz(func(t *testing.T, content []byte, size int) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(content)); err == nil && config.Width*config.Height > 1<<16 {
			return // only slow
		}
		size = max(0, min(size, 40))
		p, err := decode(content, size)
		if err == nil && (len(p.rgb) != 3*p.rows*p.columns || size > 0 && p.rows != size) {
			t.Errorf("%d by %d with %d bytes", p.rows, p.columns, len(p.rgb))
		}
	})
}
