package verdict

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Board ranks cells that can be compared by their mean on validation. What it says of
// the test split chose nothing.
type Board struct {
	Data       string // name of the data set
	Select     string // the metric that ranks, such as valid_error
	Reported   string // that of the test split beside it, such as test_error
	Standings  []Standing
	Ranked     int          // cells that have a mean on validation; Standings has the first of them
	Unranked   int          // cells that have none
	Copies     int          // cells that are the networks of others, and count once with them
	RunnerUp   Estimate     // minus the winner, valid for the looks that there were
	Looks      int          // completed plans of seeds of winner and runner-up
	Sequential bool         // the study goes on until its claims are decided, and is looked at after every seed
	Optimism   Estimate     // of the winner, Reported minus the same on validation
	Examples   int          // test examples that rank probabilities are over, too; 0: over units alone
	Friedman   *stat.Ranked // of the standings over training sets; nil where there are not five that all of them have
	Sets       int          // those training sets
	Cochran    *stat.Test   // where each cell is one network; else nil
	McNemar    *stat.Disagreement
}

// Chance is how many SD of its mean the first of so many cells would be ahead of their
// average on validation if all were equal.
func (b Board) Chance() float64 { return stat.ExpectedMax(b.Ranked) }

// Standing is the place of a cell on a board.
type Standing struct {
	Cell        *Cell
	Valid, Test Estimate
	First       float64   // probability of the first rank on the test split; NaN where none was computed
	Ranks       []float64 // of each rank among the first of the board; nil where none was computed
	Behind      Estimate  // how far it is behind the winner on the test split, over common units
	P           float64   // of no difference from the winner, by Benjamini and Hochberg over the board; NaN for the winner
}

// FirstTwo is the p value of winner and runner-up over training sets, corrected for all pairs.
func (b Board) FirstTwo() float64 {
	for _, p := range b.Friedman.Pairs {
		if p.A == 0 && p.B == 1 {
			return p.Holm
		}
	}
	return 1
}

// rankedTogether is how many cells have rank probabilities: those that lead the board.
const rankedTogether = 10

// Boards ranks the cells of a study, apart for each data set, and shows the first of
// each board.
func (r *Results) Boards(ctx context.Context, first int) ([]Board, error) {
	var boards []Board
	for _, cells := range r.kinds() {
		b, err := r.Rank(ctx, cells, first)
		if err != nil {
			return nil, err
		}
		boards = append(boards, b)
	}
	return boards, nil
}

// kinds groups the cells that can be compared, in their order: those on the same axes of
// the same data set, and not those of earlier versions of the study.
func (r *Results) kinds() (groups [][]*Cell) {
	at := map[string]int{}
	for _, c := range r.Cells {
		if c.Former {
			continue
		}
		key := fmt.Sprint(c.Config.Data.Set, c.Regression())
		for _, a := range c.Axes {
			key += "\n" + a.Axis
		}
		if _, known := at[key]; !known {
			at[key] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[key]] = append(groups[at[key]], c)
	}
	return groups
}

// Rank makes a board of some cells that can be compared, at least one.
func (r *Results) Rank(ctx context.Context, cells []*Cell, first int) (Board, error) {
	best, without := r.ranked(cells, every)
	copies := len(best)
	best = Distinct(best)
	copies -= len(best)
	by := r.Selection(cells[0])
	b := Board{Data: cells[0].Config.Data.Set, Select: by.Of("valid"), Reported: cells[0].Quality().Of("test"), Ranked: len(best),
		Unranked: len(without), Copies: copies}
	shown := best[:min(first, len(best))]
	for _, c := range shown {
		s := Standing{Cell: c, First: math.NaN(), P: math.NaN()}
		var err error
		if s.Valid, err = r.Mean(ctx, c, b.Select); err != nil {
			return b, err
		}
		if s.Test, err = r.Mean(ctx, c, b.Reported); err != nil {
			return b, err
		}
		b.Standings = append(b.Standings, s)
	}
	if len(shown) == 0 {
		return b, nil
	}
	var err error
	if b.Optimism, err = r.Optimism(ctx, shown[0]); err != nil {
		return b, err
	}
	if len(shown) == 1 {
		return b, nil
	}
	return b, r.compareStandings(ctx, &b, shown)
}

