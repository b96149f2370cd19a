package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show RUN",
		Short: "Show everything about one run",
		Long: `Shows a run's configuration, results, epochs and provenance. RUN is any unambiguous
beginning of its identity.`,
		Example: `  nightshift show 3f2a
  nightshift show 3f2a --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.show(cmd.Context(), db, args[0], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	a.add(c, a.showActivationCommand())
	return c
}

func (a *app) show(ctx context.Context, db *store.DB, prefix string, asJSON bool) error {
	d, err := readRun(ctx, db, prefix)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(d.json())
	}
	a.printRun(d)
	return nil
}

// runDetails is all that show says of a run.
type runDetails struct {
	store.Run
	epochs   []store.Epoch
	computed map[string]jsonNumber // metrics of its test outputs, by their names in claims
	tags     []string
	notes    []string
}

// readRun reads the run whose identity begins with prefix; the error is one of usage where there is none, or are several.
func readRun(ctx context.Context, db *store.DB, prefix string) (d runDetails, err error) {
	r, err := db.Run(ctx, prefix)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
		return d, usage(err)
	}
	if err != nil {
		return d, err
	}
	now := []store.Run{r}
	if err := currentStatus(ctx, db, now); err != nil {
		return d, err
	}
	d.Run = now[0]
	if d.epochs, err = db.Epochs(ctx, d.ID); err != nil {
		return d, err
	}
	if d.computed, err = derived(ctx, db, d.Run); err != nil {
		return d, err
	}
	remarks, err := db.RunRemarks(ctx, d.ID)
	d.tags, d.notes = remarkTexts(remarks, store.Tag), remarkTexts(remarks, store.Note)
	return d, err
}

func (a *app) printRun(d runDetails) {
	line := func(name string, value any) { fmt.Fprintf(a.out, "%-11s %v\n", name, value) }
	line("run", d.ID)
	line("cell", d.Label)
	line("status", d.Status)
	if d.Reason != "" {
		line("reason", d.Reason)
	}
	line("seeds", fmt.Sprintf("data %d, init %d, order %d", d.SeedData, d.SeedInit, d.SeedOrder))
	line("parameters", d.Parameters)
	if !d.Started.IsZero() {
		line("started", d.Started.Local().Format("2006-01-02 15:04:05"))
		line("took", duration(d.Seconds))
		line("made by", madeBy(d.Provenance))
		line("repository", d.Repository)
	}
	if len(d.tags) > 0 {
		line("tags", strings.Join(d.tags, ", "))
	}
	for _, note := range d.notes {
		line("note", note)
	}
	if len(d.computed) > 0 {
		line("test", derivedWords(d.computed))
	}
	if len(d.epochs) > 0 {
		fmt.Fprintf(a.out, "\n%s\n", a.epochTable(d.epochs))
	}
	fmt.Fprintln(a.out, "\nconfiguration")
	printConfig(a, d.Config)
	if d.Stack != "" {
		fmt.Fprintf(a.out, "\n%s\n", strings.TrimSpace(d.Stack))
	}
}

// derived are the metrics of the stored test outputs of a run, by their names in claims.
func derived(ctx context.Context, db *store.DB, r store.Run) (map[string]jsonNumber, error) {
	logits, err := db.Outputs(ctx, r.ID)
	if err != nil || len(logits) == 0 {
		return nil, err
	}
	data, err := db.Dataset(ctx, r.Data)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := study.ReadConfig(r.Config)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", study.ShortID(r.ID), err)
	}
	values := map[string]jsonNumber{}
	for _, d := range metric.AllDerived() {
		if v := verdict.Derive(d, c, data, logits); v.Valid {
			values[d.Measure()] = jsonNumber(v)
		}
	}
	return values, nil
}

// derivedWords are such metrics on one line, in the order of their table.
func derivedWords(values map[string]jsonNumber) string {
	var words []string
	for _, d := range metric.AllDerived() {
		v, ok := values[d.Measure()]
		switch {
		case ok && d.Percent:
			words = append(words, d.Title+" "+percent(store.Number(v)))
		case ok:
			words = append(words, d.Title+" "+metricText(store.Number(v)))
		}
	}
	return strings.Join(words, ", ")
}

func madeBy(p store.Provenance) string {
	return fmt.Sprintf("nightshift %s, %s, %s, kernel %s, on %s", p.Version, p.Go, p.CPU, p.Kernel, p.Host)
}

// printConfig writes one key a line, in the order of the stored JSON.
func printConfig(a *app, config json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(config))
	d.Token() // the opening brace
	for d.More() {
		key, _ := d.Token()
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return
		}
		fmt.Fprintf(a.out, "  %-16s %s\n", key, value)
	}
}

// epochTable shows the first and last epochs and a few in between.
func (a *app) epochTable(epochs []store.Epoch) string {
	t := a.newTable(table.Row{"epoch", "train loss", "train error", "valid error", "test error", "test MSE"},
		"epoch", "train loss", "train error", "valid error", "test error", "test MSE")
	step := max(1, (len(epochs)-1)/10)
	for i, e := range epochs {
		if i%step == 0 || i == len(epochs)-1 {
			t.AppendRow(table.Row{e.Epoch, metricText(e.Train.Loss), percent(e.Train.Error), percent(e.Valid.Error),
				percent(e.Test.Error),
				metricText(e.Test.MSE)})
		}
	}
	return t.Render()
}

type shownRun struct {
	ID         string                  `json:"id"`
	Cell       string                  `json:"cell"`
	Label      string                  `json:"label"`
	Status     store.Status            `json:"status"`
	Reason     string                  `json:"reason,omitempty"`
	Seeds      map[string]uint64       `json:"seeds"`
	Parameters int                     `json:"parameters"`
	Final      map[string]shownMetrics `json:"final"`
	Derived    map[string]jsonNumber   `json:"derived,omitempty"` // of the test outputs
	Epochs     []shownEpoch            `json:"epochs"`
	Seconds    float64                 `json:"seconds"`
	Started    time.Time               `json:"started_at,omitzero"`
	Finished   time.Time               `json:"finished_at,omitzero"`
	Config     json.RawMessage         `json:"config"`
	Provenance store.Provenance        `json:"provenance"`
	Tags       []string                `json:"tags,omitempty"`
	Notes      []string                `json:"notes,omitempty"`
}

func (d runDetails) json() shownRun {
	return shownRun{
		ID: d.ID, Cell: d.Cell, Label: d.Label, Status: d.Status, Reason: d.Reason, Config: d.Config,
		Seeds:      map[string]uint64{"data": d.SeedData, "init": d.SeedInit, "order": d.SeedOrder},
		Parameters: d.Parameters, Final: splits(d.Train, d.Valid, d.Test), Derived: d.computed, Epochs: shownEpochs(d.epochs),
		Seconds: d.Seconds, Started: d.Started, Finished: d.Finished, Provenance: d.Provenance, Tags: d.tags, Notes: d.notes,
	}
}

// shownMetrics has the metrics of a split by their names.
type shownMetrics = metric.Metrics[jsonNumber]

type shownEpoch struct {
	Epoch  int                     `json:"epoch"`
	Steps  int                     `json:"steps"`
	LR     float64                 `json:"lr"`
	Splits map[string]shownMetrics `json:"splits"`
}

func shownEpochs(epochs []store.Epoch) []shownEpoch {
	list := make([]shownEpoch, len(epochs))
	for i, e := range epochs {
		list[i] = shownEpoch{e.Epoch, e.Steps, e.LR, splits(e.Train, e.Valid, e.Test)}
	}
	return list
}

func splits(train, valid, test store.Metrics) map[string]shownMetrics {
	m := map[string]shownMetrics{}
	for name, s := range map[string]store.Metrics{"train": train, "valid": valid, "test": test} {
		if s.Loss.Valid {
			m[name] = metric.Map(s, func(_ metric.Metric, v store.Number) jsonNumber { return jsonNumber(v) })
		}
	}
	return m
}
