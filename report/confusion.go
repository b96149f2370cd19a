package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Most cells of a figure of confusions, classes that a matrix has room for, and pairs
// that the statement names.
const (
	maxConfusions = 4
	maxConfused   = 30
	namedPairs    = 5
)

// confusions shows which classes are taken for which, over all runs of a cell.
func confusions(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, warnings, err := r.answeredCells(ctx, b, maxConfusions)
	if err != nil || len(cells) == 0 || cells[0].Data.Out > maxConfused {
		return nil, err
	}
	f := figure.Figure{Name: b.file("confusion"), Title: "Which classes are taken for which" + b.title, Warnings: warnings}
	var said []string
	for _, a := range cells {
		m := a.confusion()
		f.Panels = append(f.Panels, m.panel(b.where(a.cell), a.cell))
		said = append(said, atPlace(b.where(a.cell), m.words(a)))
	}
	f.Columns = min(2, len(f.Panels))
	f.Statement = strings.Join(said, " ")
	f.Key = "Squares: of the test examples of a class (row), the share that is answered with another (column), in percent, over " +
		"all runs of the cell; the diagonal is right. Intervals of pairs: Wilson, over test examples, of one run's size."
	f.Alt = fmt.Sprintf("Confusion matrices of %s. %s", number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// answeredCells reads the answers of those of a block's cells that have any, at most so
// many: the best on validation.
func (r *results) answeredCells(ctx context.Context, b *block, most int) (all []answered, warnings []string, err error) {
	var cells []*cell
	for _, c := range b.cells {
		if len(c.Finished()) > 0 && len(c.Data.TestLabels) > 0 {
			cells = append(cells, c)
		}
	}
	if len(cells) > most {
		warnings = append(warnings, fmt.Sprintf("%d of %d cells are shown, the best on validation; where chooses others.", most,
			len(cells)))
		cells = r.bestCells(cells, most)
	}
	for _, c := range cells {
		a, err := r.answers(ctx, c)
		if err != nil {
			return nil, nil, err
		}
		if len(a.runs) > 0 {
			all = append(all, a)
		}
	}
	return all, warnings, nil
}

// confused counts how often each class (row) is answered with each class (column).
type confused struct {
	classes int
	counts  []int // over all runs
	of      []int // test examples of each class
	runs    int
}

// confusion counts the answers of all runs by class, [label, answer].
func (a answered) confusion() confused {
	n := a.Data.Out
	m := confused{classes: n, counts: make([]int, n*n), of: make([]int, n), runs: len(a.runs)}
	for i, label := range a.Data.TestLabels {
		m.of[label]++
		for _, answers := range a.answers {
			m.counts[int(label)*n+int(answers[i])]++
		}
	}
	return m
}

// share is that of the examples of a class that are answered with another.
func (m confused) share(class, answer int) float64 {
	return float64(m.counts[class*m.classes+answer]) / float64(m.runs*max(1, m.of[class]))
}

// panel draws the shares in percent, the first class on top.
func (m confused) panel(title string, c *cell) figure.Panel {
	p := figure.Panel{Title: title, Colour: figure.Axis{Label: "share of the class (%)", Zero: true, Most: percent}}
	for k := range m.classes {
		p.X.Categories = append(p.X.Categories, className(c, k))
		p.Y.Categories = append(p.Y.Categories, className(c, m.classes-1-k))
	}
	p.X.Label, p.Y.Label = "answer", "class"
	for class := range m.classes {
		for answer := range m.classes {
			count := float64(m.counts[class*m.classes+answer]) / float64(m.runs)
			v := percent * m.share(class, answer)
			text := number.Rounded(v, 0)
			if v > 0 && v < 1 {
				text = "<1"
			} else if v == 0 {
				text = ""
			}
			p.Cells = append(p.Cells, figure.Cell{X: float64(answer), Y: float64(m.classes - 1 - class), Value: v, Text: text,
				Note: fmt.Sprintf("%s of %s a run", number.Plain(count), number.Count(m.of[class], "example"))})
		}
	}
	return p
}

// words name the pairs that are confused most often, and what all runs get wrong.
func (m confused) words(a answered) string {
	type pair struct {
		class, answer int
		share         float64
	}
	var pairs []pair
	for class := range m.classes {
		for answer := range m.classes {
			if s := m.share(class, answer); class != answer && s > 0 {
				pairs = append(pairs, pair{class, answer, s})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.share, a.share) })
	if len(pairs) == 0 {
		return "no test example is answered wrongly"
	}
	var named []string
	for _, p := range pairs[:min(namedPairs, len(pairs))] {
		w := stat.Wilson(int(math.Round(p.share*float64(m.of[p.class]))), m.of[p.class])
		in := stat.Interval{Lo: percent * w.Lo, Hi: percent * w.Hi}
		named = append(named, fmt.Sprintf("%s as %s %s"+number.Space+"%% (%s)", className(a.cell, p.class), className(a.cell, p.answer),
			number.Digits(percent*p.share, in)(percent*p.share), number.Interval(percent*p.share, in)))
	}
	return "most often confused: " + strings.Join(named, ", ") + "; " + a.common()
}

// common says how much of what one run gets wrong all of them get wrong.
func (a answered) common() string {
	all, any := 0, 0
	for i, label := range a.Data.TestLabels {
		wrong := 0
		for _, answers := range a.answers {
			if answers[i] != label {
				wrong++
			}
		}
		if wrong > 0 {
			any++
		}
		if wrong == len(a.runs) {
			all++
		}
	}
	return fmt.Sprintf("%d of %d test examples are wrong in some run, %d in all %d", any, len(a.Data.TestLabels), all, len(a.runs))
}
