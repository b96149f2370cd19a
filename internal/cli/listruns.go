package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

type listFlags struct {
	json        bool
	where, sort string
	columns     []string
	orphans     bool
}

// ofRuns says whether a flag was given that is about runs.
func (f listFlags) ofRuns() bool { return f.where != "" || f.sort != "" || f.columns != nil }

// defaultColumns are those of list STUDY, with their heads in its table; those of tags and notes where runs of the study have
// any.
func defaultColumns(ctx context.Context, db *store.DB, of string) ([][2]string, error) {
	list := [][2]string{{"id", "run"}, {"status", "status"}, {"label", "cell"}, {"seed_data", "data"}, {"seed_init", "init"},
		{"seed_order", "order"}, {"epochs", "epochs"}, {"train_loss", "train loss"}, {"valid_error", "valid error"},
		{"test_error", "test error"}, {"test_mse", "test MSE"}, {"seconds", "time"}}
	remarks, err := db.Remarks(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, kind := range []store.RemarkKind{store.Tag, store.Note} {
		if slices.ContainsFunc(remarks, func(r store.Remark) bool { return r.Run != "" && r.Kind == kind }) {
			name := string(kind) + "s"
			list = append(list, [2]string{name, name})
		}
	}
	return list, nil
}

// listRuns lists the runs of a study; of "" those that belong to none.
func (a *app) listRuns(ctx context.Context, db *store.DB, name string, f listFlags) error {
	alive, err := aliveOwners(ctx, db)
	if err != nil {
		return err
	}
	l := store.Listing{Study: name, Alive: alive}
	heads, err := f.ask(ctx, db, &l)
	if err != nil {
		return err
	}
	if f.json {
		p := a.rowPrinter("json")
		if err := p.columns(namesOf(l.Columns)); err != nil {
			return err
		}
		if err := listComputed(ctx, db, l, p.row); err != nil {
			return whereMistake(f.where, err)
		}
		return p.end()
	}
	t := alignedRows{heads: heads}
	if f.columns == nil {
		t.spare = []string{"time", "test MSE", "order", "data", "epochs", "train loss"}
	}
	if err := listComputed(ctx, db, l, func(values []any) error { t.add(l.Columns, values); return nil }); err != nil {
		return whereMistake(f.where, err)
	}
	return t.print(a.out)
}

// ask fills a listing from the flags, and gives the heads of its columns.
func (f listFlags) ask(ctx context.Context, db *store.DB, l *store.Listing) (heads []string, err error) {
	axes, err := db.Axes(ctx, l.Study)
	if err != nil {
		return nil, err
	}
	known := columns{list: store.RunColumns()}
	for _, k := range study.Keys().All() {
		known.add(store.ConfigColumn(k.Path))
	}
	for _, axis := range axes {
		known.add(store.AxisColumn(axis))
	}
	names := f.columns
	if names == nil {
		usual, err := defaultColumns(ctx, db, l.Study)
		if err != nil {
			return nil, err
		}
		for _, c := range usual {
			names, heads = append(names, c[0]), append(heads, c[1])
		}
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		if d, ok := metric.DerivedNamed(name); ok {
			kind := store.Measure
			if d.Percent {
				kind = store.Share
			}
			l.Columns = append(l.Columns, store.ComputedColumn(name, kind))
			continue
		}
		c, err := known.named(name)
		if err != nil {
			return nil, usage(fmt.Errorf("--columns: %w", err))
		}
		l.Columns = append(l.Columns, c)
	}
	if heads == nil {
		heads = namesOf(l.Columns)
	}
	if f.where != "" {
		if l.Where, err = known.condition(f.where); err != nil {
			return nil, usage(fmt.Errorf("--where: %w", err))
		}
	}
	if f.sort != "" {
		if l.Order, err = known.order(f.sort); err != nil {
			return nil, usage(fmt.Errorf("--sort: %w", err))
		}
	}
	l.Uses = known.uses
	return heads, nil
}

// listComputed is db.List with the metrics that are computed of stored outputs, which are read where a column asks for
// them.
func listComputed(ctx context.Context, db *store.DB, l store.Listing, row func([]any) error) error {
	computed := slices.DeleteFunc(namesOf(l.Columns), func(name string) bool { _, ok := metric.DerivedNamed(name); return !ok })
	if len(computed) == 0 {
		return db.List(ctx, l, row)
	}
	var rows [][]any
	if err := db.List(ctx, l, func(values []any) error { rows = append(rows, slices.Clone(values)); return nil }); err != nil {
		return err
	}
	for _, values := range rows {
		var of map[string]jsonNumber
		for i, c := range l.Columns {
			if _, ok := metric.DerivedNamed(c.Name); !ok {
				continue
			}
			if of == nil {
				r, err := db.Run(ctx, values[i].(string))
				if err != nil {
					return err
				}
				if of, err = derived(ctx, db, r); err != nil {
					return err
				}
				if of == nil {
					of = map[string]jsonNumber{}
				}
			}
			values[i] = nil
			if v, ok := of[c.Name]; ok && !math.IsNaN(v.V) {
				values[i] = v.V
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return nil
}

func namesOf(list []store.Column) []string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name
	}
	return names
}

// whereMistake says that the condition is none, where that is why a listing failed.
func whereMistake(where string, err error) error {
	if err != nil && where != "" && strings.Contains(err.Error(), "SQL logic error") {
		return usage(fmt.Errorf("--where %q is no condition, such as lr > 0.01 and status = 'done'", where))
	}
	return err
}

// alignedRows is a table of any length: columns are as wide as they need to be, numbers stand on the right.
type alignedRows struct {
	heads  []string
	cells  [][]string
	widths []int
	right  []bool
	spare  []string // columns that a narrow terminal may leave out, the first one first
}

func (t *alignedRows) add(columns []store.Column, values []any) {
	if t.widths == nil {
		t.right = make([]bool, len(columns))
		for i, h := range t.heads {
			t.widths = append(t.widths, widthOfText(h))
			t.right[i] = columns[i].Kind != store.Plain
		}
	}
	row := make([]string, len(values))
	for i, v := range values {
		if _, text := v.(string); !text && v != nil {
			t.right[i] = true
		}
		row[i] = columnText(columns[i], v)
		t.widths[i] = max(t.widths[i], widthOfText(row[i]))
	}
	t.cells = append(t.cells, row)
}

// columnText writes a value for people.
func columnText(c store.Column, v any) string {
	number := store.Number{Valid: v != nil}
	switch x := v.(type) {
	case float64:
		number.V = x
	case int64:
		number.V = float64(x)
	case string:
		if number.V = math.NaN(); c.Kind == store.Plain {
			if c.Name == "id" || c.Name == "cell" {
				return study.ShortID(x)
			}
			return fit(x, math.MaxInt)
		}
	}
	switch _, whole := v.(int64); {
	case v != nil && c.Kind == store.Seconds:
		return duration(number.V)
	case c.Kind == store.Share:
		return percent(number)
	case whole:
		return fmt.Sprint(v)
	}
	return metricText(number)
}

func (t *alignedRows) print(to io.Writer) error {
	w := bufio.NewWriter(to)
	if t.widths == nil {
		fmt.Fprintln(w, "no run")
		return w.Flush()
	}
	if width := widthOf(to); width > 0 && tableWidth(t.widths) > width {
		fmt.Fprintln(w, t.narrow(width).Render())
		return w.Flush()
	}
	for _, row := range slices.Insert(t.cells, 0, t.heads) {
		for i, text := range row {
			gap := strings.Repeat(" ", t.widths[i]-widthOfText(text))
			if w.WriteByte(' '); t.right[i] {
				w.WriteString(gap)
				gap = ""
			}
			w.WriteString(text)
			w.WriteString(gap)
			w.WriteByte(' ')
		}
		w.WriteByte('\n')
	}
	return w.Flush()
}

// narrow is the table for a terminal that it is wider than.
func (t *alignedRows) narrow(width int) *textTable {
	narrow := newTable(width, tableRow(t.heads))
	narrow.right, narrow.spare = t.right, t.spare
	for _, row := range t.cells {
		narrow.AppendRow(tableRow(row))
	}
	return narrow
}

func tableRow(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, cell := range cells {
		row[i] = cell
	}
	return row
}

// widthOfText is how many columns of a terminal a text takes; most are ASCII, of which that is their length.
func widthOfText(s string) int {
	if utf8.RuneCountInString(s) == len(s) {
		return len(s)
	}
	return text.StringWidth(s)
}
