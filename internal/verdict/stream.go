package verdict

import (
	"context"
	"slices"

	"nightshift/internal/metric"
	"nightshift/report/stat"
)

// stream is the evidence on a claim about means to which one round of seeds after another
// is added, so that a look costs the same however many rounds there were before. It comes
// to what all runs together come to, and is only of claims whose every round is one unit
// with runs of its own in every cell.
type stream struct {
	factors        []float64
	rounds         int                // that were added
	seeds          [3]map[uint64]bool // of each kind
	digests        []map[string]bool  // of the networks of each cell
	values         [][]float64        // of each cell, sorted
	sums           []float64          // of each cell
	units          []float64          // the sum over cells, by unit
	errors         *stat.Running      // where the cells are errors on one test set
	means          stat.RunningMean
	last           stat.Difference // the newest look
	held, contrary float64         // the smallest p values of all looks
}

// streams says whether a claim can be one.
func (c *place) streams(p *plan) bool {
	return p.outcomesOnly && p.until != nil && p.until.Runs == 1 && c.Relation != "reproduces" && isMeans(c.operands) &&
		len(c.operands) > 0 && obstacle(c.operands) == "" && !slices.ContainsFunc(c.operands, func(o Operand) bool {
		split, m, known := metric.Parse(o.Measure)
		return o.Cell == nil || !known || o.Epoch >= 0 || split == "test" && slices.Contains([]string{"nll", "brier", "mse"}, m.Name)
	})
}

// streamed is the finding on a claim after so many rounds. It is not ok of what is no
// stream, or is none any more.
func (r *Results) streamed(ctx context.Context, c *place, f *finding, p *plan) (ok bool, err error) {
	if c.stream == nil {
		if c.stream = (&stream{held: 1, contrary: 1}); !c.streams(p) {
			c.stream.rounds = -1
		}
		for _, o := range signed(c.operands) {
			c.stream.factors = append(c.stream.factors, o.Number)
		}
	}
	s := c.stream
	for s.rounds >= 0 && s.rounds < f.rounds {
		if ok, err = r.addRound(ctx, c, p); err != nil {
			return false, err
		}
		if s.rounds++; !ok {
			s.rounds = -1
		}
	}
	if s.rounds != f.rounds || s.rounds < 2 || s.last.SE == 0 {
		return false, nil
	}
	f.anytime = true
	e := evidence{Estimate: Estimate{Difference: s.last, Design: stat.Design{Kind: stat.Together}}}
	for i, o := range c.operands {
		e.Outcomes = append(e.Outcomes, stat.TwoOutcomes(s.values[i], o.splitSize()))
		f.Operands[i].Own.Mean = s.sums[i] / float64(s.rounds)
	}
	e.warnOutcomes(c.operands)
	f.problem, f.wanting = e.problem, e.N < stat.FutileFrom
	if wide := c.wide(f.Operands); wide != "" {
		f.problem, f.wanting = wide, false
	}
	if f.problem == "" {
		f.held, f.contrary = s.held, s.contrary
		f.P = min(f.held, f.contrary)
	}
	f.Futile = f.futile(c, p, s.units)
	return true, nil
}

// addRound adds the next round. It says no where one of its runs has no value, or is no
// unit of its own.
func (r *Results) addRound(ctx context.Context, c *place, p *plan) (ok bool, err error) {
	s := c.stream
	runs := make([]*Run, len(c.operands))
	values := make([]float64, len(c.operands))
	for i, o := range c.operands {
		runs[i] = p.of(o.Cell).runs[s.rounds][0]
		v, reason, err := r.value(ctx, o.Term, runs[i])
		if err != nil || reason != "" || runs[i].Seeds() != runs[0].Seeds() {
			return false, err
		}
		values[i] = v
	}
	if !s.independent(runs) {
		return false, nil
	}
	wrong, isErrors, err := r.wrongOfRound(ctx, c, runs)
	if err != nil || isErrors && wrong == nil {
		return false, err
	}
	s.note(values)
	unit := s.units[len(s.units)-1]
	look := s.means.Add(unit)
	if s.last = look; isErrors {
		if s.errors == nil {
			s.errors = stat.NewRunning(s.factors, len(c.operands[0].Cell.Data.TestLabels))
		}
		se := look.SE
		s.last = s.errors.Add(wrong)
		s.last.SE = se
		if len(runs) == 1 && s.factors[0] == 1 {
			m := len(c.operands[0].Cell.Data.TestLabels)
			s.last = stat.Rate(s.last, stat.Outputs{Runs: len(s.units), Examples: m, Mean: s.last.Mean})
		}
	}
	s.weigh(c.claim)
	return true, nil
}

// weigh adds the newest look to the p values.
func (s *stream) weigh(c claim) {
	looks := []stat.Difference{s.last}
	if len(s.factors) == 1 {
		looks, _ = stat.OneCell(looks)
	}
	if s.last.N < 2 || len(looks) == 0 {
		return
	}
	var f finding
	f.compare(c, evidence{Estimate: Estimate{Difference: s.last}, looks: looks})
	s.held, s.contrary = min(s.held, f.held), min(s.contrary, f.contrary)
}

// note takes note of the values of a round.
func (s *stream) note(values []float64) {
	sum := 0.0
	for i, v := range values {
		sum += s.factors[i] * v
		if len(s.values) == i {
			s.values, s.sums = append(s.values, nil), append(s.sums, 0)
		}
		at, _ := slices.BinarySearch(s.values[i], v)
		s.values[i] = slices.Insert(s.values[i], at, v)
		s.sums[i] += v
	}
	s.units = append(s.units, sum)
}

// independent says whether the runs of a round are none of those before: each kind of seed is
// always the same or always another, and no network is a copy.
func (s *stream) independent(runs []*Run) bool {
	seeds := runs[0].Seeds()
	varies := false
	for k, seed := range []uint64{seeds.Data, seeds.Init, seeds.Order} {
		if s.seeds[k] == nil {
			s.seeds[k] = map[uint64]bool{}
		}
		s.seeds[k][seed] = true
		switch len(s.seeds[k]) {
		case 1:
		case s.rounds + 1:
			varies = true
		default:
			return false
		}
	}
	for i, one := range runs {
		if len(s.digests) == i {
			s.digests = append(s.digests, map[string]bool{})
		}
		if one.Digest == "" {
			continue
		}
		if s.digests[i][one.Digest] {
			return false
		}
		s.digests[i][one.Digest] = true
	}
	return varies || s.rounds == 0
}

// wrongOfRound gives the test examples that the runs of a round got wrong, where the claim
// is about test errors; nil where one has left no outputs, or others than it was measured on.
func (r *Results) wrongOfRound(ctx context.Context, c *place, runs []*Run) (rows [][]uint64, isErrors bool, err error) {
	for _, o := range c.operands {
		if split, m, _ := metric.Parse(o.Measure); split != "test" || m.Name != "error" {
			return nil, false, nil
		}
	}
	for i, o := range c.operands {
		if !sameTest(o.Cell.Data, c.operands[0].Cell.Data) {
			return nil, true, nil
		}
		w, ok, err := r.wrong(ctx, o.Cell, runs[i:i+1])
		if err != nil || !ok {
			return nil, true, err
		}
		rows = append(rows, w.Rows[0])
	}
	return rows, true, nil
}
