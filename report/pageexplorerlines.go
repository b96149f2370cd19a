package report

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/base64"
	"math"
	"slices"
	"strconv"

	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// addGrids notes the epochs of each line; lines share them.
func (c *columns) addGrids(lines []exploredLine) {
	for _, l := range lines {
		at := slices.IndexFunc(c.Grids, func(g []int) bool { return slices.Equal(g, l.epochs) })
		if at < 0 {
			at = len(c.Grids)
			c.Grids = append(c.Grids, l.epochs)
		}
		c.Grid = append(c.Grid, at)
	}
}

// exploredMeasures are all metrics of all splits, the one that cells are compared by first.
func (r *results) exploredMeasures() []exploredMeasure {
	var all []exploredMeasure
	metrics := metric.All()
	if len(r.cells) > 0 {
		quality := r.cells[0].quality().key
		rank := func(m metric.Metric) int {
			return slices.Index([]string{"loss", quality}, m.Name)
		}
		slices.SortStableFunc(metrics, func(a, b metric.Metric) int { return cmp.Compare(rank(b), rank(a)) })
	}
	for _, m := range metrics {
		for _, s := range []split{test, valid, train} {
			all = append(all, exploredMeasure{Name: m.Of(s.name), Title: measures[m.Name].label(""), Split: s.long()})
		}
	}
	return all
}

// exploredLine is one run, or the runs of a cell, at some of their epochs.
type exploredLine struct {
	runs   []run
	epochs []int
	more   bool // epochs were measured
	single bool
	known  map[string][][]float64 // values of the measures that were taken, where the epochs of the runs are not there any more
}

// exploredLines are those of the cells, or of their runs, with so many points at most.
func (r *results) exploredLines(ctx context.Context, ofCells bool, most int) (lines []exploredLine, err error) {
	few, measures := r.FewEpochs(), r.exploredMeasures()
	err = r.EachWithEpochs(ctx, func(i int) error {
		runs, size := r.cells[i].Runs, 1
		if ofCells {
			size = len(runs)
		}
		for some := range slices.Chunk(runs, size) {
			l := lineOf(some, most)
			if !few {
				l.summarise(measures)
			}
			lines = append(lines, l)
		}
		return nil
	})
	return lines, err
}

// summarise notes the values of the measures, and forgets the runs.
func (l *exploredLine) summarise(all []exploredMeasure) {
	known := map[string][][]float64{}
	for _, of := range all {
		if l.taken(of) {
			s, m, _ := measureOf(of.Name)
			known[of.Name] = l.values(s, m)
		}
	}
	l.known, l.runs = known, nil
}

// lineOf takes no more than so many epochs, evenly, the first and the last with them.
func lineOf(runs []run, most int) exploredLine {
	l := exploredLine{runs: runs, single: len(runs) == 1, epochs: []int{}}
	var longest []store.Epoch
	for _, one := range runs {
		if len(one.Measured) > len(longest) {
			longest = one.Measured
		}
	}
	l.more = len(longest) > most
	for _, at := range thinned(len(longest), most) {
		l.epochs = append(l.epochs, longest[at].Epoch)
	}
	return l
}

// values gives the measure at the epochs of the line: of one run its values, of more their mean, lowest and highest; NaN where
// there is none.
func (l exploredLine) values(s split, m measure) [][]float64 {
	columns := [][]float64{make([]float64, len(l.epochs)), make([]float64, len(l.epochs)), make([]float64, len(l.epochs))}
	count := make([]float64, len(l.epochs))
	for i := range l.epochs {
		columns[1][i], columns[2][i] = math.Inf(1), math.Inf(-1)
	}
	for _, one := range l.runs {
		i := 0
		for _, e := range one.Measured {
			for i < len(l.epochs) && l.epochs[i] < e.Epoch {
				i++
			}
			if i == len(l.epochs) || l.epochs[i] > e.Epoch {
				continue
			}
			v := m.of(s.epoch(e))
			if !v.Valid || math.IsNaN(v.V) || math.IsInf(v.V, 0) {
				continue
			}
			x := m.scale * v.V
			columns[0][i] += x
			columns[1][i], columns[2][i] = min(columns[1][i], x), max(columns[2][i], x)
			count[i]++
		}
	}
	for i, n := range count {
		columns[0][i] /= n // NaN of none
	}
	if l.single {
		return columns[:1]
	}
	return columns
}

// taken says whether the measure was taken at the end of any run.
func taken(lines []exploredLine, of exploredMeasure) bool {
	return slices.ContainsFunc(lines, func(l exploredLine) bool { return l.taken(of) })
}

func (l exploredLine) taken(of exploredMeasure) bool {
	if l.known != nil {
		return l.known[of.Name] != nil
	}
	s, m, _ := measureOf(of.Name)
	return slices.ContainsFunc(l.runs, func(one run) bool {
		return slices.ContainsFunc(one.Measured[max(0, len(one.Measured)-1):],
			func(e store.Epoch) bool { return m.of(s.epoch(e)).Valid })
	})
}

// packedLines writes the lines of a measure with four digits and packs them; "" where that takes more than so many bytes. Mean,
// lowest and highest of a cell stand one after the other.
func packedLines(lines []exploredLine, of exploredMeasure, most int) (string, error) {
	s, m, _ := measureOf(of.Name)
	var b []byte
	for _, l := range lines {
		b = append(b, ",["...)
		values, known := l.known[of.Name]
		if !known {
			values = l.values(s, m)
		}
		for i, v := range slices.Concat(values...) {
			if i > 0 {
				b = append(b, ',')
			}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				b = append(b, "null"...)
				continue
			}
			b = strconv.AppendFloat(b, v, 'g', 4, 64)
		}
		b = append(b, ']')
	}
	b[0] = '['
	packed, err := packedText(append(b, ']'))
	if len(packed) > most {
		packed = ""
	}
	return packed, err
}

// packedText is a text compressed, in letters.
func packedText(text []byte) (string, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
