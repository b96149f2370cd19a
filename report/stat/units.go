package stat

import (
	"slices"
	"strings"
)

// Seeds are the three seeds of a run: of its data, initial weights and order.
type Seeds struct{ Data, Init, Order uint64 }

// Run is a run of one cell with what was measured on it.
type Run struct {
	Seeds
	Digest string // of what it ended as; runs of a cell with the same digest are one. Empty: like no other
	Value  float64
}

// Kind says how the runs of a cell hang together, and so what is one repeat.
type Kind string

const (
	OneNetwork Kind = "one network" // a single distinct run: no repeat
	Together   Kind = "together"    // the run is the unit
	Nested     Kind = "nested"      // the training set is the unit: each has seeds of its own below it
	Crossed    Kind = "crossed"     // every training set has the same seeds below it: two-way random effects
)

// Design is what the seeds of a cell amount to. The outer stream is data where
// its seeds differ, else init, else order; what is said of training sets holds
// for it.
type Design struct {
	Kind    Kind
	Streams []string // that vary: the outer one first
	// Sets[u] are the indices of the runs of unit u, in the order given; where
	// crossed Sets[row][column], complete.
	Sets     [][]int
	Copies   []int // indices of runs that repeat another one to the bit
	LeftOut  []int // indices of runs outside of the largest complete block
	Warnings []string

	columns [][]Seeds // of Sets, where three streams are crossed
}

// Units is the number of repeats.
func (d Design) Units() int { return len(d.Sets) }

const oneNetwork = "one network: no repeat"

// Classify finds copies, the unit and the design of the runs of one cell, from
// their seeds and digests alone.
func Classify(runs []Run) Design {
	var d Design
	var distinct []int
	seen := map[string]bool{}
	for i, r := range runs {
		if r.Digest != "" && seen[r.Digest] {
			d.Copies = append(d.Copies, i)
			continue
		}
		seen[r.Digest] = true
		distinct = append(distinct, i)
	}
	streams := varying(runs, distinct)
	for _, s := range streams {
		d.Streams = append(d.Streams, s.name)
	}
	if len(distinct) < 2 {
		d.Kind = OneNetwork
		if len(distinct) == 1 {
			d.Sets = [][]int{distinct}
		}
		if len(d.Copies) > 0 {
			d.Warnings = append(d.Warnings, oneNetwork)
		}
		return d
	}
	if len(streams) == 0 { // the same seeds with different ends
		d.Kind = Together
		d.Sets = each(distinct)
		return d
	}
	outer := streams[0]
	rows := group(distinct, func(i int) uint64 { return outer.of(runs[i].Seeds) })
	if len(rows) == len(distinct) {
		d.Kind, d.Sets = Together, rows
		return d
	}
	d.inner(runs, rows, outer.name)
	return d
}

// inner decides between nested and crossed, where a row has more than one run.
func (d *Design) inner(runs []Run, rows [][]int, outer string) {
	var below []stream // that vary within a row
	for _, s := range allStreams {
		if s.name != outer && slices.ContainsFunc(rows, func(row []int) bool { return s.varies(runs, row) }) {
			below = append(below, s)
		}
	}
	// Rows that share no seed of any stream below them are nested.
	shared := func(s stream) bool {
		row := map[uint64]int{}
		for r, of := range rows {
			for _, i := range of {
				if first, met := row[s.of(runs[i].Seeds)]; met && first != r {
					return true
				}
				row[s.of(runs[i].Seeds)] = r
			}
		}
		return false
	}
	below = slices.DeleteFunc(below, func(s stream) bool { return !shared(s) })
	if len(below) == 0 {
		d.Kind, d.Sets = Nested, rows
		return
	}
	// The column is the first stream that is shared. The second one counts only
	// where it is no function of the first.
	column := func(i int) Seeds {
		s := Seeds{}
		for _, b := range below {
			b.set(&s, b.of(runs[i].Seeds))
		}
		return s
	}
	if len(below) == 2 && !crossedWith(runs, rows, below[0], below[1]) {
		below = below[:1]
	}
	d.block(rows, column)
	if d.Kind == Crossed && len(below) == 2 {
		for _, row := range d.Sets {
			seeds := make([]Seeds, len(row))
			for c, i := range row {
				seeds[c] = runs[i].Seeds
			}
			d.columns = append(d.columns, seeds)
		}
	}
}

