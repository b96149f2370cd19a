package study

import (
	"math"

	"nightshift/internal/study/source"
)

// MinRounds is the least number of rounds of seeds: below it no interval is known.
const MinRounds = 3

// untilDecided reads until, the only word of which is decided.
func (d *decoder) untilDecided(seeds *source.Node) bool {
	f := seeds.Field("until")
	if f == nil {
		return false
	}
	if f.Value.Kind != source.Scalar || f.Value.Text != "decided" {
		d.Add(f.Value.At, "until is decided, as in {min: 5, max: 40, until: decided}; found %v", f.Value)
	}
	return true
}

// rounds reads min and max of a mapping, and gives the seeds of all rounds. seeds
// is where until has to be.
func (d *decoder) rounds(n, seeds *source.Node) []uint64 {
	number := map[string]int{}
	for _, name := range roundKeys {
		f := n.Field(name)
		if f == nil {
			d.Add(n.At, "min and max go together, as in {min: 5, max: 40}; there is no %s", name)
			return nil
		}
		v, ok := f.Value.Number()
		if !ok || v != math.Trunc(v) || v < MinRounds || v > MaxRuns {
			d.Add(f.Value.At, "%s is a number of seeds, from %d to %d; found %v", name, MinRounds, MaxRuns, f.Value)
			return nil
		}
		number[name] = int(v)
	}
	if number["min"] >= number["max"] {
		d.Add(n.Field("max").Value.At, "max is more than min, which is %d; found %d", number["min"], number["max"])
		return nil
	}
	if seeds.Field("until") == nil {
		d.Add(n.At, "min and max say how long seeds go on, so until is needed: {min: %d, max: %d, until: decided}", number["min"],
			number["max"])
	}
	d.firstRounds = number["min"]
	return firstSeeds(number["max"])
}

// grow notes that the study goes on until its claims are decided. list are the
// seeds of the stream that grows, runs those of a round in one cell.
func (d *decoder) grow(until bool, n *source.Node, list []uint64, runs int) {
	if until && list != nil {
		d.until, d.untilAt = &Until{Min: d.firstRounds, Max: len(list), Runs: runs}, n.At
	}
}

// untilOf refuses seeds that go on until something is decided where nothing can be
// or where another rule decides.
func (d *decoder) untilOf(n *source.Node, s *Study) *Until {
	expect := n.Field("expect")
	switch {
	case d.until == nil:
		return nil
	case expect == nil || expect.Value.Null() || len(expect.Value.Items) == 0:
		d.Add(d.untilAt, "until: decided is about the claims of expect, and there are none")
	case s.Prune != nil:
		d.Add(n.Field("prune").At, "prune compares cells by the mean over all of their seeds, and with until: decided these are "+
			"not known beforehand; leave one of the two out")
	}
	return d.until
}
