package dataset

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// body are rows of two inputs and a label, their cells between seps, the first
// of them written by a function.
func body(sep string, first func(i int) string) string {
	var b strings.Builder
	for i := range 24 {
		fmt.Fprintf(&b, "%s%s%d.5%s%s\n", first(i), sep, i*7%5, sep, []string{"a", "b"}[i%2])
	}
	return b.String()
}

func plainRows(sep string) string {
	return body(sep, func(i int) string { return fmt.Sprintf("%d.25", i*5%7) })
}

// What programs and people write above, below and between the rows of a table
// is read as what it is, with a warning where something is left out.
func TestTablesWithMoreThanRows(t *testing.T) {
	for name, c := range map[string]struct{ text, columns, warning string }{
		"comments": {"# made by a program\n\n# version 2, a, b\n" + "x,y,kind\n" + plainRows(","), "x y",
			"2 lines that begin with #"},
		"comment like a row":   {"# a, b, c\nx,y,kind\n" + plainRows(","), "x y", "a line that begins with # is left out"},
		"percent":              {"% Iris\nx;y;kind\n" + plainRows(";"), "x y", "a line that begins with %"},
		"savetxt":              {"# x,y,kind\n" + plainRows(","), "x y", ""},
		"savetxt with blanks":  {"# x y kind\n" + plainRows(" "), "x y", ""},
		"a column called #":    {"#,z,kind\n" + plainRows(","), "# z", ""},
		"cells that begin so":  {"#x,z,kind\n#" + strings.ReplaceAll(plainRows(","), "\n", "\n#"), "", ""},
		"separators at ends":   {"x,y,kind\n" + strings.Replace(plainRows(","), "a\n", "a,,\n", 3), "x y", ""},
		"Windows and a mark":   {"\ufeff" + strings.ReplaceAll("x,y,kind\n"+plainRows(","), "\n", "\r\n"), "x y", ""},
		"pipes and their name": {"x|y|kind\n" + plainRows("|"), "x y", ""},
	} {
		s := Spec{}
		if strings.HasPrefix(name, "pipes") {
			s.Sep = "pipe"
		}
		got, err := readTable(c.text, s)
		if c.columns == "" {
			wantError(t, err, `the cell holds "#`)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		warnings := strings.Join(got.warnings, "; ")
		if strings.Join(got.columns, " ") != c.columns || got.train.n != 24 || !strings.Contains(warnings, c.warning) ||
			c.warning == "" && warnings != "" {
			t.Errorf("%s: %d rows of %q, warnings %q", name, got.train.n, got.columns, warnings)
		}
	}
}

// Tables whose cells, lines or characters are unusual are read, or what is said says what to do.
func TestUnusualTables(t *testing.T) {
	x := "x,y,kind\n" + plainRows(",")
	first := func(cell string) string { return "x,y,kind\n" + body(",", func(int) string { return cell }) }
	for want, text := range map[string]string{
		"comment below the header: take it out":              strings.Replace(x, "\n", "\n# x\n", 1),
		"looks like the header: take out the title above it": "Measured in May;;\n;;\nx;y;kind\n" + plainRows(";"),
		"whole lines are in quotes: take these quotes away": "\"" + strings.ReplaceAll(strings.TrimSpace(x), "\n",
			"\"\n\"") + "\"\n",
		"write each number of it in a column of its own":         first(`"[0.5 0.25]"`),
		"write a date or time as numbers":                        first("01-Jan-2020"),
		"days since the first, or leave":                         first(`"January 5, 2020"`),
		"write the number plainly, as 1234.5":                    first("EUR 0.5"),
		"separate cells by semicolons, and decimal commas":       first(`"0,5"`),
		`"1.000,5", but inputs are finite numbers; write`:        "x\ty\tkind\n" + body("\t", func(int) string { return "1.000,5" }),
		"leave it out with drop: [uuid] if it is an id, or make": strings.Replace(first("6f9619ff-8b86"), "x,y", "uuid,z", 1),
	} {
		_, err := readTable(text, Spec{})
		wantError(t, err, want)
	}
	_, err := readTable("x,price\n"+strings.Repeat("1.5,\"1,000\"\n", 24), Spec{Format: Format{Task: "regression"}})
	wantError(t, err, "targets of a regression are finite numbers; write the number plainly")
	for text, warning := range map[string]string{
		"\ufeff\ufeff" + x: "(U+FEFF) are left out", strings.ReplaceAll(x, "\n", "\n\u200b"): "(U+200B) are left out",
		strings.ReplaceAll(x, ",a\n", ",a,\n"):                     "", // a separator at the ends of some lines is no row name
		strings.ReplaceAll(x, ",a\n", ",\x84a\x94\n"):              "is read as Latin-1 (Windows-1252)",
		strings.ReplaceAll(x, "x,y", "PAR1,ORC"):                   "",
		strings.NewReplacer(",", ";", "x,y", "<X>;<Y>").Replace(x): "",
		strings.ReplaceAll(x, ",a\n", ",\"a\na\"\n"):               "",
	} {
		c, err := readTable(text, Spec{})
		if err != nil {
			t.Errorf("%.30q: %v", text, err)
			continue
		}
		if all := strings.Join(c.warnings, "; "); c.train.in != 2 || c.train.n != 24 || !strings.Contains(all, warning) ||
			warning == "" && all != "" {
			t.Errorf("%.30q: %d rows of %q, warnings %q", text, c.train.n, c.columns, all)
		}
		if strings.Contains(warning, "1252") && c.classes[1] != "\u201ea\u201d" {
			t.Errorf("classes %q", c.classes)
		}
	}
}

// A comment keeps its line, so that errors name the lines of the file.
func TestLinesBehindComments(t *testing.T) {
	_, err := readTable("# one\n# two\nx,y,kind\n1,2,a\n1,word,b\n", Spec{})
	wantError(t, err, "line 5, column 2 (y)", "those above it are")
}

// What is wrong with a table is said with what can be done about it.
func TestRemedies(t *testing.T) {
	words := func(word string) string {
		return "x,y,kind\n" + body(",", func(i int) string { return word })
	}
	for want, text := range map[string]string{
		"if line 1 is a title or a comment, take it out":                                     "Results of 2024\n\nx,y,kind\n" + plainRows(","),
		"line 2 (cm, kg, -) has words where line 3 has numbers":                              "x,y,kind\ncm,kg,-\n" + plainRows(","),
		"; if it is a comment or a note, take it out":                                        "x,y,kind\n" + plainRows(",") + "24 rows\n",
		"those above it are; mend it or leave the row out":                                   "x,y,kind\n" + plainRows(",") + "Total,,a\n",
		`"−3.5", but inputs are finite numbers; write its minus as a hyphen, -3.5, or leave`: words("−3.5"),
		`"1'000", but inputs are finite numbers; write the number plainly`:                   words("1'000"),
		`"$5", but inputs are finite numbers; write the number plainly`:                      words("$5"),
		`"12 %", but inputs are finite numbers; write the number plainly`:                    words("12 %"),
		`"1,234", but inputs are finite numbers; write it with a decimal`:                    words(`"1,234"`),
		`"-", but inputs are finite numbers; fill it`:                                        words("-"),
		"one_hot: [x], or leave it out with drop: [x]; if it is what to pre":                 words("red"),
		"is it label: kind?":                     "kind,x,y\n" + strings.Repeat("1,2.5,3.5\n2,3.5,4.5\n", 12),
		"line 3, character 4: a quote inside":    "x,y,kind\n1,2,a\n1,2\"3,a\n",
		"line 2: a cell in quotes does not end":  "x,y,kind\n1,\"2,a\n1,2,a\n",
		"it is a table of Markdown":              "| x | kind |\n|---|:--|\n| 1 | a |\n",
		"it is a table of LIBSVM":                "+1 1:0.5 3:2\n-1 2:1\n",
		"it is a file of MATLAB":                 "MATLAB 5.0 MAT-file" + strings.Repeat("\x00", 100),
		"it is a file of IDX":                    "\x00\x00\x08\x03" + strings.Repeat("\x00", 100),
		"it is ARFF":                             "% 1. Title\n%\n@RELATION iris\n@DATA\n1,a\n",
		"it is no text: it has zero bytes":       strings.Repeat("\x01\x00\x00\x00", 99),
		`data.label: no column is called "Kind"`: "x,y,kind\n" + plainRows(","),
	} {
		s := Spec{}
		if strings.Contains(want, `"Kind"`) {
			s.Label, want = "Kind", `did you mean "kind"?`
		}
		_, err := readTable(text, s)
		wantError(t, err, want)
	}
	_, err := readTable("x,y,kind\n"+plainRows(","), Spec{Label: "0"})
	wantError(t, err, "data.label: there is no column 0: the table has 3, and they are counted from 1")
	_, err = readTable("x,y,kind\n"+plainRows(","), Spec{Format: Format{Header: "false"}})
	wantError(t, err, "if the line names the columns, say header: true")
}

func TestWarningsAboutClasses(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/t.csv", []byte("x,y,kind\n"+plainRows(",")+"1,2,A\n1,3,rare\n3,4,A\n"))
	d := mustLoad(t, Spec{Set: "csv", Path: "t.csv", Scale: "none"}, 0, []string{dir})
	if all := strings.Join(d.Warnings, "; "); all != "classes with one example, which is not in every split: rare; classes A and "+
		"a differ in capitals only" {
		t.Errorf("warnings %q", all)
	}
}

// One group that has all that the test split leaves is named.
func TestOneGroup(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/t.csv", []byte("g,z,kind\n"+body(",", func(int) string { return "1" })))
	_, err := NewFiles([]string{dir}).Load(Spec{Set: "csv", Path: "t.csv", Scale: "none", Format: Format{Group: "g"}}, 0)
	wantError(t, err, "the group that the test split of 4 examples ends in has all the others")
}

// A path that leads nowhere is answered with what may be meant.
func TestPathsThatLeadNowhere(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "houses.csv"), []byte("x,kind\n"))
	write(t, filepath.Join(dir, "sub", "a.csv"), []byte("x,kind\n"))
	write(t, filepath.Join(dir, "packed.csv.gz"), gzipped(t, []byte("x,y,kind\n"+plainRows(","))))
	for path, want := range map[string]string{
		"house.csv":                 "holds houses.csv)",
		"HOUSES.CSV":                "holds houses.csv)",
		`sub\a.csv`:                 `write / for \ in paths`,
		"https://example.org/a.csv": "download the file and give its path",
		"$HOME/a.csv":               "written ${HOME}",
		"sub":                       "it is a folder, not a file; it holds a.csv",
	} {
		_, err := NewFiles([]string{dir}).Load(Spec{Set: "csv", Path: path, Scale: "none"}, 0)
		wantError(t, err, want)
	}
	if d := mustLoad(t, Spec{Set: "csv", Path: "packed.csv", Scale: "none"}, 0, []string{dir}); d.In != 2 {
		t.Errorf("%d inputs of the packed file", d.In)
	}
	for set, want := range map[string]string{"images": "is a file, and path is the folder of the images",
		"idx": "is a file, and path is"} {
		_, err := NewFiles([]string{dir}).Load(Spec{Set: set, Path: "houses.csv", Scale: "none"}, 0)
		wantError(t, err, want)
	}
	write(t, filepath.Join(dir, "test.csv"), []byte("x,y\n1,2\n"))
	s := Spec{Set: "csv", Path: "packed.csv.gz", Scale: "none", Format: Format{TestPath: "test.csv"}}
	_, err := NewFiles([]string{dir}).Load(s, 0)
	wantError(t, err, "the label, kind, is missing")
}

