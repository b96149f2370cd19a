package dataset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// csvFile reads tables for classification: numbers, and a column of labels.
var csvFile = set{
	Info: Info{
		Name:    "csv",
		Doc:     "a table of numbers and one label column (text or whole numbers), with or without header, plain or gzip",
		Default: Spec{Set: "csv", Scale: "standard"},
	},
	version: 1,
	path:    true,
	label:   true,
	read: func(s Spec, dirs []string) (*corpus, error) {
		path, err := find("csv file", []string{s.Path}, dirs)
		if err != nil {
			return nil, err
		}
		r, err := open(path)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		c, err := parseCSV(r, s.Label)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return c, nil
	},
}

// maxCSV bounds the text of a table: 1 GiB.
const maxCSV = 1 << 30

// record is a line of a table, its cells trimmed.
type record struct {
	line  int
	cells []string
}

// parseCSV reads a table. label is the name or number (from 1) of the label
// column, empty for the last. The first line is a header if no cell besides the
// label is a number. It may also be scikit-learn's: the numbers of rows and of
// columns and the names of the classes 0, 1, ...
func parseCSV(r io.Reader, label string) (*corpus, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, damaged(err)
	}
	if len(text) > maxCSV {
		return nil, fmt.Errorf("the table is larger than %d bytes; write it as idx", maxCSV)
	}
	records, err := parseRecords(bytes.TrimPrefix(text, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	t, err := headed(records, label)
	if err != nil {
		return nil, err
	}
	ex, err := t.features()
	if err != nil {
		return nil, err
	}
	names, err := t.labels(ex)
	if err != nil {
		return nil, err
	}
	return &corpus{
		sum:     fmt.Sprintf("sha256=%x label=%d", sha256.Sum256(text), t.label+1),
		classes: names,
		train:   ex,
	}, nil
}

func parseRecords(text []byte) ([]record, error) {
	c := csv.NewReader(bytes.NewReader(text))
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	var records []record
	for {
		cells, err := c.Read()
		if err == io.EOF {
			break
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return nil, fmt.Errorf("line %d, character %d: %w", parse.Line, parse.Column, parse.Err)
		}
		if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		records = append(records, record{line, cells})
	}
	if len(records) == 0 {
		return nil, errors.New("the table is empty")
	}
	return records, nil
}

// csvTable is a table whose header is known.
type csvTable struct {
	header []string // names of the columns; nil where the file has none
	rows   []record
	label  int      // column
	names  []string // of the classes 0, 1, ..., where the file lists them
}

// place names a cell in an error message.
func (t csvTable) place(row record, column int) string {
	p := fmt.Sprintf("line %d, column %d", row.line, column+1)
	if column < len(t.header) && t.header[column] != "" {
		p += " (" + t.header[column] + ")"
	}
	return p
}

// headed takes the first line for what it is and finds the label column.
func headed(records []record, label string) (csvTable, error) {
	first, rest := records[0], records[1:]
	if len(first.cells) < 2 {
		return csvTable{}, fmt.Errorf("line %d has one column: cells are separated by commas, and a table has a label and at least one input", first.line)
	}
	if rows, names, ok := sklearn(records); ok {
		if rows != len(rest) {
			return csvTable{}, fmt.Errorf("line %d says %d rows, but %d follow: is the file cut short?", first.line, rows, len(rest))
		}
		columns := len(rest[0].cells)
		column, err := labelColumn(label, nil, columns)
		if column != columns-1 {
			names = nil // they belong to the last column
		}
		return csvTable{rows: rest, label: column, names: names}, err
	}

	// The label column may only be known by a header, so numbers are counted
	// over all cells but the one that would be it.
	column, err := labelColumn(label, first.cells, len(first.cells))
	if err != nil {
		return csvTable{}, err
	}
	numbers, others := 0, 0
	for i, cell := range first.cells {
		if i == column {
			continue
		}
		if isNumber(cell) {
			numbers++
		} else {
			others++
		}
	}
	named := label != "" && first.cells[column] == label && !isNumber(label)
	textAboveNumbers := len(rest) > 0 && column < len(rest[0].cells) && !isNumber(first.cells[column]) && isNumber(rest[0].cells[column])
	switch {
	case named, numbers == 0, others == 0 && textAboveNumbers:
		return csvTable{header: first.cells, rows: rest, label: column}, nil
	case others == 0:
		return csvTable{rows: records, label: column}, nil
	}
	return csvTable{}, fmt.Errorf("line %d is neither a header nor an example: %d of its cells are numbers and %d are not", first.line, numbers, others)
}

// sklearn recognises the first line of scikit-learn's own tables.
func sklearn(records []record) (rows int, names []string, ok bool) {
	cells := records[0].cells
	if len(cells) < 4 || len(records) < 2 {
		return 0, nil, false
	}
	rows, err := strconv.Atoi(cells[0])
	columns, err2 := strconv.Atoi(cells[1])
	ok = err == nil && err2 == nil && columns+1 == len(records[1].cells) && !slices.ContainsFunc(cells[2:], isNumber)
	return rows, cells[2:], ok
}

// labelColumn finds the label column by name or number, the last by default.
func labelColumn(label string, header []string, columns int) (int, error) {
	if label == "" {
		return columns - 1, nil
	}
	i := slices.Index(header, label)
	n, err := strconv.Atoi(label)
	switch {
	case err == nil && n >= 1 && n <= columns:
		return n - 1, nil
	case err == nil:
		return 0, fmt.Errorf("there is no column %d for the label: the table has %d", n, columns)
	case i >= 0 && slices.Contains(header[i+1:], label):
		return 0, fmt.Errorf("more than one column is called %q: give the label column's number", label)
	case i >= 0:
		return i, nil
	}
	return 0, fmt.Errorf("no column is called %q for the label: the first line is %s", label, strings.Join(header, ", "))
}

func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// features reads every column but the label's.
func (t csvTable) features() (*examples, error) {
	if len(t.rows) == 0 {
		return nil, errors.New("the table has a header and no rows")
	}
	columns := len(t.rows[0].cells)
	values := make([]float64, 0, len(t.rows)*(columns-1))
	for _, row := range t.rows {
		if len(row.cells) != columns {
			return nil, fmt.Errorf("line %d has %d cells, but line %d has %d", row.line, len(row.cells), t.rows[0].line, columns)
		}
		for i, cell := range row.cells {
			if i == t.label {
				continue
			}
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil || math.IsNaN(v) || math.Abs(v) > math.MaxFloat32 {
				return nil, fmt.Errorf("%s: %s, but inputs are finite numbers; fill or drop it", t.place(row, i), quoted(cell))
			}
			values = append(values, v)
		}
	}
	return &examples{n: len(t.rows), in: columns - 1, row: floatRows(values, columns-1)}, nil
}

// labels reads the label column into ex and returns the names of the classes,
// which are in the order of the numbers or of the alphabet.
func (t csvTable) labels(ex *examples) ([]string, error) {
	names, numeric, err := t.labelNames()
	if err != nil {
		return nil, err
	}
	classes := slices.Clone(names)
	slices.SortFunc(classes, func(a, b string) int {
		if numeric {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return cmp.Compare(x, y)
		}
		return strings.Compare(a, b)
	})
	classes = slices.Compact(classes)
	if len(classes) < 2 {
		return nil, fmt.Errorf("every label in column %d is %q; there is nothing to tell apart", t.label+1, classes[0])
	}
	number := make(map[string]int32, len(classes))
	for i, name := range classes {
		number[name] = int32(i)
	}
	ex.labels = make([]int32, len(names))
	for i, name := range names {
		ex.labels[i] = number[name]
	}
	if t.names == nil {
		return classes, nil
	}
	if !slices.Equal(classes, numbered(len(t.names))) {
		return nil, fmt.Errorf("the first line names %d classes, but the labels are %s", len(t.names), strings.Join(classes, ", "))
	}
	return t.names, nil
}

// labelNames is the label of every row. If all are numbers they must be whole,
// and are written in one way.
func (t csvTable) labelNames() (names []string, numeric bool, err error) {
	numeric = true
	for _, row := range t.rows {
		cell := row.cells[t.label]
		if cell == "" {
			return nil, false, fmt.Errorf("%s: the label is missing", t.place(row, t.label))
		}
		names = append(names, cell)
		numeric = numeric && isNumber(cell)
	}
	if !numeric {
		return names, false, nil
	}
	for i, name := range names {
		v, err := strconv.ParseFloat(name, 64)
		if err != nil || v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return nil, false, fmt.Errorf("%s: label %s is not a class: classes are text or whole numbers; name another column with label", t.place(t.rows[i], t.label), name)
		}
		names[i] = strconv.Itoa(int(v))
	}
	return names, true, nil
}

func quoted(cell string) string {
	if cell == "" {
		return "the cell is empty"
	}
	return fmt.Sprintf("the cell holds %q", cell)
}
