package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// csvReader reads a file that Table.CSV has written, by the names of its columns. The first thing that is wrong is its err, with
// the line, and from then on values are zero.
type csvReader struct {
	path    string
	file    *os.File
	rows    *csv.Reader
	columns map[string]int
	row     []string
	err     error
}

// openCSV opens a file that has to have some columns; it may have others.
func openCSV(path string, columns []string) (*csvReader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	from := bufio.NewReaderSize(f, 1<<16)
	if mark, err := from.Peek(3); err == nil && string(mark) == "\ufeff" { // as some programs put in front of UTF-8
		from.Discard(3)
	}
	r := &csvReader{path: path, file: f, rows: csv.NewReader(from), columns: map[string]int{}}
	r.rows.ReuseRecord = true
	head, err := r.rows.Read()
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("%s is empty", path)
	}
	if err != nil {
		f.Close()
		return nil, r.at(err)
	}
	for i, name := range head {
		r.columns[file.Uncelled(name)] = i
	}
	for _, name := range columns {
		if _, ok := r.columns[name]; !ok {
			f.Close()
			return nil, fmt.Errorf("%s:1: there is no column %s", path, name)
		}
	}
	return r, nil
}

// at says in which file a fault is; package csv knows the line.
func (r *csvReader) at(err error) error {
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return fmt.Errorf("%s:%d: %w", r.path, fault.Line, fault.Err)
	}
	return err
}

// next goes to the next row, and says whether there is one.
func (r *csvReader) next() bool {
	if r.err != nil {
		return false
	}
	r.row, r.err = r.rows.Read()
	if errors.Is(r.err, io.EOF) {
		r.err = nil
		return false
	}
	r.err = r.at(r.err)
	return r.err == nil
}

// close ends the reading, and says what was wrong.
func (r *csvReader) close() error { return errors.Join(r.err, r.file.Close()) }

// fail notes what is wrong with the row.
func (r *csvReader) fail(format string, args ...any) {
	if r.err == nil {
		line, _ := r.rows.FieldPos(0)
		r.err = fmt.Errorf("%s:%d: %s", r.path, line, fmt.Sprintf(format, args...))
	}
}

func (r *csvReader) text(column string) string { return file.Uncelled(r.row[r.columns[column]]) }

// read is the value of a column that parse reads.
func read[T any](r *csvReader, column, kind string, parse func(string) (T, error)) T {
	text := r.text(column)
	v, err := parse(text)
	if err != nil {
		r.fail("%s is %q, which is no %s", column, text, kind)
	}
	return v
}

func (r *csvReader) integer(column string) int {
	return int(read(r, column, "whole number", func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }))
}

func (r *csvReader) real(column string) float64 {
	return read(r, column, "number", func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
}

// number is one that may not be there.
func (r *csvReader) number(column string) store.Number {
	if r.text(column) == "" {
		return store.Number{}
	}
	return store.Number{V: r.real(column), Valid: true}
}

func (r *csvReader) logical(column string) bool {
	return read(r, column, "true or false", strconv.ParseBool)
}

// moment is a time that may not be there.
func (r *csvReader) moment(column string) time.Time {
	return read(r, column, "time (2026-03-01T21:30:00.000Z)", func(s string) (time.Time, error) {
		if s == "" {
			return time.Time{}, nil
		}
		return time.Parse(time.RFC3339, s)
	})
}

// fromJSON reads the JSON that a column has.
func fromJSON[T any](r *csvReader, column string) T {
	return read(r, column, "JSON of this column", func(s string) (v T, err error) {
		err = json.Unmarshal([]byte(s), &v)
		return v, err
	})
}

// numbersOf are the numbers that words has put into a column.
func numbersOf[T int32 | float32](r *csvReader, column string) []T {
	var list []T
	for word := range strings.FieldsSeq(r.text(column)) {
		v, err := strconv.ParseFloat(word, 32)
		if err != nil {
			r.fail("%s has %q, which is no number", column, word)
		}
		list = append(list, T(v))
	}
	return list
}

// metrics are those of a split, whose columns prefix names.
func (r *csvReader) metrics(name func(metric.Metric) string) (m store.Metrics) {
	for i, n := range m.Fields() {
		*n = r.number(name(metric.All()[i]))
	}
	return m
}