func TestArraysThatDoNotFit(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x.npy"), npyBytes("<f4", "(2, 2)", false, floats(1, 2, 3, 4)))
	write(t, filepath.Join(dir, "y.npy"), npyBytes("<f4", "(2, 2)", false, floats(0, 1, 1, 0)))
	s := Spec{Set: "npy", Path: "x.npy", Scale: "none", Format: Format{Labels: "y.npy"}}
	_, err := NewFiles([]string{dir}).Load(s, 0)
	wantError(t, err, "of one-hot labels save y.argmax(axis=1)")

	labels := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, 0), 1)
	for name, b := range map[string][]byte{
		"x_train": npyBytes("<f4", "(2, 2)", false, floats(1, 2, 3, 4)), "y_train": npyBytes("<i8", "(2,)", false, labels),
		"x_valid": npyBytes("<f4", "(2, 2)", false, floats(1, 2, 3, 4)),
	} {
		write(t, filepath.Join(dir, "arrays", name+".npy"), b)
	}
	d := mustLoad(t, Spec{Set: "npy", Path: "arrays", Scale: "none", Train: 1, Test: 1}, 0, []string{dir})
	if all := strings.Join(d.Warnings, "; "); !strings.Contains(all, "arrays that are not used: x_valid") {
		t.Errorf("warnings %q", all)
	}
}

