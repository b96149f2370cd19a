package figure

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"gonum.org/v1/plot/vg"
)

func vgLength(points float64) vg.Length { return vg.Length(points) }

var contents = regexp.MustCompile(`(?s)4 0 obj\n<< /Filter /FlateDecode /Length (\d+) >>\nstream\n`)

// pageContent unpacks what the page of a PDF draws.
func pageContent(t interface{ Fatal(...any) }, file []byte) []byte {
	at := contents.FindSubmatchIndex(file)
	if at == nil {
		t.Fatal("the PDF has no content")
	}
	n, err := strconv.Atoi(string(file[at[2]:at[3]]))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// The table of a PDF points at its objects, its operators come in pairs, and nothing in it tells when or where it was made.
func TestPDFIsWellFormed(t *testing.T) {
	t.Parallel()
	for name, p := range kinds() {
		file := drawn(t, figureOf(p), "pdf")
		var table int
		if _, err := fmt.Sscanf(string(file[bytes.LastIndex(file, []byte("startxref")):]), "startxref\n%d", &table); err != nil {
			t.Fatal(err)
		}
		rows := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllSubmatch(file[table:], -1)
		if !bytes.HasPrefix(file[table:], []byte("xref\n0 ")) || len(rows) < 5 {
			t.Fatalf("%s: no table of objects", name)
		}
		for i, row := range rows {
			at, _ := strconv.Atoi(string(row[1]))
			if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(file[at:], []byte(want)) {
				t.Errorf("%s: object %d is not at %d", name, i+1, at)
			}
		}
		content := pageContent(t, file)
		saved := bytes.Count(content, []byte("q\n"))
		if restored := bytes.Count(content, []byte("Q\n")); saved != restored {
			t.Errorf("%s: saved %d times, restored %d times", name, saved, restored)
		}
		for _, word := range []string{"CreationDate", "ModDate", "/ID", "/Font"} {
			if bytes.Contains(file, []byte(word)) {
				t.Errorf("%s: the PDF has a %s", name, word)
			}
		}
	}
}

// A rendered PDF looks like the PNG, whose letters and shapes are drawn by another library: −, ±, σ² and “ä” among them.
func TestPDFLooksLikePNG(t *testing.T) {
	t.Parallel()
	render, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not here; the structure of PDF files is tested without it")
	}
	for name, p := range kinds() {
		f, dir := figureOf(p), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f.pdf"), drawn(t, f, "pdf"), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(render, "-r", strconv.Itoa(dpi/2), "-png", "-singlefile", filepath.Join(dir, "f.pdf"),
			filepath.Join(dir, "f")).CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		small, err := f.Draw("png", Size{Width: 600, Scale: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		rendered, err := os.ReadFile(filepath.Join(dir, "f.png"))
		if err != nil {
			t.Fatal(err)
		}
		a, b := pixels(t, rendered), pixels(t, small)
		if math.Abs(float64(len(a)-len(b))) > 1 || math.Abs(float64(len(a[0])-len(b[0]))) > 1 {
			t.Fatalf("%s: %d x %d and %d x %d pixels", name, len(a[0]), len(a), len(b[0]), len(b))
		}
		// Blocks of 8 x 8 pixels do not depend on how edges are smoothed.
		inked := 0
		for y := 0; y+8 < min(len(a), len(b)); y += 8 {
			for x := 0; x+8 < min(len(a[0]), len(b[0])); x += 8 {
				p, q := block(a, x, y), block(b, x, y)
				if math.Abs(p-q) > 0.22 {
					t.Errorf("%s: at %d, %d the PDF is %.2f dark and the PNG %.2f", name, x, y, p, q)
				}
				if q > 0.1 {
					inked++
				}
			}
		}
		if inked < 50 {
			t.Errorf("%s: %d blocks are dark", name, inked)
		}
	}
}

// pixels is how dark each is, from 0 to 1.
func pixels(t *testing.T, file []byte) [][]float64 {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds().Size()
	all := make([][]float64, size.Y)
	for y := range all {
		all[y] = make([]float64, size.X)
		for x := range all[y] {
			r, g, b, _ := picture.At(x, y).RGBA()
			all[y][x] = 1 - float64(r+g+b)/3/0xFFFF
		}
	}
	return all
}

func block(p [][]float64, x, y int) float64 {
	sum := 0.0
	for _, row := range p[y : y+8] {
		for _, v := range row[x : x+8] {
			sum += v / 64
		}
	}
	return sum
}
