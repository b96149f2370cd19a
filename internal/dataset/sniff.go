package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// separators that are found by themselves, the likelier one first.
var separators = []rune{',', '\t', ';', '|', ' '}

// sniff finds what separates the cells of a table: of what gives all the first
// lines the same number of cells, blanks last if other separators stand in the
// cells between them, that by which most columns are numbers; then
// that by which the last column, most often the label, has the fewest values,
// so that 1,288<tab>a is a number and a class and not 1 and the class 288<tab>a.
func sniff(text []byte) (rune, error) {
	var best candidate
	for _, sep := range separators {
		if !separates(text, sep) {
			continue
		}
		c := consider(text, sep)
		if c.columns > 1 && (best.columns == 0 || c.better(best)) {
			best = c
		}
	}
	if best.columns > 0 {
		return best.sep, nil
	}
	return unevenly(text)
}

// separates says whether a separator is in the text at all; tabs are blanks where these separate.
func separates(text []byte, sep rune) bool {
	return bytes.IndexByte(text, byte(sep)) >= 0 || sep == ' ' && separates(text, '\t')
}

// candidate is how a table looks if a character separates its cells.
type candidate struct {
	sep     rune
	columns int     // of every record; 0 where they differ
	numbers float64 // share of columns that are all numbers below the first line
	values  int     // different ones in the last column
	torn    bool    // cells hold other separators: tabs, or any where blanks separate, as in 12 %,0.5,a
}

func (c candidate) better(than candidate) bool {
	if c.torn != than.torn {
		return than.torn
	}
	if c.numbers != than.numbers {
		return c.numbers > than.numbers
	}
	return c.values < than.values
}

func consider(text []byte, sep rune) candidate {
	c := candidate{sep: sep}
	first, _, err := sample(text, sep)
	if err != nil || len(first) < 2 {
		return c
	}
	columns := len(first[1].cells)
	if head := len(first[0].cells); head != columns && head != columns-1 { // R leaves out the name of the row names
		return c
	}
	numeric := make([]bool, columns)
	for i := range numeric {
		numeric[i] = true
	}
	values := map[string]bool{}
	for _, rec := range first[1:] {
		if len(rec.cells) != columns {
			return c
		}
		for i, cell := range rec.cells {
			number := cell == "" || isNumber(cell, sep)
			numeric[i] = numeric[i] && number
			c.torn = c.torn || sep == ' ' && !number && strings.ContainsAny(cell, ",;|") || sep != '\t' && strings.Contains(cell, "\t")
		}
		values[rec.cells[columns-1]] = true
	}
	for _, yes := range numeric {
		if yes {
			c.numbers++
		}
	}
	c.numbers /= float64(columns)
	c.columns, c.values = columns, len(values)
	return c
}

// unevenly finds the separator of a table whose lines differ in length, for
// its reader to name the line, or says that there is none: that by which most of
// the first lines are equally long.
func unevenly(text []byte) (rune, error) {
	var best rune
	most := 0.0
	for _, sep := range separators {
		first, _, err := sample(text, sep)
		if err != nil && sep == ',' {
			return 0, err
		}
		if err == nil && len(first) == 0 {
			return 0, errors.New("the table is empty")
		}
		lines := map[int]int{} // by their cells
		for _, rec := range first {
			lines[len(rec.cells)]++
		}
		for cells, n := range lines {
			if share := float64(n) / float64(len(first)); cells > 1 && share > most {
				best, most = sep, share
			}
		}
	}
	if best != 0 {
		return best, nil
	}
	text = bytes.TrimLeft(text, "\r\n\t ")
	line, _, _ := bytes.Cut(text, []byte("\n"))
	hint := ""
	if inner := bytes.Trim(line, "\r\""); len(inner) < len(line)-1 && bytes.ContainsAny(inner, ",;\t") {
		hint = "; whole lines are in quotes: take these quotes away"
	}
	for _, sep := range ":^~/&!" {
		if strings.ContainsRune(string(line), sep) {
			hint = fmt.Sprintf("; if %q separates them, say sep: %q", sep, string(sep))
		}
	}
	return 0, fmt.Errorf("line 1 has one column: cells are separated by commas, semicolons, tabs, pipes or blanks, "+
		"and a table has a label and at least one input%s", hint)
}

// excelHint cuts off the first line "sep=;" by which Excel is told the separator.
func excelHint(text []byte) (sep rune, rest []byte) {
	line, _, found := bytes.Cut(text, []byte("\n"))
	hint := strings.Trim(strings.TrimRight(string(line), "\r"), `"`)
	if !found || len(hint) < len("sep=") || !strings.EqualFold(hint[:len("sep=")], "sep=") {
		return 0, text
	}
	sep, err := separator(hint[len("sep="):])
	if err != nil || sep == 0 {
		return 0, text
	}
	return sep, text[len(line):] // with the end of the line, so that lines are counted as they are
}
