package dataset

import (
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestUnseen: new rows are scaled as the training split, and their columns found by name or place. The training split of
// the unit scale is the whole of x1 from 0 to 10 and x2 from -2 to 2: by hand, (v - lowest) / width.
func TestUnseen(t *testing.T) {
	const named = "x1,color,x2,kind\n0,red,-2,a\n10,blue,2,b\n5,red,0,a\n5,blue,0,b\n"
	const plain = "0,-2,a\n10,2,b\n5,0,a\n5,0,b\n"
	colors := Spec{Set: "csv", Format: Format{OneHot: NewList("color")}}
	for _, c := range []struct {
		name, train, table string
		spec               Spec
		want               []float32 // of the inputs x1, blue, red, x2 or x1, x2
		refused            string
	}{
		{name: "as trained", train: named, spec: colors, table: "x1,color,x2,kind\n2,red,1,?\n", want: []float32{0.2, 0, 1, 0.75}},
		{name: "another order", train: named, spec: colors, table: "x2,x1,color\n1,2,red\n-2,20,blue\n",
			want: []float32{0.2, 0, 1, 0.75, 2, 1, 0, 0}},
		{name: "semicolons", train: named, spec: colors, table: "x2;x1;color\n1,0;2,5;red\n", want: []float32{0.25, 0, 1, 0.75}},
		{name: "unknown word", train: named, spec: colors, table: "x2,x1,color\n1,2,pink\n",
			refused: `line 2, column 3 (color): the word "pink" is not among those of the training examples: blue, red`},
		{name: "lacking", train: named, spec: colors, table: "x2,color\n1,red\n", refused: "it has no column x1"},
		{name: "unknown column", train: named, spec: colors, table: "x2,color,x1,id\n1,red,2,7\n",
			refused: "not trained with the column id"},
		{name: "renamed", train: named, spec: colors, table: "X2,Color,X1\n1,red,2\n",
			refused: "names X2, Color, X1; is it X1 for x1, Color for color, X2 for x2?"},
		{name: "an index", train: named, spec: colors, table: ",x2,color,x1\n0,1,red,2\n",
			refused: "not trained with the column 1, which has no name; leave it out"},
		{name: "the index of the training", train: ",x1,x2,kind\n0,0,-2,a\n1,10,2,b\n2,5,0,a\n3,5,0,b\n",
			spec:  Spec{Format: Format{Drop: "1"}},
			table: ",x2,x1\n0,1,2\n", want: []float32{0.2, 0.75}},
		{name: "no names", train: named, spec: colors, table: "2,red,1\n3,red,1\n",
			refused: "its first line, 2, red, 1, is no line of names"},
		{name: "no value", train: named, spec: colors, table: "x2,color,x1\n1,red,2\n1,red,NA\n",
			refused: "inputs are finite numbers; mend it, or leave the row out"},
		{name: "twice", train: named, spec: colors, table: "x1,x1,color,x2\n1,2,red,7\n", refused: `two columns are called "x1"`},
		{name: "no number", train: named, spec: colors, table: "x2,color,x1\n1,red,\n",
			refused: "line 2, column 3 (x1): the cell is empty"},
		{name: "fewer cells", train: named, spec: colors, table: "x2,color,x1\n1,red\n",
			refused: "line 1 names 3 columns, but line 2 has 2 cells"},
		{name: "places with label", train: plain, table: "2,1,a\n", want: []float32{0.2, 0.75}},
		{name: "places", train: plain, table: "2,1\n10,2\n", want: []float32{0.2, 0.75, 1, 1}},
		{name: "places below names", train: plain, table: "p,q\n2,1\n", want: []float32{0.2, 0.75}},
		{name: "too many", train: plain, table: "2,1,3,4\n", refused: "it has 4 columns, but the network was trained with 2 inputs"},
		{name: "too few", train: plain, table: "2\n3\n", refused: "one column"},
		{name: "empty", train: plain, table: "\n", refused: "empty"},
		{name: "one input", train: "0,a\n10,b\n4,a\n5,b\n", table: "2\n3\n", want: []float32{0.2, 0.3}},
		{name: "one input below its name", train: "x,y\n0,a\n10,b\n4,a\n5,b\n", table: "x\n2\n", want: []float32{0.2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name, text string) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return path
			}
			test := write("test.csv", strings.SplitAfterN(c.train, "\n", 2)[0]+lastLine(c.train))
			s := c.spec
			s.Set, s.Scale, s.Path, s.TestPath = "csv", "unit", write("train.csv", c.train), test
			if !strings.Contains(c.train, "x") { // without names the first line is an example
				s.TestPath = write("test.csv", lastLine(c.train))
			}
			x, rows, err := NewFiles(nil).Unseen(s, 0, write("new.csv", c.table))
			switch {
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("%v, want %s", err, c.refused)
			case c.refused == "" && (err != nil || !slices.Equal(x, c.want)):
				t.Errorf("%d rows %v, %v, want %v", rows, x, err, c.want)
			}
		})
	}
}

