package dataset

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxCell bounds a cell of a table: 64 KiB.
const maxCell = 1 << 16

// maxColumns bounds the columns of a table.
const maxColumns = 1 << 17

// narrow refuses a table whose first line has too many cells, before they are made.
func narrow(text []byte) error {
	line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	for _, sep := range separators {
		if n := bytes.Count(line, []byte(string(sep))) + 1; n > maxColumns {
			return fmt.Errorf("line 1 has %d cells, and the limit is %d columns; is it one line, or are rows columns? write it as npy",
				n, maxColumns)
		}
	}
	return nil
}

// record is a line of a table, its cells trimmed.
type record struct {
	line  int
	cells []string
}

// upTo are the cells of a record without empty ones at its end that are more
// than so many: some programs end some lines with separators.
func (r record) upTo(columns int) []string {
	cells := r.cells
	for columns > 0 && len(cells) > columns && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// records reads a table line by line. Lines without anything in their cells,
// such as spreadsheets leave behind, are no records.
type records struct {
	csv   *csv.Reader
	sep   rune
	edge  int // separators at the ends of lines
	empty int // lines left out that had separators and nothing else
}

func newRecords(text []byte, sep rune, edge int) *records {
	if sep == ' ' {
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	}
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma = sep
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = sep != '\t' // or it would take tabs for space; between blanks it makes runs of them one
	c.ReuseRecord = true
	return &records{csv: c, sep: sep, edge: edge}
}

// next gives a record whose cells are valid until the following call, or io.EOF.
func (r *records) next() (record, error) {
	for {
		cells, err := r.csv.Read()
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return record{}, unquoted(parse)
		}
		if err != nil {
			return record{}, err
		}
		line, _ := r.csv.FieldPos(0)
		content := false
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			content = content || cells[i] != ""
			if len(cells[i]) > maxCell {
				return record{}, fmt.Errorf("line %d, column %d: a cell of %d bytes, and the limit is %d: is a quote not closed?",
					line, i+1, len(cells[i]), maxCell)
			}
		}
		if !content {
			if len(cells) > 1 {
				r.empty++
			}
			continue
		}
		edge := r.edge
		if r.sep == ' ' {
			edge = 1
		}
		for last := len(cells) - 1; edge > 0 && last > 0 && cells[last] == ""; last-- {
			cells = cells[:last]
			edge--
		}
		return record{line, cells}, nil
	}
}

// unquoted says what is wrong with quotes.
func unquoted(err *csv.ParseError) error {
	switch {
	case errors.Is(err.Err, csv.ErrBareQuote):
		return fmt.Errorf("line %d, character %d: a quote inside a cell: put the whole cell in quotes, and write those inside it twice",
			err.Line, err.Column)
	case errors.Is(err.Err, csv.ErrQuote):
		return fmt.Errorf("line %d: a cell in quotes does not end, or something stands behind its quote (line %d, character %d): "+
			"close it, and write quotes inside it twice",
			err.StartLine, err.Line, err.Column)
	}
	return fmt.Errorf("line %d, character %d: %w", err.Line, err.Column, err.Err)
}

// maxSample bounds the bytes of what is looked at to tell how a table is written.
const maxSample = 1 << 18

// sample reads the first records of a table, at most 500 of them, and how many
// separators its lines end with.
func sample(text []byte, sep rune) (first []record, edge int, err error) {
	r := newRecords(beginning(text), sep, 0)
	for len(first) < 500 {
		rec, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		rec.cells = append([]string(nil), rec.cells...)
		first = append(first, rec)
	}
	for trimEdge(first) {
		edge++
	}
	if len(first) > 1 {
		first[0].cells = first[0].upTo(len(first[1].cells))
	}
	return first, edge, nil
}

// beginning is the first lines of a text: those that end within maxSample
// bytes, and two at least.
func beginning(text []byte) []byte {
	if len(text) <= maxSample {
		return text
	}
	if end := bytes.LastIndexByte(text[:maxSample], '\n'); bytes.Count(text[:end+1], []byte("\n")) > 1 {
		return text[:end+1]
	}
	end := 0
	for range 2 {
		line := bytes.IndexByte(text[end:], '\n')
		if line < 0 {
			return text
		}
		end += line + 1
	}
	return text[:end]
}

// trimEdge takes the empty cell off the ends of records if all of them have
// one: separators stand there at the ends of lines. The header may lack it.
func trimEdge(list []record) bool {
	if len(list) < 2 {
		return false
	}
	columns := len(list[1].cells)
	for _, rec := range list[1:] {
		if len(rec.cells) != columns || columns < 2 || rec.cells[columns-1] != "" {
			return false
		}
	}
	head := &list[0]
	switch {
	case len(head.cells) == columns && head.cells[columns-1] == "":
		head.cells = head.cells[:columns-1]
	case columns > 2 && len(head.cells) == columns-1 && head.cells[columns-2] == "": // it leaves out the name of R's row names
		head.cells = head.cells[:columns-2]
	case len(head.cells) != columns-1:
		return false
	}
	for i := range list[1:] {
		list[i+1].cells = list[i+1].cells[:columns-1]
	}
	return true
}
