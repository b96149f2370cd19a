package dataset

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		name, text, label string
		in                int
		classes           string
		labels            []int32
		first             []float64 // inputs of the first example
	}{
		{"header", "x1,x2,class\n1,2,b\n3,4,a\n", "", 2, "a b", []int32{1, 0}, []float64{1, 2}},
		{"no header", "1,2,b\n3,4,a\n", "", 2, "a b", []int32{1, 0}, []float64{1, 2}},
		{"label by name", "class,x1,x2\n1,1,2\n0,3,4\n", "class", 2, "0 1", []int32{1, 0}, []float64{1, 2}},
		{"label by number", "1,b,2\n3,a,4\n", "2", 2, "a b", []int32{1, 0}, []float64{1, 2}},
		{"numbers in order", "1,10\n1,9\n1,-1\n", "", 1, "-1 9 10", []int32{2, 1, 0}, []float64{1}},
		{"one number in two spellings", "1,1.0\n1,1\n1,2\n", "", 1, "1 2", []int32{0, 0, 1}, []float64{1}},
		{"header of numbers and a word", "0,1,label\n5,6,3\n7,8,4\n", "", 2, "3 4", []int32{0, 1}, []float64{5, 6}},
		{"header of a word and a year", "x,2001,k\n5,6,3\n7,8,4\n", "k", 2, "3 4", []int32{0, 1}, []float64{5, 6}},
		{"scikit-learn's", "2,2,dog,cat\n5,6,1\n7,8,0\n", "", 2, "dog cat", []int32{1, 0}, []float64{5, 6}},
		{"scikit-learn's, another label", "2,2,dog,cat\n5,6,1\n7,8,0\n", "1", 2, "5 7", []int32{0, 1}, []float64{6, 1}},
		{"quotes, spaces, blank lines, BOM", "\ufeff\"x\", kind\n\n 1 ,\"b, or c\"\n2,a\n", "kind", 1, "a|b, or c", []int32{1, 0},
			[]float64{1}},
		{"carriage returns", "x,y\r\n1,a\r\n2,b\r\n", "", 1, "a b", []int32{0, 1}, []float64{1}},
	} {
		corpus, err := readTable(c.text, Spec{Label: List(c.label)})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		sep := " "
		if strings.Contains(c.classes, "|") {
			sep = "|"
		}
		x := make([]float64, corpus.train.in)
		corpus.train.row(0, x)
		if corpus.train.in != c.in || strings.Join(corpus.classes, sep) != c.classes ||
			!slices.Equal(corpus.train.labels, c.labels) || !slices.Equal(x, c.first) {
			t.Errorf("%s: %d inputs, classes %q, labels %v, first %v", c.name, corpus.train.in, corpus.classes, corpus.train.labels, x)
		}
	}
}

// readTable reads the text of a table.
func readTable(text string, r Spec) (*corpus, error) {
	t, err := parseCSV([]byte(text), r)
	if err != nil {
		return nil, err
	}
	return t.corpus()
}

func TestCSVRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, label, want string }{
		{"empty", "", "", "the table is empty"},
		{"header only", "a,b\n", "", "a header and no rows"},
		{"one column", "1\n2\n", "", "line 1 has one column: cells are separated by commas"},
		{"another separator", "a^b\n1^2\n", "", `if '^' separates them, say sep: "^"`},
		{"text among numbers", "x,y,k\n1,2,a\n1,two,b\n", "", `line 3, column 2 (y): the cell holds "two"`},
		{"after a blank line", "x,y,k\n\n1,2,a\n1,two,b\n", "", `line 4, column 2 (y)`},
		{"empty cell", "1,2,a\n1,,b\n", "", "line 2, column 2: the cell is empty, but inputs are finite numbers"},
		{"NaN", "1,2,a\n1,NaN,b\n", "", `line 2, column 2: the cell holds "NaN"`},
		{"infinity", "1,2,a\n1,-Inf,b\n", "", `line 2, column 2: the cell holds "-Inf"`},
		{"too large", "1,2,a\n1,1e39,b\n", "", `line 2, column 2: the cell holds "1e39"`},
		{"ragged", "1,2,a\n1,b\n", "", "line 2 has 2 cells, but line 1 has 3"},
		{"ragged, label missing", "1,2,a\n1,2\n", "3", "line 2 has 2 cells, but line 1 has 3"},
		{"half a header", "x,2,k\n1,2,a\n", "", "line 1 is neither a header nor an example: 1 of its cells are numbers and 1 are not"},
		{"no such column", "x,y,k\n1,2,a\n", "kind", `no column is called "kind": the first line is x, y, k`},
		{"no such number", "x,y,k\n1,2,a\n", "4", "there is no column 4: the table has 3"},
		{"number 0", "x,y,k\n1,2,a\n", "0", "there is no column 0"},
		{"two of that name", "k,y,k\n1,2,a\n", "k", `more than one column is called "k"`},
		{"one class", "1,a\n2,a\n", "", `every label in column 2 is "a"`},
		{"missing label", "1,a\n2,\n", "", "line 2, column 2: the label is missing"},
		{"a measurement for a label", "1,0.5\n2,0.25\n", "", "line 1, column 2: label 0.5 is not a class"},
		{"quote", "1,\"a\n2,b\n", "", "line"},
		{"scikit-learn's, cut short", "3,2,dog,cat\n5,6,1\n7,8,0\n", "", "line 1 says 3 rows, but 2 follow"},
		{"scikit-learn's, other labels", "2,2,dog,cat\n5,6,1\n7,8,2\n", "", "the first line names 2 classes, but the labels are 1, 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "t.csv"), []byte(c.text))
			s := Spec{Set: "csv", Path: "t.csv", Label: List(c.label), Scale: "standard"}
			_, err := NewFiles([]string{dir}).Load(s, 0)
			wantError(t, err, filepath.Join(dir, "t.csv")+": ", c.want)
			_, err = fingerprint(s, []string{dir})
			wantError(t, err, c.want)
		})
	}
}