func lastLine(text string) string {
	lines := strings.SplitAfter(text, "\n")
	return lines[len(lines)-2]
}

// TestUnseenOfGenerated: rows for a network that was trained on a set of the program's own.
func TestUnseenOfGenerated(t *testing.T) {
	s, _ := Default("xor")
	s.Scale = "none"
	path := filepath.Join(t.TempDir(), "new.csv")
	if err := os.WriteFile(path, []byte("0,1\n1,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	x, rows, err := NewFiles(nil).Unseen(s, 0, path)
	if err != nil || rows != 2 || !slices.Equal(x, []float32{0, 1, 1, 1}) {
		t.Errorf("%d rows %v, %v", rows, x, err)
	}
}

// TestUnseenArraysAndImages: rows of an .npy file, an image and a folder of images, for a network that was trained on images of 2
// pixels from 0 to 255, scaled to 0 to 1; and what does not fit.
func TestUnseenArraysAndImages(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		writePNG(t, filepath.Join(dir, "im", []string{"a", "b"}[i%2], fmt.Sprint(i, ".png")), byte(i), 255)
	}
	writePNG(t, filepath.Join(dir, "new", "2.png"), 51, 255)
	writePNG(t, filepath.Join(dir, "new", "1.png"), 0, 102)
	writePNG(t, filepath.Join(dir, "large.png"), 0, 1, 2)
	colored := image.NewRGBA(image.Rect(0, 0, 2, 1))
	copy(colored.Pix, []byte{9, 0, 0, 255, 0, 0, 0, 255})
	write(t, filepath.Join(dir, "colored.png"), pngBytes(t, colored))
	write(t, filepath.Join(dir, "x.npy"), npyBytes("|u1", "(1, 1, 2)", false, []byte{0, 51}))
	write(t, filepath.Join(dir, "row.npy"), npyBytes("<f4", "(2,)", false, floats(1, 2)))
	write(t, filepath.Join(dir, "nan.npy"), npyBytes("<f4", "(1, 2)", false, floats(1, float32(math.NaN()))))
	write(t, filepath.Join(dir, "t.csv"), []byte("0,51\n255,0\n"))
	s := Spec{Set: "images", Path: filepath.Join(dir, "im"), Scale: "unit"}
	for place, want := range map[string][]float32{"new": {0, 0.4, 0.2, 1}, "new/2.png": {0.2, 1}, "x.npy": {0, 0.2},
		"t.csv": {0, 0.2, 1, 0}} {
		if x, rows, err := NewFiles(nil).Unseen(s, 0, filepath.Join(dir, place)); err != nil || rows != len(want)/2 ||
			!slices.Equal(x, want) {
			t.Errorf("%s: %d rows %v, %v, want %v", place, rows, x, err, want)
		}
	}
	for place, want := range map[string]string{
		"large.png":   "1 by 3 pixels, and the network was trained with 2 inputs",
		"colored.png": "has colours, and the network was trained with grey images",
		"row.npy":     "its shape is [2], and the network was trained with rows of 2 inputs", "nan.npy": "input 2 of row 1 is NaN",
		"im": "there are no PNG or JPEG images in it; it holds a/, b/", "nothere.png": "nothere.png",
	} {
		_, _, err := NewFiles(nil).Unseen(s, 0, filepath.Join(dir, place))
		wantError(t, err, want)
	}
}

// FuzzUnseen: whatever a table holds, it is rows of the right width or an error.
func FuzzUnseen(f *testing.F) {
	for _, table := range []string{"x1,color,x2\n1,red,2\n", "x2;x1;color\n00",
		"x2;x1;color\n1,0;2;blue\n", "\ufeffx1\tcolor\tx2\r\n1\tred\t2", "", "a"} {
		f.Add(table)
	}
	const train = "x1,color,x2,kind\n0,red,-2,a\n10,blue,2,b\n5,red,0,a\n5,blue,0,b\n"
	of, err := parseCSV([]byte(train), Spec{Format: Format{OneHot: NewList("color")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, table string) {
		ex, err := of.unseen([]byte(table), Spec{})
		if err != nil {
			return
		}
		if s, err := ex.all().scaled(fit("none", false, ex.all())); err == nil && len(s.X) != 4*ex.n {
			t.Errorf("%d numbers of %d rows", len(s.X), ex.n)
		}
	})
}