// Arrays under the names of other programs are found, and what is no array of inputs and labels is named.
func TestArraysOfOthers(t *testing.T) {
	x := npyBytes("<f4", "(2, 1)", false, floats(1, 2))
	y := npyBytes("|u1", "(2,)", false, []byte{0, 1})
	for names, want := range map[string]string{
		"x y": "", "X Y": "", "trainX trainY": "", "Xtrain ytrain": "", "inputs targets": "", "train_data train_labels": "",
		"features classes": "",
		"arr_0 arr_1":      "", "a b": "no inputs (x_train",
	} {
		dir := t.TempDir()
		first, second, _ := strings.Cut(names, " ")
		write(t, filepath.Join(dir, "t.npz"), zipBytes(t, map[string][]byte{first + ".npy": x, second + ".npy": y}))
		d, err := NewFiles([]string{dir}).Load(Spec{Set: "npy", Path: "t.npz", Scale: "none", Train: 1, Test: 1}, 0)
		if want != "" {
			wantError(t, err, want)
		} else if err != nil || d.In != 1 || d.Out != 2 {
			t.Errorf("%s: %v", names, err)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "y.npy"), y)
	for content, want := range map[string]string{
		"1,2\n": "no .npy array", "\x89HDF\r\n\x1a\n": "HDF5", "PK\x03\x04": "zip archive", "\x80\x04\x95": "pickle",
		"<html>": "HTML page",
		"version https://git-lfs.github.com/spec/v1\n":                 "Git LFS",
		string(npyBytes("<M8[ns]", "(2, 1)", false, make([]byte, 16))): "its values are times",
		string(npyBytes("<f4", "(2,)", false, floats(1, 2))):           "save x.reshape(-1, 1)",
		string(npyBytes("|O", "(2, 1)", false, nil)):                   "Python objects",
	} {
		write(t, filepath.Join(dir, "x.npy"), []byte(content))
		_, err := NewFiles([]string{dir}).Load(Spec{Set: "npy", Path: "x.npy", Scale: "none", Format: Format{Labels: "y.npy"}}, 0)
		wantError(t, err, want)
	}
	for content, want := range map[string]string{
		"\x00\x00\x0d\x03": "IDX of numbers of 4 bytes in 3 dimensions", "\x00\x00\x08\x01": "IDX of bytes in 1 dimensions",
		"\x00\x00\x08\x04": "in 4 dimensions",
		"version https://git-lfs.github.com/spec/v1\n": "Git LFS", "\x00\x00\x00\x01": "it starts with 00 00 00 01",
		"<Error><Code>": "page or XML",
	} {
		_, err := parseIDXHeader(strings.NewReader(content+strings.Repeat("\x00", 12)), 3)
		wantError(t, err, want)
	}
}