// Optimism is how far the quality of a cell on test lies above that on validation.
func (r *Results) Optimism(ctx context.Context, c *Cell) (Estimate, error) {
	var both []Operand
	for i, split := range []string{"test", "valid"} {
		o, err := r.measure(ctx, study.Term{Number: float64(1 - 2*i), Measure: c.Quality().Of(split), Epoch: -1}, c)
		if err != nil {
			return Estimate{}, err
		}
		both = append(both, o)
	}
	return r.sum(ctx, both)
}

// compareStandings compares the standings of a board with its winner and with each other.
func (r *Results) compareStandings(ctx context.Context, b *Board, cells []*Cell) (err error) {
	var ps []float64
	for i := range b.Standings[1:] {
		s := &b.Standings[i+1]
		if s.Behind, err = r.Compare(ctx, s.Cell, cells[0], b.Reported); err != nil {
			return err
		}
		p := s.Behind.P
		if math.IsNaN(p) || s.Behind.TwoOutcomes() >= 0 {
			p = 1
		}
		ps = append(ps, p)
	}
	for i, p := range stat.BenjaminiHochberg(ps) {
		if s := &b.Standings[i+1]; s.Behind.CI.Known() && s.Behind.TwoOutcomes() < 0 {
			s.P = p
		}
	}
	if err := r.runnerUp(ctx, b, cells[1], cells[0]); err != nil {
		return err
	}
	few := cells[:min(len(cells), rankedTogether)]
	p, examples, err := r.Ranks(ctx, few, b.Reported)
	if err != nil {
		return err
	}
	b.Examples = examples
	for i := range p {
		b.Standings[i].First, b.Standings[i].Ranks = p[i][0], p[i]
	}
	if err := r.overSets(ctx, b, cells); err != nil {
		return err
	}
	return r.overExamples(ctx, b, cells)
}

// overSets ranks the cells of a board on each training set that all of them have.
func (r *Results) overSets(ctx context.Context, b *Board, cells []*Cell) error {
	var means []map[uint64]float64
	for _, c := range cells {
		o, err := r.measure(ctx, study.Term{Number: 1, Measure: b.Reported, Epoch: -1}, c)
		if err != nil {
			return err
		}
		sum, n := map[uint64]float64{}, map[uint64]float64{}
		for i, one := range o.runs {
			sum[one.SeedData] += o.values[i]
			n[one.SeedData]++
		}
		for seed := range sum {
			sum[seed] /= n[seed]
		}
		means = append(means, sum)
	}
	var x [][]float64
	for _, seed := range slices.Sorted(maps.Keys(means[0])) {
		row := make([]float64, 0, len(cells))
		for _, of := range means {
			if v, ok := of[seed]; ok {
				row = append(row, v)
			}
		}
		if len(row) == len(cells) {
			x = append(x, row)
		}
	}
	if b.Sets = len(x); b.Sets >= 5 {
		f := stat.Friedman(x)
		b.Friedman = &f
	}
	return nil
}

// overExamples compares cells that are one network each on the same test examples.
func (r *Results) overExamples(ctx context.Context, b *Board, cells []*Cell) error {
	var rows stat.Wrong
	for _, c := range cells {
		runs := c.finished()
		if len(runs) != 1 || !sameTest(c.Data, cells[0].Data) {
			return nil
		}
		w, ok, err := r.wrong(ctx, c, runs)
		if err != nil || !ok {
			return err
		}
		rows.Examples, rows.Rows = w.Examples, append(rows.Rows, w.Rows...)
	}
	q, pair := stat.CochranQ(rows), stat.McNemarOf(rows.Rows[0], rows.Rows[1])
	b.Cochran, b.McNemar = &q, &pair
	return nil
}
