package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"nightshift/internal/store"
)

// Study is a row for each version of a study, and at last the study itself: when it was recorded, what the command line had set,
// and its file, both as JSON.
func Study(ctx context.Context, db *store.DB, name string) (Table, error) {
	all, err := db.Studies(ctx)
	if err != nil {
		return Table{}, err
	}
	versions, err := db.StudyVersions(ctx, name)
	if err != nil {
		return Table{}, err
	}
	var rows [][]any
	for _, s := range all {
		if s.Study != name {
			continue
		}
		for _, v := range append(versions, store.StudyVersion{At: s.At, YAML: s.YAML, Set: s.Set}) {
			set, err := json.Marshal(v.Set)
			if err != nil {
				return Table{}, err
			}
			yaml, err := json.Marshal(v.YAML)
			if err != nil {
				return Table{}, err
			}
			rows = append(rows, []any{s.Study, s.Question, s.Select, moment(v.At), string(set), string(yaml)})
		}
	}
	return Table{Columns: []Column{{"study", Text}, {"question", Text}, {"select", Text}, {"at", Text}, {"set", Text},
		{"yaml", Text}},
		Rows: rowsOf(rows)}, nil
}

// rowsOf hands on rows that are there already.
func rowsOf(rows [][]any) func(context.Context, func([]any) error) error {
	return func(_ context.Context, yield func([]any) error) error {
		for _, row := range rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
}

// Data is a row for each data set of a study: what it is, and the targets of its test examples, which blanks are between.
func Data(ctx context.Context, db *store.DB, study string) (Table, error) {
	runs, err := db.Runs(ctx, study)
	if err != nil {
		return Table{}, err
	}
	var rows [][]any
	seen := map[string]bool{}
	for _, r := range runs {
		if seen[r.Data] {
			continue
		}
		seen[r.Data] = true
		d, err := db.Dataset(ctx, r.Data)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return Table{}, err
		}
		classes, err := json.Marshal(d.Classes)
		if err != nil {
			return Table{}, err
		}
		warnings, err := json.Marshal(d.Warnings)
		if err != nil {
			return Table{}, err
		}
		rows = append(rows, []any{d.ID, string(d.Spec), d.Regression, int64(d.In), int64(d.Out), string(classes), string(warnings),
			d.NoiseVariance, words(d.TestLabels), words(d.TestTargets), words(d.TestTruth)})
	}
	return Table{Columns: []Column{{"data", Text}, {"spec", Text}, {"regression", Logical}, {"inputs", Integer},
		{"outputs", Integer},
		{"classes", Text}, {"warnings", Text}, {"noise_variance", Real}, {"test_labels", Text}, {"test_targets", Text},
		{"test_truth", Text}},
		Rows: rowsOf(rows)}, nil
}

// words are numbers with a blank between them; nil for none.
func words[T int32 | float32](numbers []T) any {
	if numbers == nil {
		return nil
	}
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = strconv.FormatFloat(float64(n), 'g', -1, 32)
	}
	return strings.Join(list, " ")
}

// Notes is a row for each note and tag of a study, of which run_id is empty, and of its runs.
func Notes(ctx context.Context, db *store.DB, study string) (Table, error) {
	list, err := db.Remarks(ctx, study)
	if err != nil {
		return Table{}, fmt.Errorf("notes: %w", err)
	}
	var rows [][]any
	for _, r := range list {
		rows = append(rows, []any{text(r.Run), string(r.Kind), moment(r.At), r.Text})
	}
	return Table{Columns: []Column{{"run_id", Text}, {"kind", Text}, {"at", Text}, {"text", Text}}, Rows: rowsOf(rows)}, nil
}
