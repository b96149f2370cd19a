package export

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// maxProbabilities is the number of classes beyond which a table has no column for each.
const maxProbabilities = 100

// Predictions is a row for each run and example of the test split, of runs that have left their outputs. Of classes: the label,
// what is predicted, whether that is wrong, the probability of both, and of each class where all cells have the same few. Of a
// regression: the targets and what is predicted of them, in the units that the network learned. Behind them the outputs
// themselves, before softmax or whatever makes probabilities of them. Where each data seed draws test examples of its own the
// database does not hold their labels, and these are nil.
func Predictions(ctx context.Context, db *store.DB, name string) (Table, error) {
	m, err := readMembers(ctx, db, name)
	if err != nil {
		return Table{}, err
	}
	p := predictions{db: db, members: m, data: map[string]store.Dataset{}}
	for _, r := range m.runs {
		if _, known := p.data[r.Data]; known {
			continue
		}
		d, err := db.Dataset(ctx, r.Data)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return Table{}, err
		}
		p.data[r.Data] = d
	}
	p.look()
	return Table{Columns: p.columns(), Rows: p.rows}, nil
}

type predictions struct {
	db      *store.DB
	members members
	data    map[string]store.Dataset
	classes []string // that all cells have, where these are few
	targets int      // the most that a regression has
	outputs int      // the most that any has
	labels  bool     // there are classes
}

// look finds out what the data sets have in common.
func (p *predictions) look() {
	same := true
	for _, d := range p.data {
		p.outputs = max(p.outputs, d.Out)
		switch {
		case d.Spec == nil:
		case d.Regression:
			p.targets = max(p.targets, d.Out)
		default:
			same = same && (!p.labels || slices.Equal(p.classes, d.Classes))
			p.classes, p.labels = d.Classes, true
		}
	}
	if !same || len(p.classes) > maxProbabilities {
		p.classes = nil
	}
}

func (p *predictions) columns() []Column {
	c := []Column{{"run_id", Text}, {"cell_label", Text}, {"example", Integer}}
	if p.labels {
		c = append(c, Column{"label", Text}, Column{"predicted", Text}, Column{"wrong", Logical}, Column{"p_label", Real},
			Column{"p_predicted", Real})
		for _, class := range p.classes {
			c = append(c, Column{"p." + class, Real})
		}
	}
	for k := range p.targets {
		c = append(c, Column{fmt.Sprintf("target_%d", k), Real}, Column{fmt.Sprintf("predicted_%d", k), Real})
	}
	for k := range p.outputs {
		c = append(c, Column{fmt.Sprintf("output_%d", k), Real})
	}
	return c
}

func (p *predictions) rows(ctx context.Context, yield func([]any) error) error {
	for _, r := range p.members.runs {
		d := p.data[r.Data]
		logits, err := p.db.Outputs(ctx, r.ID)
		if err != nil {
			return err
		}
		if d.Out == 0 || len(logits) == 0 || len(logits)%d.Out != 0 {
			continue
		}
		c, err := study.ReadConfig(r.Config)
		if err != nil {
			return fmt.Errorf("run %.12s: %w", r.ID, err)
		}
		if err := p.run(r, d, c.Output, logits, yield); err != nil {
			return err
		}
	}
	return nil
}

// run hands on the rows of one run.
func (p *predictions) run(r store.Run, d store.Dataset, output string, logits []float32, yield func([]any) error) error {
	n := len(logits) / d.Out
	row := make([]any, len(p.columns()))
	row[0], row[1] = r.ID, p.members.label(r.ID)
	outputs := row[len(row)-p.outputs:]
	said := func(i int) {
		for k := range d.Out {
			outputs[k] = float64(logits[i*d.Out+k])
		}
	}
	if d.Regression {
		known := len(d.TestTargets) == len(logits)
		values := mlp.OutputValues(output, logits, n, d.Out)
		first := len(row) - p.outputs - 2*p.targets
		for i := range n {
			row[2] = int64(i)
			said(i)
			for k := range d.Out {
				if known {
					row[first+2*k] = float64(d.TestTargets[i*d.Out+k])
				}
				row[first+2*k+1] = values[i*d.Out+k]
			}
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	known := len(d.TestLabels) == n
	probabilities, answers := mlp.Probabilities(output, logits, n, d.Out), mlp.Predictions(logits, n, d.Out)
	for i, answer := range answers {
		of := probabilities[i*d.Out : (i+1)*d.Out]
		row[2], row[4], row[7] = int64(i), d.Classes[answer], of[answer]
		if known {
			label := d.TestLabels[i]
			row[3], row[5], row[6] = d.Classes[label], label != answer, of[label]
		}
		said(i)
		if p.classes != nil {
			for k, v := range of {
				row[8+k] = v
			}
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}
