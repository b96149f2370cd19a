package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"nightshift/internal/file"
)

// CSV writes a table with its names in the first line. NaN and the infinities are NaN, +Inf and -Inf, what is not there is
// empty, and text that a spreadsheet would take for a formula has a ' in front.
func (t Table) CSV(ctx context.Context, to io.Writer) error {
	w := csv.NewWriter(to)
	fields := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = file.NoFormula(c.Name)
	}
	if err := w.Write(fields); err != nil {
		return err
	}
	err := t.Rows(ctx, func(row []any) error {
		for i, v := range row {
			fields[i] = file.Cell(v)
		}
		return w.Write(fields)
	})
	if err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// JSONL writes an object a row. JSON has no NaN and no infinity: they are the strings "NaN", "+Inf" and "-Inf".
func (t Table) JSONL(ctx context.Context, to io.Writer) error {
	w := bufio.NewWriter(to)
	keys := make([][]byte, len(t.Columns))
	for i, c := range t.Columns {
		key, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		keys[i] = append(key, ':')
	}
	err := t.Rows(ctx, func(row []any) error {
		w.WriteByte('{')
		for i, v := range row {
			if i > 0 {
				w.WriteByte(',')
			}
			w.Write(keys[i])
			if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
				v = strconv.FormatFloat(x, 'g', -1, 64)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			w.Write(value)
		}
		_, err := w.WriteString("}\n")
		return err
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
