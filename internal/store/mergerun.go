package store

import (
	"context"
	"slices"
)

// run merges one. The first of ours and of theirs is the row of runs.
func (m *Merged) run(ctx context.Context, into *changes, ours, theirs []candidate) error {
	all := slices.Concat(ours, theirs)
	if len(all) > 1 && !sameSums(ours, theirs) {
		measure(all)
		ours, theirs = all[:len(ours):len(ours)], all[len(ours):]
		all = slices.Clone(all)
	}
	slices.SortStableFunc(all, candidate.compare)
	all = slices.CompactFunc(all, func(a, b candidate) bool {
		return a.rank() < 3 && b.rank() < 3 || b.rank() < 3 || a.bits == b.bits
	})
	best := all[0]
	known := len(ours) > 0 && best.db == into.into.DB
	m.count(ours, best)
	if len(ours) > 0 && ours[0].damaged && !known {
		m.Replaced = append(m.Replaced, Damaged{best.ID, best.Label, "what was here was " + ErrChanged.Error()})
	}
	var apart []candidate
	for _, c := range all[1:] {
		if c.rank() == 3 {
			apart = append(apart, c)
			m.Conflicts = append(m.Conflicts, newConflict(best, c))
		}
	}
	return m.keep(ctx, into, best, known, apart, ours, theirs)
}

// keep writes the best of a run, which is known or not, with the results that are kept apart.
func (m *Merged) keep(ctx context.Context, into *changes, best candidate, known bool, apart, ours, theirs []candidate) error {
	result, checkpoint, err := m.artifacts(ctx, best)
	if err != nil {
		return err
	}
	missing, err := m.missingWeights(ctx, best, result.Weights, slices.Concat(ours, theirs))
	if err != nil {
		return err
	}
	if known && len(missing) == 0 && sameResults(apart, ours[1:]) {
		return nil
	}
	size := result.bytes()
	for _, w := range slices.Concat(result.Weights, missing) {
		size += len(w.Tensors)
	}
	if checkpoint != nil {
		size += len(checkpoint.State)
	}
	run, isHere := into.known[best.ID]
	if !isHere {
		result.Weights = append(result.Weights, missing...)
		return into.addNew(ctx, size, newRun{result, best.sum, checkpoint, apart})
	}
	return into.add(ctx, size, func(in *inserter) error {
		if err := in.conflicts(run, apart); err != nil {
			return err
		}
		if known {
			return in.weights(run, missing)
		}
		result.Weights = append(result.Weights, missing...)
		return in.adopt(run, result, best.sum, checkpoint)
	})
}

// count says what became of a run whose best candidate is given.
func (m *Merged) count(ours []candidate, best candidate) {
	switch {
	case len(ours) == 0:
		m.Added++
	case ours[0].rank() < best.rank() || ours[0].Epochs < best.Epochs:
		m.Completed++
	default:
		m.Same++
	}
}

// sameSums says whether both have one result, and these are the same by their checksums, which cover more than bits.
func sameSums(ours, theirs []candidate) bool {
	if len(ours) != 1 || len(theirs) != 1 || ours[0].damaged || theirs[0].damaged {
		return false
	}
	return ours[0].sum == theirs[0].sum && versionOf(ours[0].sum) > 0 && ours[0].sum != ""
}

// sameResults says whether the results that are kept apart are those that were before.
func sameResults(now, before []candidate) bool {
	return slices.EqualFunc(now, before, func(a, b candidate) bool { return a.bits == b.bits && a.Started.Equal(b.Started) })
}
