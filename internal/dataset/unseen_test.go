package dataset

import (
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