func TestCSVFingerprintKnowsTheColumnByEitherName(t *testing.T) {
	dir := t.TempDir()
	text := []byte("x,k,l\n1,0,1\n2,1,0\n3,1,0\n4,0,1\n5,0,1\n")
	write(t, filepath.Join(dir, "t.csv"), text)
	write(t, filepath.Join(dir, "t.csv.gz"), gzipped(t, text))
	fingerprint := func(path, label string) string {
		f, err := fingerprint(Spec{Set: "csv", Path: path, Label: List(label), Scale: "none"}, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if a, b, c := fingerprint("t.csv", ""), fingerprint("t.csv", "l"), fingerprint("t.csv.gz", "3"); a != b || a != c {
		t.Errorf("%q, %q and %q name one column", a, b, c)
	}
	if a, b := fingerprint("t.csv", "k"), fingerprint("t.csv", "l"); a == b {
		t.Errorf("two label columns share %q", a)
	}
}

func TestScalingThatOverflowsIsRefused(t *testing.T) {
	dir := t.TempDir()
	text := ""
	for i := range 20 {
		text += []string{"1e-37,a\n", "0,b\n"}[i%2]
	}
	write(t, filepath.Join(dir, "t.csv"), []byte(text+"1e30,a\n1e30,b\n1e30,a\n1e30,b\n1e30,b\n"))
	var failed bool
	for seed := range uint64(200) { // which examples are trained on is up to the seed
		_, err := NewFiles([]string{dir}).Load(Spec{Set: "csv", Path: "t.csv", Train: 4, Valid: 16, Scale: "unit"}, seed)
		if err != nil {
			failed = true
			wantError(t, err, "input 1", "hardly differ")
		}
	}
	if !failed {
		t.Error("no seed met the large values outside the training split")
	}
}

// No text makes the parser panic, and what it accepts is sound.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "x,y\n1,a\n2,b\n", "2,2,dog,cat\n5,6,1\n7,8,0\n", "1,2\n3\n", "\"", "k\n", "1,1e400\n",
		",\n,\n", "\x1f\x8b", "a|b|k,\n1|yes|x\n2|no|y\n", "sep=;\n1,5;a\n2;b\n", "x y k\n1 0.5 2 a\n2 1 3 b\n", "1,2,,\n3,4,,\n",
		"400.5,401,401.5,k\n1,2,3,a\n4,5,6,b\n", "\xff\xfea\x00", "# c\na,k\n1,x\n2,y\n\x1a"} {
		f.Add(seed, "")
		f.Add(seed, "1")
		f.Add(seed, "k")
	}
	f.Fuzz(func(t *testing.T, text, label string) {
		r, err := uncompressed(strings.NewReader(text))
		if err != nil {
			return
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return
		}
		c, err := readTable(string(b), Spec{Label: List(label)})
		if err != nil {
			return
		}
		if len(c.classes) < 2 || c.train.n != len(c.train.labels) || c.train.in < 1 {
			t.Errorf("%d classes, %d examples with %d labels, %d inputs", len(c.classes), c.train.n, len(c.train.labels), c.train.in)
		}
		for _, l := range c.train.labels {
			if l < 0 || int(l) >= len(c.classes) {
				t.Errorf("label %d of %d classes", l, len(c.classes))
			}
		}
	})
}
