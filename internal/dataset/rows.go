package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// read are the rows of a table: the numbers of its inputs, the targets of a
// regression, and numbers for the words of other columns.
type read struct {
	n       int
	numbers []float64 // [n, columns that are inputs]
	targets []float32 // [n, labels]
	codes   [][]int32 // of columns with a vocabulary
	empty   int       // lines without content that were left out
	// truthLines are the lines of the first True or False in columns of inputs; 0 for none
	truthLines []int
}

// plainText is the text of a table without its mark and with line ends that
// are usual, or names what the file is instead. The note is a warning.
func plainText(text []byte) (plain []byte, note string, err error) {
	if err := wrongKind(text); err != nil {
		return nil, "", err
	}
	if bytes.HasPrefix(text, []byte("\x00\x00\x08")) {
		return nil, "", errors.New("it is a file of IDX: read its folder with set: idx")
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(text, []byte("\x00\x00\xfe\xff")) {
		return nil, "", errors.New("it is UTF-32 text: save it as CSV UTF-8")
	}
	if utf16(text) {
		return nil, "", errors.New(`it is UTF-16 text, as Excel's "Unicode text": save it as CSV UTF-8`)
	}
	if notText(text) {
		return nil, "", errors.New("it is no text: it has zero bytes or signs that no text has; write the table as CSV")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for _, hidden := range []string{"\u200b", "\ufeff", "\u200e", "\u2060"} {
		if bytes.Contains(text, []byte(hidden)) {
			text = bytes.ReplaceAll(text, []byte(hidden), nil)
			note = fmt.Sprintf("characters that cannot be seen (%U) are left out", []rune(hidden)[0])
		}
	}
	text = bytes.TrimSuffix(text, []byte("\x1a")) // the end of a file of DOS
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n")) // old Macs
	}
	if !utf8.Valid(text) {
		note = "its text is not UTF-8 and is read as Latin-1 (Windows-1252)"
	}
	return text, note, nil
}

// vocabulary numbers the different words of a column in the order in which
// they come, and keeps the line that each came on first.
type vocabulary struct {
	words  []string
	lines  []int
	number map[string]int32
}

func newVocabulary() *vocabulary { return &vocabulary{number: map[string]int32{}} }

func (v *vocabulary) of(word string, line int) int32 {
	n, ok := v.number[word]
	if !ok {
		n = int32(len(v.words))
		word = strings.Clone(word) // its line is not kept in memory
		v.number[word] = n
		v.words = append(v.words, word)
		v.lines = append(v.lines, line)
	}
	return n
}

// readRows reads the rows of a table whose layout is known.
func (t *csvTable) readRows(text []byte) error {
	t.reserve(bytes.Count(text, []byte("\n"))+1, len(text))
	records := newRecords(text, t.sep, t.edge)
	var firstLine int
	var marks decimals
	for k := 0; ; k++ {
		rec, err := records.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if k < t.skip {
			continue
		}
		if t.n == 0 {
			firstLine = rec.line
		}
		if t.names != nil && t.n > 0 && slices.Equal(rec.cells, t.names) {
			return fmt.Errorf("line %d is the header again: take it out", rec.line)
		}
		if rec.cells = rec.upTo(len(t.roles)); len(rec.cells) != len(t.roles) {
			note := ""
			if len(rec.cells) == 1 {
				note = "; if it is a comment or a note, take it out"
			}
			return fmt.Errorf("line %d has %s, but line %d has %d%s", rec.line, counted(len(rec.cells), "cell"), firstLine,
				len(t.roles), note)
		}
		if err := t.take(rec, &marks); err != nil {
			return err
		}
		t.n++
	}
	t.empty = records.empty
	if t.n == 0 {
		return errors.New("the table has a header and no rows")
	}
	if t.classes != nil && t.rows != t.n {
		return fmt.Errorf("line 1 says %d rows, but %d follow: is the file cut short?", t.rows, t.n)
	}
	return nil
}

// reserve makes room for the rows of so many lines, and for no more cells than
// so many characters can be.
func (t *csvTable) reserve(lines, characters int) {
	inputs := 0
	t.codes = make([][]int32, len(t.roles))
	t.truthLines = make([]int, len(t.roles))
	for i, role := range t.roles {
		switch {
		case role == asInput:
			inputs++
		case t.vocabularies[i] != nil:
			t.codes[i] = make([]int32, 0, min(lines, characters/len(t.roles)+1))
		}
	}
	t.numbers = make([]float64, 0, min(lines*inputs, characters))
}

// take takes in a row.
func (t *csvTable) take(rec record, marks *decimals) error {
	for i, cell := range rec.cells {
		switch t.roles[i] {
		case asInput:
			v, ok := number(cell, t.sep)
			if !ok {
				v, ok = t.truths[i].number(cell)
			}
			if !ok || !finite(v) {
				return fmt.Errorf("%s: %s", t.place(rec.line, i), t.notInput(i, cell))
			}
			if t.sep != ',' && marks.mixed(cell) {
				return fmt.Errorf("%s: %s, and the table has both decimal commas and points: is one of them a separator of thousands? "+
					"write numbers in one way",
					t.place(rec.line, i), quoted(cell))
			}
			if t.truthLines[i] == 0 && isTruth(cell) {
				t.truthLines[i] = rec.line
			}
			t.numbers = append(t.numbers, v)
		case asLabel:
			if missing(cell) {
				return fmt.Errorf("%s: the label is missing%s: give it, or leave the row out", t.place(rec.line, i),
					inParentheses(cell))
			}
			t.codes[i] = append(t.codes[i], t.vocabularies[i].of(cell, rec.line))
		case asWords, asGroup:
			if cell == "" {
				return fmt.Errorf("%s: the cell is empty; give it a word, or leave the row out", t.place(rec.line, i))
			}
			t.codes[i] = append(t.codes[i], t.vocabularies[i].of(cell, rec.line))
		}
	}
	for _, i := range t.labels {
		if t.roles[i] != asTarget {
			break
		}
		v, ok := number(rec.cells[i], t.sep)
		if !ok || !finite(v) {
			remedy := "give it, or leave the row out"
			if withSymbols(rec.cells[i]) {
				remedy = "write the number plainly, as 1234.5"
			}
			return fmt.Errorf("%s: %s, but the targets of a regression are finite numbers; %s", t.place(rec.line, i),
				quoted(rec.cells[i]), remedy)
		}
		t.targets = append(t.targets, float32(v))
	}
	return nil
}

func quoted(cell string) string {
	if cell == "" {
		return "the cell is empty"
	}
	return fmt.Sprintf("the cell holds \"%s\"", shortened(cell))
}

func inParentheses(word string) string {
	if word == "" {
		return ""
	}
	return " (" + word + ")"
}
