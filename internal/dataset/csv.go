package dataset

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvFile reads tables: columns of numbers or words, and one of labels or of
// what a regression predicts.
var csvFile = set{
	Info: Info{
		Name:    "csv",
		Doc:     "a table of numbers and one label column (text or whole numbers), with or without header, plain or gzip",
		Default: Spec{Set: "csv", Scale: "standard"},
	},
	version: 1,
	path:    true,
	label:   true,
	read:    readCSV,
}

// maxCSV bounds the text of a table: 1 GiB.
const maxCSV = 1 << 30

// readCSV reads the table of a request and, where it has one, the table of its
// test examples, whose columns and classes are the same.
func readCSV(r Spec, dirs []string) (*corpus, error) {
	path, t, err := readTables(r, dirs)
	if err != nil {
		return nil, err
	}
	c, err := t.corpus()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// readTables reads the tables of a request; path is where the first of them was found.
func readTables(r Spec, dirs []string) (path string, t *csvTable, err error) {
	path, text, err := tableText("csv file", r.Path, dirs)
	if err != nil {
		return "", nil, err
	}
	if t, err = parseCSV(text, r); err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	if r.TestPath != "" {
		testPath, testText, err := tableText("csv file of test_path", r.TestPath, dirs)
		if err != nil {
			return "", nil, err
		}
		if t.test, err = t.parseLike(testText, r); err != nil {
			return "", nil, fmt.Errorf("%s: %w", testPath, err)
		}
	}
	return path, t, nil
}

// tableText finds a file and reads its text.
func tableText(what, place string, dirs []string) (string, []byte, error) {
	path, err := find(what, []string{place}, dirs)
	if err != nil {
		packed, packedErr := find(what, []string{place + ".gz"}, dirs)
		if packedErr != nil {
			return "", nil, err
		}
		path = packed
	}
	r, size, err := open(path)
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	text, err := readText(r, size)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", path, err)
	}
	return path, text, nil
}

// readText reads at most maxCSV bytes into a buffer that begins with the size
// that is expected.
func readText(r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(size, maxCSV)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(r, maxCSV+1)); err != nil {
		return nil, damaged(err)
	}
	if b.Len() > maxCSV {
		return nil, fmt.Errorf("the table is larger than the limit of %d bytes; write it as idx or npy", maxCSV)
	}
	return b.Bytes(), nil
}

// csvTable is what a file of comma-separated values, or of their kin, holds.
type csvTable struct {
	layout
	heading
	sum   string // SHA-256 of the text, with the marks of its reading
	sep   rune
	edge  int      // separators at the ends of its lines
	notes []string // warnings of how its text was read
	fixed bool     // its columns are those of a training
	read
	vocabularies []*vocabulary // of columns of words, labels and groups; nil for others
	truths       []truth       // of columns of inputs
	test         *csvTable     // of test_path
}

// parseCSV reads a table.
func parseCSV(text []byte, r Spec) (*csvTable, error) {
	t := &csvTable{sum: fmt.Sprintf("sha256=%x", sha256.Sum256(text))}
	text, first, err := t.begin(text, r)
	if err != nil {
		return nil, err
	}
	if t.heading, err = readHeading(first, t.sep, r.Label, r.Header); err != nil {
		return nil, err
	}
	columns := len(first[0].cells)
	if t.skip > 0 {
		if len(first) == 1 {
			return nil, fmt.Errorf("the table has a header and no rows")
		}
		columns = len(first[1].upTo(len(t.names)))
		if t.names != nil && columns == 1 && strings.IndexAny(first[1].cells[0], "#%") == 0 {
			return nil, fmt.Errorf("line %d is a comment below the header: take it out", first[1].line)
		}
		if t.names != nil && len(t.names) != columns {
			return nil, fmt.Errorf("line %d names %s, but line %d has %s; if line %d is a title or a comment, take it out",
				first[0].line, counted(len(t.names), "column"), first[1].line, counted(columns, "cell"), first[0].line)
		}
	}
	if t.layout, err = arrange(r, t.names, columns); err != nil {
		return nil, err
	}
	if err := t.secondHeader(first, t.skip, t.sep); err != nil {
		return nil, err
	}
	t.findTruths(first[t.skip:])
	t.findThousands(first[t.skip:])
	t.vocabularies = make([]*vocabulary, columns)
	for i, role := range t.roles {
		if role == asWords || role == asLabel || role == asGroup {
			t.vocabularies[i] = newVocabulary()
		}
	}
	if t.sep != ',' {
		t.sum += fmt.Sprintf(" sep=%q", t.sep)
	}
	t.sum += t.heading.mark + t.layout.mark
	return t, t.readRows(text)
}

// parseLike reads a table of test examples in the way in which the training
// examples were read, with the same numbers for the same words.
func (t *csvTable) parseLike(text []byte, r Spec) (*csvTable, error) {
	test := &csvTable{sum: fmt.Sprintf("%x", sha256.Sum256(text)), layout: t.layout, vocabularies: t.vocabularies,
		truths: t.truths}
	text, first, err := test.begin(text, r)
	if err != nil {
		return nil, err
	}
	if test.heading, err = readHeading(first, test.sep, r.Label, r.Header); err != nil {
		return nil, err
	}
	if columns := len(first[min(test.skip, len(first)-1)].upTo(len(t.roles))); columns != len(t.roles) {
		return nil, fmt.Errorf("it has %d columns, but the training examples have %d%s", columns, len(t.roles),
			t.withoutLabel(test.names))
	}
	if test.names != nil && t.names != nil && !slices.Equal(test.names, t.names) {
		return nil, fmt.Errorf("its columns are %s, but those of the training examples are %s", Listed(test.names),
			Listed(t.names))
	}
	return test, test.readRows(text)
}

// withoutLabel says so of the names of a test table that has all columns but the label.
func (t *csvTable) withoutLabel(names []string) string {
	at := t.labels[0]
	if at >= len(t.names) || !slices.Equal(names, slices.Delete(slices.Clone(t.names), at, at+1)) {
		return ""
	}
	return fmt.Sprintf(": the label, %s, is missing, and without it there is no test error", shortened(t.names[at]))
}

// begin makes text of a file, finds its separator and reads its first records.
func (t *csvTable) begin(text []byte, r Spec) ([]byte, []record, error) {
	text, note, err := plainText(text)
	if err != nil {
		return nil, nil, err
	}
	if note != "" {
		t.notes = append(t.notes, note)
	}
	if err := narrow(text); err != nil {
		return nil, nil, err
	}
	if note := uncomment(text, r); note != "" {
		t.notes = append(t.notes, note)
		if err := wrongKind(bytes.TrimSpace(text)); err != nil {
			return nil, nil, err
		}
	}
	t.sep, _ = separator(r.Sep)
	hint, text := excelHint(text)
	if t.sep == 0 {
		t.sep = hint
	}
	if t.sep == 0 {
		if t.sep, err = sniff(text); err != nil {
			return nil, nil, err
		}
	}
	first, edge, err := sample(text, t.sep)
	if err != nil {
		return nil, nil, err
	}
	if len(first) == 0 {
		return nil, nil, fmt.Errorf("the table is empty")
	}
	t.edge = edge
	return text, first, nil
}