// crossedWith says whether some row has one seed of a with several of b.
func crossedWith(runs []Run, rows [][]int, a, b stream) bool {
	for _, row := range rows {
		of := map[uint64]uint64{}
		for _, i := range row {
			u, v := a.of(runs[i].Seeds), b.of(runs[i].Seeds)
			if w, met := of[u]; met && w != v {
				return true
			}
			of[u] = v
		}
	}
	return false
}

// block fills Sets with the largest complete block of rows and columns.
func (d *Design) block(rows [][]int, column func(i int) Seeds) {
	var keys []Seeds
	for _, row := range rows {
		for _, i := range row {
			if !slices.Contains(keys, column(i)) {
				keys = append(keys, column(i))
			}
		}
	}
	table, present := make([][]int, len(rows)), make([][]bool, len(rows))
	for r, row := range rows {
		table[r], present[r] = make([]int, len(keys)), make([]bool, len(keys))
		for _, i := range row {
			c := slices.Index(keys, column(i))
			if present[r][c] { // the same seeds with different ends: the first counts
				d.LeftOut = append(d.LeftOut, i)
				continue
			}
			table[r][c], present[r][c] = i, true
		}
	}
	keptRows, keptColumns := LargestBlock(present)
	for r := range rows {
		var kept []int
		for c := range keys {
			switch in := slices.Contains(keptRows, r) && slices.Contains(keptColumns, c); {
			case in:
				kept = append(kept, table[r][c])
			case present[r][c]:
				d.LeftOut = append(d.LeftOut, table[r][c])
			}
		}
		if kept != nil {
			d.Sets = append(d.Sets, kept)
		}
	}
	slices.Sort(d.LeftOut)
	d.Kind = Crossed
	if len(keptColumns) == 1 {
		d.Kind = Together
	} else if len(keptRows) == 1 {
		d.Kind, d.Sets = Together, each(d.Sets[0])
	}
}

type stream struct {
	name string
	of   func(Seeds) uint64
	set  func(*Seeds, uint64)
}

var allStreams = []stream{
	{"data", func(s Seeds) uint64 { return s.Data }, func(s *Seeds, v uint64) { s.Data = v }},
	{"init", func(s Seeds) uint64 { return s.Init }, func(s *Seeds, v uint64) { s.Init = v }},
	{"order", func(s Seeds) uint64 { return s.Order }, func(s *Seeds, v uint64) { s.Order = v }},
}

func varying(runs []Run, of []int) []stream {
	return slices.DeleteFunc(slices.Clone(allStreams), func(s stream) bool { return !s.varies(runs, of) })
}

// varies says whether some runs have different seeds of a stream.
func (s stream) varies(runs []Run, of []int) bool {
	return slices.ContainsFunc(of, func(i int) bool { return s.of(runs[i].Seeds) != s.of(runs[of[0]].Seeds) })
}

// group splits indices by a key, both in the order in which they come.
func group(of []int, key func(i int) uint64) [][]int {
	var groups [][]int
	at := make(map[uint64]int, len(of))
	for _, i := range of {
		g, met := at[key(i)]
		if !met {
			g = len(groups)
			at[key(i)] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

func each(of []int) [][]int {
	sets := make([][]int, len(of))
	for k, i := range of {
		sets[k] = []int{i}
	}
	return sets
}

// Words names what varies, as "init and order together".
func (d Design) Words() string {
	switch {
	case len(d.Streams) == 0:
		return "nothing"
	case len(d.Streams) == 1:
		return d.Streams[0]
	}
	last := len(d.Streams) - 1
	return strings.Join(d.Streams[:last], ", ") + " and " + d.Streams[last]
}
