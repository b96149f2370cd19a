package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"nightshift/internal/array"
	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

type predictFlags struct {
	at, to string
	json   bool
	force  bool
}

func (a *app) predictCommand() *cobra.Command {
	var f predictFlags
	c := &cobra.Command{
		Use:   "predict RUN TABLE",
		Short: "Say what a kept network makes of the rows of a table",
		Long: `Prints, for every row of a table, the class that the network of a run tells and the
probability of each class, or the values of a regression, as CSV. The rows are
scaled as the training examples of the run were, so the data that it was trained on
have to be there as they were: in the folders of --data, or where the run found them.

The columns of TABLE are found by their names, or are in the order of the training
where that had no names; the label may be missing. For a network that was trained on
images or arrays, TABLE may also be an .npy file of rows, an image, or a folder of
images, which are in the order of their names. The study has to have kept the
weights (keep: {weights: final}). Text that a spreadsheet would take for a formula
begins with an apostrophe.`,
		Example: `  nightshift predict 3f2a new.csv
  nightshift predict 3f2a new.csv -o predicted.csv
  nightshift predict 3f2a digits/
  nightshift predict 3f2a new.csv --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.predict(cmd.Context(), db, args[0], args[1], f)
		},
	}
	c.Flags().StringVar(&f.at, "at", "", "init, final or an epoch (default: the last that were kept)")
	c.Flags().StringVarP(&f.to, "output", "o", "", "file to write")
	forceFlag(c, &f.force)
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (a *app) predict(ctx context.Context, db *store.DB, prefix, table string, f predictFlags) error {
	r, err := db.Run(ctx, prefix)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
		return usage(err)
	}
	if err != nil {
		return err
	}
	c, err := study.ReadConfig(r.Config)
	if err != nil {
		return fmt.Errorf("run %s: %w", study.ShortID(r.ID), err)
	}
	w, err := keptAt(ctx, db, r, f.at)
	if err != nil {
		return err
	}
	record, err := db.Dataset(ctx, r.Data)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	c.Data = dataset.Recall(c.Data, record.Spec)
	p, err := reading(a.stop, func() (predicted, error) { return a.predictionsOf(c, r, w, table) })
	if err != nil {
		return err
	}
	return a.writePredictions(p, f)
}

// predictionsOf is what the network of a run says of the rows of a table, with the given weights.
func (a *app) predictionsOf(c study.Config, r store.Run, w store.Snapshot, table string) (predicted, error) {
	files := dataset.NewFiles(a.dataDirs())
	about, err := files.Describe(c.Data)
	if err != nil {
		return predicted{}, err
	}
	if about.Fingerprint != r.Data {
		return predicted{}, fmt.Errorf("the data are not those that run %s was trained on, so its scaling is not known: they were %q "+
			"and are %q; say with --data where the old ones are", study.ShortID(r.ID), r.Data, about.Fingerprint)
	}
	x, rows, err := files.Unseen(c.Data, r.SeedData, table)
	if err != nil {
		return predicted{}, usage(err)
	}
	logits, err := logitsOf(c, about, w, x, rows)
	if err != nil {
		return predicted{}, fmt.Errorf("run %s: %w", study.ShortID(r.ID), err)
	}
	p := predictions(c, about, logits, rows)
	p.Run, p.Epoch = r.ID, w.Epoch
	return p, nil
}

// logitsOf runs the network with the given weights on rows x.
func logitsOf(c study.Config, about dataset.About, w store.Snapshot, x []float32, rows int) ([]float32, error) {
	tensors, err := array.ReadSafetensors(w.Tensors)
	if err != nil {
		return nil, err
	}
	n, err := mlp.NewNetwork(c.Config, about.In, about.Out, mlp.Seeds{})
	if err != nil {
		return nil, err
	}
	weights := make([]mlp.Tensor, len(tensors))
	for i, t := range tensors {
		weights[i] = mlp.Tensor(t)
	}
	if err := n.SetWeights(weights); err != nil {
		return nil, err
	}
	return n.Logits(mlp.Examples{N: rows, X: x}), nil
}

// predicted is what a network says of the rows of a table.
type predicted struct {
	Run    string      `json:"run"`
	Epoch  int         `json:"epoch"`   // of the weights
	Names  []string    `json:"columns"` // classes, or targets of a regression
	Class  []string    `json:"class,omitempty"`
	Values [][]float64 `json:"values"` // probabilities of the classes, or targets, of each row
}

func predictions(c study.Config, about dataset.About, logits []float32, rows int) predicted {
	p := predicted{Names: about.Classes, Values: make([][]float64, rows)}
	values := mlp.Probabilities(c.Output, logits, rows, about.Out)
	if about.Regression {
		values = mlp.OutputValues(c.Output, logits, rows, about.Out)
		for i := range values {
			if about.Units != nil { // back to the units of the file
				u := about.Units[i%about.Out]
				values[i] = values[i]*u.SD + u.Mean
			}
		}
		p.Names = about.Outputs
	}
	for k := len(p.Names); k < about.Out; k++ {
		name := strconv.Itoa(k)
		if about.Regression {
			name = "output " + strconv.Itoa(k+1)
		}
		p.Names = append(slices.Clip(p.Names), name)
	}
	for i := range p.Values {
		p.Values[i] = values[i*about.Out : (i+1)*about.Out]
	}
	if !about.Regression {
		for _, k := range mlp.Predictions(logits, rows, about.Out) {
			p.Class = append(p.Class, p.Names[k])
		}
	}
	return p
}

func (a *app) writePredictions(p predicted, f predictFlags) error {
	write := func(w io.Writer) error {
		if f.json {
			return (&app{out: w}).printJSON(p)
		}
		return p.writeCSV(w)
	}
	if err := a.writeOut(f.to, f.force, false, write); err != nil {
		return err
	}
	a.done(f.to, "%s, by run %s after epoch %d", number.Count(len(p.Values), "row"), study.ShortID(p.Run), p.Epoch)
	return nil
}

// writeCSV writes a line for each row: its number, its class, and the values.
func (p predicted) writeCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	head := []string{"row"}
	if p.Class != nil {
		head = append(head, "class")
	}
	for _, name := range p.Names {
		if p.Class != nil {
			name = "p(" + name + ")"
		}
		head = append(head, file.NoFormula(name))
	}
	w.Write(head)
	for i, values := range p.Values {
		line := []string{strconv.Itoa(i + 1)}
		if p.Class != nil {
			line = append(line, file.NoFormula(p.Class[i]))
		}
		for _, v := range values {
			line = append(line, strconv.FormatFloat(v, 'g', -1, 64))
		}
		w.Write(line)
	}
	w.Flush()
	return w.Error()
}
