package dataset

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// magics are the beginnings of files that people take for a table or for IDX.
var magics = []struct{ begins, what string }{
	{"version https://git-lfs", "it is a pointer of Git LFS, not the file itself: get the file with git lfs pull"},
	{"\x89PNG", "it is a PNG image: read folders of images with set: images"},
	{"\xff\xd8\xff", "it is a JPEG image: read folders of images with set: images"},
	{"\x93NUMPY", "it is an array of NumPy: read it with set: npy"},
	{"\xd0\xcf\x11\xe0", "it is an old Excel workbook: save it as CSV UTF-8"},
	{"MATLAB 5.0 MAT", "it is a file of MATLAB: write it as CSV (writematrix)"},
	{"%PDF-", "it is a PDF document: export its table as CSV"},
	{"PAR1\x15", "it is a Parquet file: write it as CSV (pandas: to_csv(index=False))"},
	{"ARROW1\x00\x00", "it is an Arrow file: write it as CSV (pandas: to_csv(index=False))"},
	{"\x89HDF", "it is an HDF5 file: write it as CSV or as .npz"},
	{"SQLite format 3", "it is an SQLite database: write the table as CSV"},
	{"BZh91AY&SY", "it is compressed with bzip2: unpack it with bunzip2"},
	{"\xfd7zXZ", "it is compressed with xz: unpack it with unxz"},
	{"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it with unzstd"},
	{"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive: unpack it"},
	{"\x80\x04\x95", "it is a pickle of Python: write it as CSV or as .npz"},
	{`{"`, "it is JSON, not a table: write it as CSV"},
	{"[{", "it is JSON, not a table: write it as CSV"},
	{"@relation", "it is ARFF: write its rows as CSV"},
}

// patterns are beginnings that vary.
var patterns = []struct {
	begins *regexp.Regexp
	what   string
}{
	{regexp.MustCompile(`^[+-]?[0-9.]+( [0-9]+:[-+.0-9eE]+)+ *\r?\n`),
		"it is a table of LIBSVM, with index:value in its cells: write it as CSV (scikit-learn: load_svmlight_file)"},
	{regexp.MustCompile(`^\|[^\n]*\n\|[-: |]+\r?\n`), "it is a table of Markdown: write it as CSV, without the line of dashes"},
}

// disguised names what a file is that is not what its reader expects; nil for
// what may be a table of text or bytes of IDX.
func disguised(content []byte) error {
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) || bytes.HasPrefix(content, []byte("PK\x05\x06")) {
		return archived(content)
	}
	head := content[:min(len(content), 1024)]
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	lower := strings.ToLower(string(trimmed[:min(len(trimmed), 64)]))
	if strings.HasPrefix(lower, "<!doctype html") || strings.HasPrefix(lower, "<html") || strings.HasPrefix(lower, "<head") {
		return errors.New("it is an HTML page, perhaps the one around the download: get the file itself")
	}
	if strings.HasPrefix(lower, "<?xml") {
		return errors.New("it is XML, not a table: write it as CSV")
	}
	for _, p := range patterns {
		if p.begins.Match(trimmed) {
			return errors.New(p.what)
		}
	}
	for _, m := range magics {
		if bytes.HasPrefix(trimmed, []byte(m.begins)) || strings.HasPrefix(lower, m.begins) {
			return errors.New(m.what)
		}
	}
	return nil
}

// archived names a zip archive or an Excel workbook.
func archived(content []byte) error {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return errors.New("it is a zip archive: unpack it")
	}
	var names []string
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/") {
			return errors.New("it is an Excel workbook: save the sheet as CSV UTF-8")
		}
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return fmt.Errorf("it is a zip archive of %s: unpack it", Listed(names))
}

// utf16 tells text of two bytes a character, by its mark or by its zero bytes.
func utf16(text []byte) bool {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return true
	}
	head := text[:min(len(text), 1024)]
	var zeros [2]int // at even and at odd places; text has them at one of the two
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	return len(head) >= 8 && max(zeros[0], zeros[1]) >= len(head)/3 && min(zeros[0], zeros[1]) <= len(head)/100
}

// latin1 reads a name that is not UTF-8 as Latin-1.
func latin1(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	runes := make([]rune, len(name))
	for i := range len(name) {
		runes[i] = rune(name[i])
	}
	return string(runes)
}
