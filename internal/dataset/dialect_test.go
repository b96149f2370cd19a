package dataset

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// writing is a way to write a table.
type writing struct {
	sep, decimal, end   string
	header              string // none, words or numbers
	index               string // none, pandas: a column without a name, or R: one that the header leaves out
	quotes, edge, blank bool
	mark                string // before the text
}

// table writes numbers [n, columns] and a class for each row.
func (w writing) table(values [][]string, classes []string) string {
	var b strings.Builder
	b.WriteString(w.mark)
	word := func(s string) string {
		if w.quotes {
			return `"` + s + `"`
		}
		return s
	}
	line := func(cells []string) {
		b.WriteString(strings.Join(cells, w.sep))
		if w.edge {
			b.WriteString(strings.TrimSpace(w.sep))
		}
		b.WriteString(w.end)
	}
	if w.header != "none" {
		var names []string
		if w.index == "pandas" {
			names = append(names, word(""))
		}
		for j := range values[0] {
			name := fmt.Sprint(j)
			if w.header == "words" {
				name = fmt.Sprint("input ", j)[6*btoi(!w.quotes):] + "x"
			}
			names = append(names, word(name))
		}
		line(append(names, word("kind")))
	}
	for i, row := range values {
		var cells []string
		if w.index != "none" {
			cells = append(cells, word(fmt.Sprint(i+btoi(w.index == "R"))))
		}
		for _, v := range row {
			cells = append(cells, strings.Replace(v, ".", w.decimal, 1))
		}
		line(append(cells, word(classes[i])))
	}
	if w.blank {
		b.WriteString(w.end + w.end)
	}
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A table is read as the same numbers in whatever dialect it is written.
func TestEveryDialectReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := writing{
			sep:    rapid.SampledFrom([]string{",", ";", "\t", "|", " | ", " ", "  "}).Draw(t, "sep"),
			end:    rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "end"),
			mark:   rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark"),
			header: rapid.SampledFrom([]string{"none", "words", "numbers"}).Draw(t, "header"),
			index:  rapid.SampledFrom([]string{"none", "pandas", "R"}).Draw(t, "index"),
			quotes: rapid.Bool().Draw(t, "quotes"),
			edge:   rapid.Bool().Draw(t, "edge"),
			blank:  rapid.Bool().Draw(t, "blank"),
		}
		if strings.TrimSpace(w.sep) == "" && w.sep != "\t" && (w.index == "pandas" || w.edge) {
			w.quotes, w.edge = true, false // blanks separate no empty cells
		}
		w.quotes = w.quotes && w.sep != " | " // nothing may stand behind a quote
		if w.header == "none" && w.index == "R" {
			w.index = "none"
		}
		w.decimal = "."
		if w.sep != "," && rapid.Bool().Draw(t, "comma") {
			w.decimal = ","
		}
		n, columns := rapid.IntRange(6, 30).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "columns")
		values, classes := make([][]string, n), make([]string, n)
		var want []float64
		for i := range values {
			classes[i] = []string{"oak", "elm"}[i%2]
			for range columns {
				v := float64(rapid.IntRange(-2000, 2000).Draw(t, "v")) + 0.5
				want = append(want, v/8)
				values[i] = append(values[i], fmt.Sprint(v/8))
			}
		}
		text := w.table(values, classes)
		for _, sep := range []string{"", strings.TrimSpace(w.sep), "blank"} {
			if sep == "blank" != (strings.TrimSpace(w.sep) == "") && sep != "" {
				continue
			}
			if w.sep == "\t" && sep == "blank" {
				sep = "tab"
			}
			if first := btoi(w.index != "none"); w.header == "numbers" && first == 0 && columns == 1 {
				continue // one number and a word may be an example
			}
			c, err := readTable(text, Spec{Format: Format{Sep: sep}})
			if err != nil {
				t.Fatalf("sep %q: %v\n%s", sep, err, text)
			}
			first := btoi(w.index != "none") // input that is a number of the file
			x, got := make([]float64, first+columns), []float64(nil)
			if c.train.in != first+columns || c.train.n != n || strings.Join(c.classes, " ") != "elm oak" {
				t.Fatalf("sep %q: %d rows of %d inputs, classes %q\n%s", sep, c.train.n, c.train.in, c.classes, text)
			}
			for i := range n {
				c.train.row(i, x)
				got = append(got, x[first:]...)
				if first > 0 && x[0] != float64(i+btoi(w.index == "R")) {
					t.Fatalf("row %d is called %v\n%s", i, x[0], text)
				}
				if want := int32(1 - i%2); c.train.labels[i] != want {
					t.Fatalf("row %d has class %d", i, c.train.labels[i])
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("sep %q: %v\n%s", sep, got, text)
			}
		}
	})
}

