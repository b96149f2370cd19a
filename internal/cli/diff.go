package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

func (a *app) diffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Show in what two runs or cells differ, and by how much",
		Long: `Compares two runs, or two cells of studies: the keys of their configurations that differ,
and the paired difference. A run is any unambiguous beginning of its identity. A cell is
STUDY:LABEL; places on axes stand in any order and any spelling of a study file, with
commas or blanks between them, and axes may have other programs' names and be plurals.

Two runs are compared on the test examples that only one of them gets wrong (McNemar's test, exact
below 25): that is about these two networks. Cells are compared over the units that they share,
which is about networks of their kind.`,
		Example: `  nightshift diff 3f2a 91bc
  nightshift diff 'quickstart:softmax+ce, lr=1' 'quickstart:lr=1e-1 softmax+ce'`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			cells := strings.Contains(args[0], ":")
			if cells != strings.Contains(args[1], ":") {
				return usage(errors.New("a run and a cell cannot be compared; name two runs, or two cells as STUDY:LABEL"))
			}
			d := difference{A: args[0], B: args[1]}
			if cells {
				err = a.diffCells(cmd.Context(), db, &d)
			} else {
				err = diffRuns(cmd.Context(), db, &d)
			}
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(d)
			}
			a.printDifference(d)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// difference is what diff finds.
type difference struct {
	A       string             `json:"a"`
	B       string             `json:"b"`
	Keys    []keyDifference    `json:"keys"`
	Metrics []metricDifference `json:"metrics"` // on validation and test
	McNemar *pairJSON          `json:"mcnemar,omitempty"`

	FiveByTwo *fiveByTwoJSON `json:"cv5x2,omitempty"`

	lines []string // in words, behind the table
}

type keyDifference struct {
	Key string          `json:"key"`
	A   json.RawMessage `json:"a"`
	B   json.RawMessage `json:"b"`
}

// metricDifference is a metric of both, and A minus B.
type metricDifference struct {
	Metric     string       `json:"metric"`
	A          estimateJSON `json:"a"`
	B          estimateJSON `json:"b"`
	Difference estimateJSON `json:"difference"`
	row        table.Row
}

// fiveByTwoJSON is the test of two cells by five halvings of one pool.
type fiveByTwoJSON struct {
	F  jsonNumber `json:"f"`
	PF jsonNumber `json:"p_f"`
	T  jsonNumber `json:"t"`
	PT jsonNumber `json:"p_t"`
}

type pairJSON struct {
	OnlyA    int     `json:"only_a_wrong"`
	OnlyB    int     `json:"only_b_wrong"`
	Examples int     `json:"test_examples"`
	P        float64 `json:"p"`
	Method   string  `json:"method"`
}

func diffRuns(ctx context.Context, db *store.DB, d *difference) error {
	var runs []store.Run
	for _, prefix := range []string{d.A, d.B} {
		r, err := db.Run(ctx, prefix)
		if errors.Is(err, store.ErrNotFound) {
			return usage(fmt.Errorf("%w; a cell is named with its study, as STUDY:LABEL", err))
		}
		if errors.Is(err, store.ErrAmbiguous) {
			return usage(err)
		}
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	x, y := runs[0], runs[1]
	var err error
	if d.Keys, err = diffKeys(x.Config, y.Config); err != nil {
		return err
	}
	for _, s := range []struct {
		name string
		a, b any
	}{{"seed_data", x.SeedData, y.SeedData}, {"seed_init", x.SeedInit, y.SeedInit}, {"seed_order", x.SeedOrder, y.SeedOrder},
		{"status", x.Status, y.Status}, {"kernel", x.Kernel, y.Kernel}, {"version", x.Version, y.Version}} {
		a, _ := json.Marshal(s.a)
		b, _ := json.Marshal(s.b)
		if string(a) != string(b) {
			d.Keys = append(d.Keys, keyDifference{s.name, a, b})
		}
	}
	for _, split := range metric.Splits() {
		for _, m := range metric.All() {
			d.addRuns(split, m, x, y)
		}
	}
	pair, err := verdict.PairOf(ctx, db, x, y)
	if err != nil {
		return err
	}
	if pair.Because != "" {
		d.lines = append(d.lines, "no test of the two on test examples: "+pair.Because)
		return nil
	}
	d.McNemar = &pairJSON{pair.OnlyX, pair.OnlyY, pair.Examples, pair.P, pair.Method}
	d.lines = append(d.lines, fmt.Sprintf("of %d test examples only A gets %d wrong, only B %d: p %s (%s), about these two networks",
		pair.Examples, pair.OnlyX, pair.OnlyY, number.P(pair.P), pair.Method))
	return nil
}

// addRuns adds a metric of two runs, where both have it.
func (d *difference) addRuns(split string, m metric.Metric, x, y store.Run) {
	of := func(r store.Run) store.Number {
		return map[string]store.Metrics{"train": r.Train, "valid": r.Valid, "test": r.Test}[split].At(m)
	}
	a, b := of(x), of(y)
	if !a.Valid || !b.Valid {
		return
	}
	write, delta := metricText, store.Number{V: a.V - b.V, Valid: true}
	apart := write(delta)
	if m.Percent {
		write, apart = percent, strings.TrimSuffix(percent(delta), "%")+"points"
	}
	d.Metrics = append(d.Metrics, metricDifference{Metric: m.Of(split), A: estimateJSON{Mean: jsonNumber(a), N: 1},
		B: estimateJSON{Mean: jsonNumber(b), N: 1}, Difference: estimateJSON{Mean: jsonNumber(delta), N: 1},
		row: table.Row{m.Of(split), write(a), write(b), apart}})
}

func (a *app) printDifference(d difference) {
	short := func(name string) string {
		if strings.Contains(name, ":") {
			return name
		}
		return study.ShortID(name)
	}
	fmt.Fprintf(a.out, "A  %s\nB  %s\n\n", short(d.A), short(d.B))
	if len(d.Keys) == 0 {
		fmt.Fprintln(a.out, "the configurations are the same")
	} else {
		t := a.newTable(table.Row{"key", "A", "B"})
		for _, k := range d.Keys {
			t.AppendRow(table.Row{k.Key, orNone(k.A), orNone(k.B)})
		}
		fmt.Fprintln(a.out, t.Render())
	}
	if len(d.Metrics) > 0 {
		t := a.newTable(table.Row{"metric", "A", "B", "A − B"}, "A", "B", "A − B")
		for _, m := range d.Metrics {
			t.AppendRow(m.row)
		}
		fmt.Fprintf(a.out, "\n%s\n", t.Render())
	}
	for _, line := range d.lines {
		fmt.Fprintln(a.out, line)
	}
}

func orNone(v json.RawMessage) string {
	if v == nil {
		return "–"
	}
	return string(v)
}
