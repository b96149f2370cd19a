package cli

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"nightshift/internal/file"
)

// rowPrinter prints rows in one of the formats.
type rowPrinter interface {
	columns([]string) error
	row([]any) error
	end() error
}

func (a *app) rowPrinter(format string) rowPrinter {
	switch format {
	case "csv":
		return &csvRows{w: csv.NewWriter(a.out)}
	case "json":
		return &jsonRows{w: a.out}
	}
	return &tableRows{w: a.out, markdown: format == "markdown"}
}

// tableRows prints for people, when all rows are there.
type tableRows struct {
	w        io.Writer
	t        *textTable
	markdown bool
}

func (p *tableRows) columns(names []string) error {
	header := make(table.Row, len(names))
	for i, n := range names {
		header[i] = fit(n, math.MaxInt)
	}
	p.t = newTable(widthOf(p.w), header)
	return nil
}

func (p *tableRows) row(values []any) error {
	row := make(table.Row, len(values))
	for i, v := range values {
		if x, ok := v.(float64); ok {
			row[i] = x // numbers stand on the right
			continue
		}
		if n, ok := v.(int64); ok {
			row[i] = n
			continue
		}
		row[i] = fit(valueText(v), math.MaxInt)
	}
	p.t.AppendRow(row)
	return nil
}

func (p *tableRows) end() error {
	text := p.t.Render()
	if p.markdown {
		text = p.t.RenderMarkdown()
	}
	_, err := fmt.Fprintln(p.w, text)
	return err
}

// csvRows prints rows as they come.
type csvRows struct{ w *csv.Writer }

func (p *csvRows) columns(names []string) error {
	fields := make([]string, len(names))
	for i, n := range names {
		fields[i] = file.NoFormula(n)
	}
	return p.w.Write(fields)
}

func (p *csvRows) row(values []any) error {
	fields := make([]string, len(values))
	for i, v := range values {
		fields[i] = file.Cell(v)
	}
	return p.w.Write(fields)
}

func (p *csvRows) end() error {
	p.w.Flush()
	return p.w.Error()
}

// jsonRows prints a list of objects, whose keys keep the order of the columns.
type jsonRows struct {
	w     io.Writer
	names []string
	begun bool
}

func (p *jsonRows) columns(names []string) error {
	for i, n := range names {
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("two columns are called %s, and an object has each key once: name one otherwise with AS", n)
		}
		key, err := json.Marshal(n)
		if err != nil {
			return err
		}
		p.names = append(p.names, string(key))
	}
	return nil
}

func (p *jsonRows) row(values []any) error {
	before := ",\n"
	if !p.begun {
		before, p.begun = "[\n", true
	}
	fields := make([]string, len(values))
	for i, v := range values {
		switch x := v.(type) {
		case []byte:
			v = hex.EncodeToString(x)
		case float64:
			v = jsonNumber{V: x, Valid: true}
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		fields[i] = p.names[i] + ": " + string(value)
	}
	_, err := fmt.Fprintf(p.w, "%s  {%s}", before, strings.Join(fields, ", "))
	return err
}

func (p *jsonRows) end() error {
	last := "\n]\n"
	if !p.begun {
		last = "[]\n"
	}
	_, err := io.WriteString(p.w, last)
	return err
}

// valueText writes a value of SQL for people.
func valueText(v any) string {
	switch x := v.(type) {
	case nil:
		return "–"
	case string:
		return x
	}
	return file.Cell(v)
}
