// Package export writes what a database holds of a study for other programs.
//
// table.go says what a table is; runs.go, epochs.go, predictions.go and study.go are those of a study; text.go and parquet.go
// write any of them, and readcsv.go and imported.go make a database of the CSV files of all. tensorboard.go and mlflow.go write
// what those programs read, events.go and hparams.go the records of the former.
package export

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Kind is what the values of a column are: string, int64, float64 or bool, or nil where there is none.
type Kind int

// The kinds of columns.
const (
	Text Kind = iota
	Integer
	Real
	Logical
)

// Column of a table.
type Column struct {
	Name string
	Kind Kind
}

// Table is rows of values that are read as they are asked for.
type Table struct {
	Columns []Column
	// Rows hands each row to yield, which may not keep it: a value for each column.
	Rows func(ctx context.Context, yield func([]any) error) error
}

// members are the runs of a study with their places on its axes.
type members struct {
	runs   []store.Run
	places map[string]store.StudyRun // by run
	axes   map[string]map[string]any // values by run and axis
	order  []string                  // the axes, as the study has them
	kinds  map[string]Kind           // of the axes
}

func readMembers(ctx context.Context, db *store.DB, name string) (members, error) {
	m := members{places: map[string]store.StudyRun{}, axes: map[string]map[string]any{}, kinds: map[string]Kind{}}
	var err error
	if m.runs, err = db.Runs(ctx, name); err != nil {
		return m, err
	}
	of, err := db.StudyRuns(ctx, name)
	if err != nil {
		return m, err
	}
	for _, one := range of {
		m.places[one.RunID] = one
		var values []study.AxisValue
		if len(one.Axes) > 0 {
			if err := json.Unmarshal(one.Axes, &values); err != nil {
				return m, fmt.Errorf("axes of run %.12s: %w", one.RunID, err)
			}
		}
		place := map[string]any{}
		for _, v := range values {
			value, kind := axisValue(v)
			place[v.Axis] = value
			if known, ok := m.kinds[v.Axis]; !ok {
				m.order = append(m.order, v.Axis)
				m.kinds[v.Axis] = kind
			} else {
				m.kinds[v.Axis] = common(known, kind)
			}
		}
		m.axes[one.RunID] = place
	}
	for _, place := range m.axes {
		for axis, v := range place {
			place[axis] = converted(v, m.kinds[axis])
		}
	}
	return m, nil
}

// label is the cell of a run in words.
func (m members) label(run string) string { return m.places[run].CellLabel }

// axisValue is the value on a plain axis, and the label on one that has more than a value.
func axisValue(v study.AxisValue) (any, Kind) {
	switch x := v.Value.(type) {
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
			return int64(x), Integer
		}
		return x, Real
	case bool:
		return x, Logical
	}
	return v.Label, Text
}

// common is the kind of a column that holds values of two kinds.
func common(a, b Kind) Kind {
	switch {
	case a == b:
		return a
	case a != Text && a != Logical && b != Text && b != Logical:
		return Real
	}
	return Text
}

// converted is a value in a column of a kind.
func converted(v any, k Kind) any {
	switch x := v.(type) {
	case int64:
		if k == Real {
			return float64(x)
		}
	}
	if _, ok := v.(string); k == Text && !ok {
		return fmt.Sprint(v)
	}
	return v
}

// axisColumns names the columns of the axes; one that would be called as another column is has axis. in front.
func (m members) axisColumns(others ...string) []Column {
	var columns []Column
	for _, axis := range m.order {
		name := axis
		if slices.Contains(others, axis) {
			name = "axis." + axis
		}
		columns = append(columns, Column{name, m.kinds[axis]})
	}
	return columns
}

// axisValues are the values of a run in those columns.
func (m members) axisValues(id string) []any {
	values := make([]any, len(m.order))
	for i, axis := range m.order {
		values[i] = m.axes[id][axis]
	}
	return values
}

func metricValue(n store.Number) any {
	if !n.Valid {
		return nil
	}
	return n.V
}
