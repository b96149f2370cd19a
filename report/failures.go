package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// worstShown is how many of the worst answers a figure shows.
const worstShown = 25

// failures shows the test examples to whose class a network gives the least probability:
// the run with the middle test error of the best cell.
func failures(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	cells, _, err := r.answeredCells(ctx, b, 1)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	a := cells[0]
	chosen := stat.Ascending(a.wrong)[len(a.runs)/2]
	logits, err := r.db.Outputs(ctx, a.runs[chosen].ID)
	if err != nil {
		return nil, err
	}
	worst := a.worst(chosen, logits)
	if len(worst) == 0 {
		return nil, nil
	}
	d, err := r.data("failures", a.runs[chosen], a.cell)
	if err != nil {
		return nil, err
	}
	name := titled(b.where(a.cell), a.seedName(a.runs[chosen]))
	f := figure.Figure{Name: b.file("failures"), Title: "The worst answers" + b.title, Columns: 1}
	if d != nil {
		if side, _ := squareOf(d); side > 0 {
			f.Panels = []figure.Panel{a.sheet(name, worst, d)}
			f.Key = "t: class; p: answer, with its probability. From above on the left: the least probability of the class."
		}
	}
	if f.Panels == nil {
		f.Panels = []figure.Panel{a.worstPanel(name, worst)}
		f.Key = "Each row: a test example, by its number, with its class and the answer."
	}
	n := len(a.Data.TestLabels)
	failed := int(math.Round(a.wrong[chosen] * float64(n)))
	f.Statement = fmt.Sprintf("%s: %d of %d test examples are answered wrongly; the worst gets a probability of %s for its class. "+
		"Over the runs, %s.", name, failed, n, number.Plain(worst[0].right), a.common())
	f.Alt = fmt.Sprintf("The %d worst answers, with class, answer and probability. %s", len(worst), f.Statement)
	return []figure.Figure{f}, nil
}

// wrongAnswer is an example that a network got wrong.
type wrongAnswer struct {
	example, answer int
	right, given    float64 // probability of its class, and of the answer
}

// worst are the wrong answers with the least probability of the class.
func (a answered) worst(run int, logits []float32) (all []wrongAnswer) {
	n, out := len(a.Data.TestLabels), a.Data.Out
	p := mlp.Probabilities(a.Config.Output, logits, n, out)
	for i, label := range a.Data.TestLabels {
		if k := a.answers[run][i]; k != label {
			all = append(all, wrongAnswer{i, int(k), p[i*out+int(label)], p[i*out+int(k)]})
		}
	}
	slices.SortStableFunc(all, func(x, y wrongAnswer) int { return cmp.Compare(x.right, y.right) })
	return all[:min(worstShown, len(all))]
}

// sheet shows wrong answers as images.
func (a answered) sheet(name string, worst []wrongAnswer, d *dataset.Data) figure.Panel {
	p := figure.Panel{Title: name}
	lo, hi := brightness(&d.Test)
	for _, w := range worst {
		p.Pictures = append(p.Pictures, figure.Picture{Image: pictureOf(d, d.Test.Inputs(w.example), lo, hi),
			Caption: fmt.Sprintf("t %s, p %s\n%s", className(a.cell, int(a.Data.TestLabels[w.example])), className(a.cell, w.answer),
				number.Plain(w.given))})
	}
	return p
}

// worstPanel shows wrong answers that are no images as rows.
func (a answered) worstPanel(name string, worst []wrongAnswer) figure.Panel {
	p := figure.Panel{Title: name, X: figure.Axis{Label: "probability", Zero: true, Most: 1}}
	right := figure.Series{Label: "of the class", Style: figure.Style{Colour: figure.Blue}}
	given := figure.Series{Label: "of the answer", Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	for i, w := range slices.Backward(worst) {
		row := float64(len(worst) - 1 - i)
		words := []string{fmt.Sprintf("example %d", w.example+1), "t " + className(a.cell, int(a.Data.TestLabels[w.example])),
			"p " + className(a.cell, w.answer)}
		p.Y.Categories = append(p.Y.Categories, strings.Join(words, ", "))
		right.Repeats = append(right.Repeats, figure.Repeat{Name: words[0], Points: []figure.XY{{X: w.right, Y: row}}})
		given.Repeats = append(given.Repeats, figure.Repeat{Name: words[0], Points: []figure.XY{{X: w.given, Y: row}}})
	}
	p.Series = []figure.Series{right, given}
	return p
}