// As other programs write tables.
func TestTablesOfOtherPrograms(t *testing.T) {
	body := func(format string) string {
		text := ""
		for i := range 12 {
			text += fmt.Sprintf(format, i, i+1, float64(i)*1.5, []string{"a", "b", "b"}[i%3])
		}
		return text
	}
	for _, c := range []struct {
		name, text string
		in         int
		warnings   int
	}{
		{"pandas to_csv", ",x,kind\n" + body("%[1]d,%[3]g,%[4]s\n"), 2, 1},
		{"pandas to_csv, not named", ",0,1\n" + body("%[1]d,%[3]g,%[4]s\n"), 2, 2},
		{"R write.csv", "\"\",\"x\",\"kind\"\n" + body("\"%[2]d\",%[3]g,\"%[4]s\"\n"), 2, 1},
		{"R write.table", "\"x\" \"kind\"\n" + body("\"%[2]d\" %[3]g \"%[4]s\"\n"), 2, 1},
		{"R write.csv2", "\"\";\"x\";\"kind\"\n" + strings.ReplaceAll(body("\"%[2]d\";%[3]g;\"%[4]s\"\n"), ".", ","), 2, 1},
		{"Excel with a hint", "sep=;\r\nx;kind\r\n" + strings.ReplaceAll(body("%[3]g;%[4]s\r\n"), ".", ","), 1, 0},
		{"Excel's empty rows", "x,kind,\r\n" + body("%[3]g,%[4]s,\r\n") + ",,\r\n,,\r\n", 1, 1},
		{"old Macs", "x,kind\r" + body("%[3]g,%[4]s\r"), 1, 0},
		{"Latin-1", "x,kind\n" + body("%[3]g,%[4]s\n") + "1,caf\xe9\n", 1, 1},
		{"years", "2019,2020,grade\n" + body("%[3]g,1.5,%[4]s\n"), 2, 2},
	} {
		d, err := readTable(c.text, Spec{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		x := make([]float64, d.train.in)
		d.train.row(11, x)
		if d.train.in != c.in || len(d.warnings) != c.warnings || !slices.Contains(x, 16.5) ||
			len(d.classes) < 2 || d.classes[0] != "a" {
			t.Errorf("%s: inputs %q, %v, classes %q, warnings %q", c.name, d.columns, x, d.classes, d.warnings)
		}
	}
}

// What is no table is named for what it is.
func TestDisguises(t *testing.T) {
	for want, text := range map[string]string{
		"both decimal commas and points":        "1,5;a\n1.234;b\n",
		"UTF-16":                                "\xff\xfex\x00,\x00y\x00\n\x00",
		"HTML page":                             "  <!DOCTYPE html>\n<html>",
		"Git LFS":                               "version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
		"zip archive of t":                      string(zipBytes(t, map[string][]byte{"t.csv": []byte("a,b\n")})),
		"Excel workbook":                        string(zipBytes(t, map[string][]byte{"xl/workbook.xml": nil})),
		"old Excel":                             "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"zero bytes":                            "a,b\n1,\x002\n",
		"Parquet":                               "PAR1\x15\x04",
		"Feather":                               "FEA1\x00\x00",
		"ORC file":                              "ORC\x00\x01",
		"Arrow file":                            "ARROW1\x00\x00",
		"HDF5":                                  "\x89HDF\r\n\x1a\n",
		"NetCDF":                                "CDF\x01\x00",
		"pickle":                                "\x80\x05\x95\x10",
		"of R: write the table with write.csv":  "RDX3\nX\n\x00\x00",
		"Stata":                                 "<stata_dta><header>",
		"SPSS":                                  "$FL2@(#) SPSS",
		"7-Zip":                                 "7z\xbc\xaf\x27\x1c",
		"RAR archive":                           "Rar!\x1a\x07\x00",
		"tar archive":                           strings.Repeat("t", 257) + "ustar\x0000",
		"compressed with gzip twice":            "\x1f\x8b\x08",
		"PDF":                                   "%PDF-1.7\n",
		"GIF image, and images are PNG or JPEG": "GIF89a\x01\x00",
		"WebP":                                  "RIFF\x10\x00\x00\x00WEBPVP8 ",
		"TIFF":                                  "II*\x00",
		"BMP":                                   "BM6\x00\x00\x00\x00\x00\x00\x00",
		"HEIC":                                  "\x00\x00\x00\x18ftypheic",
		"file of safetensors":                   "\x40\x00\x00\x00\x00\x00\x00\x00{\"w\":",
		"an .npz file of NumPy":                 string(zipBytes(t, map[string][]byte{"x.npy": nil})),
		"LibreOffice":                           string(zipBytes(t, map[string][]byte{"content.xml": nil})),
		"file of PyTorch":                       string(zipBytes(t, map[string][]byte{"m/data.pkl": nil})),
		"UTF-32":                                "\xff\xfe\x00\x00a\x00\x00\x00",
		"message of a server":                   "404: Not Found",
		"page or XML":                           "<Error><Code>AccessDenied</Code></Error>",
		"JSON, not a table":                     "[\n  {\"a\": 1}\n]",
		"table drawn with lines":                "+---+\n| a |\n+---+\n",
		"as databases print them":               " a | b\n---+---\n 1 | x\n",
		"signs that no text has":                strings.Repeat("\x01\x02\x03abcd,\n", 9),
		"JSON":                                  `{"a": [1]}`,
		"array of NumPy":                        "\x93NUMPY\x01\x00",
		"200001 cells, and the limit is 131072": strings.Repeat("1,", 200_000) + "a\n",
		"the limit is 6553":                     "1,2,a\n1," + strings.Repeat("x", 100_000) + ",b\n",
	} {
		_, err := readTable(text, Spec{})
		wantError(t, err, want)
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: a message of %d bytes", want, len(err.Error()))
		}
	}
	_, err := uncompressedText(gzipped(t, bytes.Repeat([]byte("1,2,a\n"), 12<<20)))
	wantError(t, err, "unpacks to more than 64 MiB, 400 times its size")
}

func uncompressedText(packed []byte) ([]byte, error) {
	r, err := uncompressed(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return readText(r, 0)
}
