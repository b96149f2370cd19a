package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"nightshift/internal/nearest"
)

// heading is what the first line of a table turned out to be.
type heading struct {
	names   []string // of the columns; nil where the first line is an example
	classes []string // of scikit-learn's tables: names of the classes 0, 1, ...
	skip    int      // records before the first example
	rows    int      // that scikit-learn's first line announces
	mark    string   // for the identity, where the first version read the line otherwise
	warning string
	short   bool // it names all columns but the first
}

// readHeading takes the first line of a table for what it is. forced is the
// key header. The first line is a header if no cell besides the label is a
// number, or the label is a word above numbers, or the numbers are names
// themselves (numberNames). It may also be scikit-learn's: the numbers of rows
// and of columns and the names of the classes 0, 1, ...
func readHeading(first []record, sep rune, label List, forced string) (heading, error) {
	head, rest := first[0].cells, first[1:]
	if len(head) < 2 && (len(rest) == 0 || len(rest[0].cells) < 2) {
		return heading{}, fmt.Errorf("line %d has one column, and a table has a label and at least one input; say sep: where %s "+
			"do not separate its cells",
			first[0].line, separatorName(sep))
	}
	if rows, names, ok := sklearn(first, sep); ok && forced == "" {
		return heading{classes: names, rows: rows, skip: 1}, nil
	}
	named := heading{names: head, skip: 1}
	if len(rest) > 0 && len(rest[0].upTo(len(head))) == len(head)+1 && forced != "false" { // R's row names have no name
		named.names, named.mark = append([]string{""}, head...), " header"
		named.short = true
		return named, nil
	}
	is, err := guessHeader(first, sep, label)
	switch {
	case forced == "true":
		if err != nil || is.before != asHeader {
			named.mark = " header"
		}
		return named, nil
	case forced == "false":
		h := heading{}
		if err != nil || is.header || is.before != asExample {
			h.mark = " header=none"
		}
		return h, nil
	case err != nil:
		return heading{}, err
	case !is.header:
		h := heading{warning: is.warning}
		if is.before != asExample {
			h.mark = " header=none"
		}
		return h, nil
	}
	if is.before != asHeader {
		named.mark, named.warning = " header", is.warning
	}
	return named, nil
}

// guess is what a first line is taken for.
type guess struct {
	header  bool
	before  before
	warning string
}

// before is what the first version of the program took a first line for.
type before int

const (
	asExample before = iota
	asHeader
	refused
)

// guessHeader tells a header from an example.
func guessHeader(first []record, sep rune, label List) (guess, error) {
	head, rest := first[0].cells, first[1:]
	last := len(head) - 1
	at := []int{last}
	named := false
	if label != "" {
		at = nil
		for _, name := range label.Names() {
			i, err := column("label", name, head, len(head))
			if err != nil {
				return guess{}, err
			}
			at = append(at, i)
			named = named || head[i] == name && !isNumber(name, sep)
		}
	}
	numbers, words := 0, 0
	for i, cell := range head {
		switch {
		case slices.Contains(at, i):
		case isNumber(cell, sep):
			numbers++
		default:
			words++
		}
	}
	i := at[0]
	wordAboveNumber := len(rest) > 0 && i < len(rest[0].cells) && !isNumber(head[i], sep) && isNumber(rest[0].cells[i], sep)
	switch {
	case named || words == 0 && wordAboveNumber:
		return guess{header: true, before: asHeader}, nil
	case numbers == 0 && repeated(first, sep):
		return guess{before: asHeader, warning: fmt.Sprintf("line 1 (%s) is taken for an example, because its words stand in other "+
			"lines too; say header: true if it names the columns", Listed(head))}, nil
	case numbers == 0:
		return guess{header: true, before: asHeader}, nil
	case numberNames(first, sep, i):
		was := asExample
		if words > 0 {
			was = refused
		}
		return guess{header: true, before: was,
			warning: fmt.Sprintf("line %d (%s) is taken for names of columns; say header: false if "+
				"it is an example", first[0].line, Listed(head))}, nil
	case words == 0:
		return guess{}, nil
	case sameKinds(first, sep):
		return guess{before: refused}, nil
	}
	return guess{},
		fmt.Errorf("line %d is neither a header nor an example: %d of its cells are numbers and %d are not; say header: "+
			"true or header: false", first[0].line, numbers, words)
}

// repeated tells a first line that is an example of words: other lines have
// words, too, and each of its cells stands in one of them.
func repeated(first []record, sep rune) bool {
	for i, cell := range first[0].cells {
		if isNumber(cell, sep) || !anyCell(first[1:], i, cell) {
			return false
		}
	}
	return sameKinds(first, sep)
}

// sameKinds tells a first line that has numbers and words where all others have them.
func sameKinds(first []record, sep rune) bool {
	head, rest := first[0].cells, first[1:]
	for i, cell := range head {
		for _, rec := range rest {
			if i >= len(rec.cells) || isNumber(cell, sep) != isNumber(rec.cells[i], sep) && !missing(rec.cells[i]) {
				return false
			}
		}
	}
	return len(rest) > 0
}

// sklearn recognises the first line of scikit-learn's own tables.
func sklearn(first []record, sep rune) (rows int, names []string, ok bool) {
	cells := first[0].cells
	if len(cells) < 4 || len(first) < 2 {
		return 0, nil, false
	}
	rows, err := strconv.Atoi(cells[0])
	columns, err2 := strconv.Atoi(cells[1])
	ok = err == nil && err2 == nil && columns+1 == len(first[1].cells) &&
		!slices.ContainsFunc(cells[2:], func(cell string) bool { return isNumber(cell, sep) })
	return rows, cells[2:], ok
}

// column finds the column that a key of data names, by its name or its number
// from 1.
func column(key, name string, header []string, columns int) (int, error) {
	i := slices.Index(header, name)
	n, err := strconv.Atoi(name)
	switch {
	case err == nil && n >= 1 && n <= columns:
		return n - 1, nil
	case err == nil && i < 0:
		return 0, fmt.Errorf("data.%s: there is no column %d: the table has %d, and they are counted from 1", key, n, columns)
	case i >= 0 && slices.Contains(header[i+1:], name):
		return 0, fmt.Errorf("data.%s: more than one column is called %q: give its number", key, shortened(name))
	case i >= 0:
		return i, nil
	case len(header) == 0:
		return 0, fmt.Errorf("data.%s: no column is called %q: the table has no header; give its number", key, shortened(name))
	}
	return 0, fmt.Errorf("data.%s: no column is called %q: the first line is %s%s", key, shortened(name), Listed(header),
		nearest.DidYouMean(shortened(likeColumn(name, header))))
}

// likeColumn is the name of a column that is meant by another: the same letters
// and digits, its only beginning or end, as sepal_length of sepal length (cm), or
// the name to which the fewest slips lead; "" for none.
func likeColumn(name string, header []string) string {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	plain, names := letters(name), make([]string, len(header))
	var parts []string
	for i, have := range header {
		if names[i] = letters(have); names[i] == plain && plain != "" {
			return have
		}
		if len(plain) > 2 && (strings.HasPrefix(names[i], plain) || strings.HasSuffix(names[i], plain)) {
			parts = append(parts, have)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	if len(header) > 10_000 {
		return "" // and nobody has typed all of their names
	}
	if at := slices.Index(names, nearest.Name(plain, names)); at >= 0 && plain != "" {
		return header[at]
	}
	return ""
}
