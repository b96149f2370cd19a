package dataset

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	{"MATLAB ", "it is a file of MATLAB: write it as CSV (writematrix)"},
	{"%PDF-", "it is a PDF document: export its table as CSV"},
	{"PAR1\x15", "it is a Parquet file: write it as CSV (pandas: to_csv(index=False))"},
	{"PAR1", "it is a Parquet file: write it as CSV (pandas: to_csv(index=False))"},
	{"ARROW1", "it is an Arrow file: write it as CSV (pandas: to_csv(index=False))"},
	{"FEA1", "it is a Feather file: write it as CSV (pandas: to_csv(index=False))"},
	{"\xff\xff\xff\xff", "it is a stream of Arrow: write it as CSV (pandas: to_csv(index=False))"},
	{"ORC", "it is an ORC file: write it as CSV (pandas: to_csv(index=False))"},
	{"Obj\x01", "it is an Avro file: write it as CSV"},
	{"CDF\x01", "it is a NetCDF file: write it as CSV or as .npz"},
	{"\x89HDF", "it is an HDF5 file: write it as CSV or as .npz"},
	{"SQLite format 3", "it is an SQLite database: write the table as CSV"},
	{"BZh91AY&SY", "it is compressed with bzip2: unpack it with bunzip2"},
	{"\xfd7zXZ", "it is compressed with xz: unpack it with unxz"},
	{"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it with unzstd"},
	{"7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive: unpack it"},
	{"Rar!", "it is a RAR archive: unpack it"},
	{"\x04\x22M\x18", "it is compressed with lz4: unpack it with unlz4"},
	{"\x1f\x9d", "it is compressed with compress: unpack it with uncompress"},
	{"\x1f\x8b", "it is compressed with gzip twice: unpack it once"},
	{"\x80\x02", "it is a pickle of Python: write it as CSV or as .npz"},
	{"\x80\x03", "it is a pickle of Python: write it as CSV or as .npz"},
	{"\x80\x04", "it is a pickle of Python: write it as CSV or as .npz"},
	{"\x80\x05", "it is a pickle of Python: write it as CSV or as .npz"},
	{"RDX", "it is a workspace of R: write the table with write.csv(table, row.names = FALSE)"},
	{"RDA", "it is a workspace of R: write the table with write.csv(table, row.names = FALSE)"},
	{"X\n\x00\x00", "it is an object of R: write the table with write.csv(table, row.names = FALSE)"},
	{"<stata_dta>", "it is a data set of Stata: write it as CSV (export delimited)"},
	{"$FL2", "it is a data set of SPSS: save it as CSV"},
	{"GIF8", "it is a GIF image, and images are PNG or JPEG: convert it"},
	{"II*\x00", "it is a TIFF image, and images are PNG or JPEG: convert it"},
	{"MM\x00*", "it is a TIFF image, and images are PNG or JPEG: convert it"},
	{"{\\rtf", "it is a document with formats (RTF): save its text as CSV"},
	{"%!PS", "it is a PostScript document: export its table as CSV"},
	{"\x7fELF", "it is a program: is it the right file?"},
	{"@relation", "it is ARFF: write its rows as CSV"},
}

// patterns are beginnings that vary.
var patterns = []struct {
	begins *regexp.Regexp
	what   string
}{
	{regexp.MustCompile(`^[+-]?[0-9.]+( [0-9]+:[-+.0-9eE]+)+ *\r?\n`),
		"it is a table of LIBSVM, with index:value in its cells: write it as CSV (scikit-learn: load_svmlight_file)"},
	{regexp.MustCompile(`^[\[{]\s*["\[{]`), "it is JSON, not a table: write it as CSV"},
	{regexp.MustCompile(`^(\+[-+]+\+\r?\n|[^\n|]*\|[^\n]*\n-+(\+-+)+\r?\n)`),
		"it is a table drawn with lines, as databases print them: write it as CSV"},
	{regexp.MustCompile(`^40[0-9]: [A-Z]`), "it is the message of a server that the file is not there: get the file itself"},
	{regexp.MustCompile(`^<[a-zA-Z!?][^>]*>[\r\n]*[^,;\t|]`), "it is a page or XML, not a table: get the file itself, or write " +
		"it as CSV"},
	{regexp.MustCompile(`(?s)^RIFF....WEBP`), "it is a WebP image, and images are PNG or JPEG: convert it"},
	{regexp.MustCompile(`(?s)^BM....\x00\x00\x00\x00`), "it is a BMP image, and images are PNG or JPEG: convert it"},
	{regexp.MustCompile(`(?s)^....ftyp(heic|heix|mif1|avif)`), "it is a HEIC or AVIF image, and images are PNG or JPEG: convert it"},
	{regexp.MustCompile(`(?s)^..\x00{6}\{"`), "it is a file of safetensors, which holds weights and no table"},
	{regexp.MustCompile(`^\|[^\n]*\n\|[-: |]+\r?\n`), "it is a table of Markdown: write it as CSV, without the line of dashes"},
}

// wrongKind names what a file is that is not what its reader expects; nil for
// what may be a table of text or bytes of IDX.
func wrongKind(content []byte) error {
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
	for _, m := range magics {
		word := strings.Trim(m.begins, "ABCDEFGHIJKLMNOPQRSTUVWXYZ18") == "" // which a column may be called
		if bytes.HasPrefix(trimmed, []byte(m.begins)) && (!word || notText(content)) || strings.HasPrefix(lower, m.begins) {
			return errors.New(m.what)
		}
	}
	for _, p := range patterns {
		if p.begins.Match(trimmed) {
			return errors.New(p.what)
		}
	}
	if len(content) > 262 && string(content[257:262]) == "ustar" {
		return errors.New("it is a tar archive: unpack it")
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
		for _, p := range packages {
			if strings.HasPrefix(f.Name, p.holds) || strings.HasSuffix(f.Name, "/"+p.holds) {
				return errors.New(p.what)
			}
		}
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	if len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !strings.HasSuffix(name, ".npy") }) {
		return errors.New("it is an .npz file of NumPy: read it with set: npy")
	}
	return fmt.Errorf("it is a zip archive of %s: unpack it", Listed(names))
}

// packages are files that are zip archives, by what is in them.
var packages = []struct{ holds, what string }{
	{"xl/", "it is an Excel workbook: save the sheet as CSV UTF-8"},
	{"word/", "it is a Word document: save its table as CSV"},
	{"content.xml", "it is a document of OpenOffice or LibreOffice: save the sheet as CSV"},
	{"Index/", "it is a document of Numbers: export it as CSV"},
	{"data.pkl", "it is a file of PyTorch: save its tensors with numpy.savez"},
}

// notText tells what is no text: zero bytes, or more control characters than a
// name or two have.
func notText(text []byte) bool {
	head := text[:min(len(text), 4096)]
	control := 0
	for _, c := range head {
		if c < ' ' && !bytes.ContainsRune([]byte("\t\n\v\f\r\x1b"), rune(c)) {
			control++
		}
	}
	return bytes.IndexByte(head, 0) >= 0 || control > 8 && control > len(head)/50
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

// windows1252 are the characters that are 128 to 159 in Windows; the others are
// those of Latin-1.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// fromWindows1252 reads a name that is not UTF-8 as Windows-1252, of which Latin-1 is a part.
func fromWindows1252(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	special := []rune(windows1252)
	runes := make([]rune, len(name))
	for i := range len(name) {
		c := name[i]
		if runes[i] = rune(c); c >= 128 && c < 160 {
			runes[i] = special[c-128]
		}
	}
	return string(runes)
}
