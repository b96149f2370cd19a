package export

import (
	"context"
	"fmt"
	"time"

	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// Runs is a row a run: its cell and place on the axes, seeds, status, final metrics, provenance, whole configuration, tags and
// notes.
func Runs(ctx context.Context, db *store.DB, study string) (Table, error) {
	m, err := readMembers(ctx, db, study)
	if err != nil {
		return Table{}, err
	}
	remarks, err := remarksOf(ctx, db, study)
	if err != nil {
		return Table{}, err
	}
	head := []Column{{"run_id", Text}, {"cell", Text}, {"cell_label", Text}}
	tail := []Column{{"seed_data", Integer}, {"seed_init", Integer}, {"seed_order", Integer}, {"status", Text}, {"reason", Text},
		{"epochs", Integer}, {"parameters", Integer}, {"seconds", Real}, {"started_at", Text}, {"finished_at", Text}}
	for _, split := range metric.Splits() {
		for _, one := range metric.All() {
			tail = append(tail, Column{one.Of(split), Real})
		}
	}
	for _, name := range []string{"digest", "host", "kernel", "version", "commit", "go", "os", "cpu", "data", "config"} {
		tail = append(tail, Column{name, Text})
	}
	tail = append(tail, Column{"dirty", Logical}, Column{"repository", Text}, Column{"repository_commit", Text},
		Column{"repository_dirty", Logical}, Column{"tags", Text}, Column{"notes", Text},
		Column{"label", Text}, Column{"axes", Text}, Column{"former", Logical}, Column{"stack", Text})
	t := Table{Columns: append(head, m.axisColumns(names(head, tail)...)...)}
	t.Columns = append(t.Columns, tail...)
	t.Rows = func(ctx context.Context, yield func([]any) error) error {
		for _, r := range m.runs {
			if err := ctx.Err(); err != nil {
				return err
			}
			row := append([]any{r.ID, r.Cell, m.label(r.ID)}, m.axisValues(r.ID)...)
			row = append(row, int64(r.SeedData), int64(r.SeedInit), int64(r.SeedOrder), string(r.Status), r.Reason,
				int64(r.Epochs), int64(r.Parameters), r.Seconds, moment(r.Started), moment(r.Finished))
			for _, split := range []store.Metrics{r.Train, r.Valid, r.Test} {
				row = append(row, numbers(split)...)
			}
			row = append(row, r.Digest, r.Host, r.Kernel, r.Version, r.Commit, r.Go, r.OS, r.CPU, r.Data, string(r.Config), r.Dirty)
			row = append(row, repository(r.Repository)...)
			row = append(row, text(remarks[store.Tag][r.ID]), text(remarks[store.Note][r.ID]))
			of := m.places[r.ID]
			row = append(row, r.Label, string(of.Axes), of.Former, text(r.Stack))
			if err := yield(row); err != nil {
				return fmt.Errorf("run %.12s: %w", r.ID, err)
			}
		}
		return nil
	}
	return t, nil
}

// repository is where the user's repository is kept, its commit, and whether there were changes; the commit of none is unknown.
func repository(r store.Repository) []any {
	if r.Commit == "" {
		return []any{nil, store.UnknownCommit, nil}
	}
	return []any{text(r.Remote), r.Commit, r.Dirty}
}

// remarksOf are the tags and the notes of each run of a study, each kind in one text.
func remarksOf(ctx context.Context, db *store.DB, study string) (map[store.RemarkKind]map[string]string, error) {
	list, err := db.Remarks(ctx, study)
	if err != nil {
		return nil, err
	}
	all := map[store.RemarkKind]map[string]string{store.Tag: {}, store.Note: {}}
	for _, r := range list {
		if r.Run == "" {
			continue
		}
		of, between := all[r.Kind], ", "
		if r.Kind == store.Note {
			between = "\n"
		}
		if of[r.Run] != "" {
			of[r.Run] += between
		}
		of[r.Run] += r.Text
	}
	return all, nil
}

// text is one that may not be there.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func names(columns ...[]Column) []string {
	var list []string
	for _, some := range columns {
		for _, c := range some {
			list = append(list, c.Name)
		}
	}
	return list
}

// numbers are the metrics of a split in the order of package metric.
func numbers(m store.Metrics) []any {
	var list []any
	for _, n := range m.Fields() {
		list = append(list, metricValue(*n))
	}
	return list
}

// moment is a time as the views have it: RFC 3339, UTC; nil for none.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
