package report

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// Data sets that figures show, classes of one of them, and examples of a class along each side of its picture.
const (
	mostDataSets = 3
	mostClasses  = 27
	sheetSide    = 3
)

// dataSheets show the examples that the runs learn from: how many of each class there are in each split, and some of
// them. They take no results, but the data themselves.
func dataSheets(_ context.Context, r *results, b *block, _ study.Figure) (all []figure.Figure, err error) {
	var shown []string
	for _, c := range b.cells {
		if len(c.Runs) == 0 || slices.Contains(shown, c.Runs[0].Data) {
			continue
		}
		if shown = append(shown, c.Runs[0].Data); len(shown) > mostDataSets {
			continue
		}
		d, err := r.data("data", c.Runs[0], c)
		if err != nil {
			return nil, err
		}
		if d == nil {
			continue
		}
		all = append(all, countsFigure(c, d))
		if p := examplePanels(c, d); len(p) > 0 {
			all = append(all, examplesFigure(c, d, p))
		}
	}
	if n := len(shown); n > mostDataSets && len(all) > 0 {
		all[0].Warnings = append(all[0].Warnings, fmt.Sprintf("%d of %d data sets are shown; where chooses others.", mostDataSets, n))
	}
	return all, nil
}

// dataPart is a split of the data with its name.
type dataPart struct {
	name string
	*dataset.Split
}

// partsOf are the splits that have examples.
func partsOf(d *dataset.Data) (all []dataPart) {
	for _, p := range []dataPart{{train.long(), &d.Train}, {valid.long(), &d.Valid}, {test.long(), &d.Test}} {
		if p.N > 0 {
			all = append(all, p)
		}
	}
	return all
}

// countsFigure has the number of examples of each class in each split; of a regression its targets against the first input.
func countsFigure(c *cell, d *dataset.Data) figure.Figure {
	set := c.Config.Data.Set
	f := figure.Figure{Name: fileName("data", set), Columns: 1}
	var sizes, said []string
	for _, p := range partsOf(d) {
		sizes = append(sizes, fmt.Sprintf("%d %s", p.N, p.name))
		if !d.Regression {
			n := classCounts(p.Split, d.Out)
			said = append(said, fmt.Sprintf("%s: %d examples, %s a class", p.name, p.N, fromTo(slices.Min(n), slices.Max(n))))
		} else {
			said = append(said, fmt.Sprintf("%s: %d examples, targets from %s to %s", p.name, p.N,
				number.Plain(float64(slices.Min(p.Targets))), number.Plain(float64(slices.Max(p.Targets)))))
		}
	}
	f.Statement = sentence(strings.Join(said, "; ")) + "; " + number.Count(d.In, "input") + "."
	of := strings.Join(sizes, ", ") + " examples"
	if d.Regression {
		f.Title = fmt.Sprintf("%s: %s", set, of)
		f.Panels = targetPanels(d)
		f.Columns = figure.Columns(len(f.Panels))
		f.Key = fmt.Sprintf("Dots: examples of the first data seed of a cell, at most %d of a split, by their first input and target.",
			regionExamples)
	} else {
		f.Title = fmt.Sprintf("%d classes of %s: %s", d.Out, set, of)
		f.Panels = []figure.Panel{classPanel(c, d)}
		f.Key = "Dots: examples of a class in a split, as the first data seed of a cell draws them; labels as they are trained on."
	}
	if d.Out > mostClasses && !d.Regression {
		f.Warnings = append(f.Warnings, fmt.Sprintf("The first %d of %d classes are shown.", mostClasses, d.Out))
	}
	for _, w := range d.Warnings {
		f.Warnings = append(f.Warnings, strings.TrimSuffix(sentence(w), ".")+".")
	}
	f.Alt = "Numbers of examples. " + f.Statement
	return f
}

func classCounts(s *dataset.Split, classes int) []int {
	n := make([]int, classes)
	for _, label := range s.Labels {
		n[label]++
	}
	return n
}

// classPanel has a row for each class and a dot for each split.
func classPanel(c *cell, d *dataset.Data) figure.Panel {
	classes := min(d.Out, mostClasses)
	p := figure.Panel{X: figure.Axis{Label: "examples", Zero: true, Whole: true},
		Y: figure.Axis{Label: "class", Categories: make([]string, classes)}}
	for k := range classes {
		p.Y.Categories[classes-1-k] = className(c, k)
	}
	for i, part := range partsOf(d) {
		s := figure.Series{Label: part.name, Along: true, Style: figure.Style{Colour: i, Marker: i}}
		for k, n := range classCounts(part.Split, d.Out)[:classes] {
			s.Means = append(s.Means, figure.Point{X: float64(n), Y: float64(classes - 1 - k), Interval: noInterval, N: n,
				Unit: "example"})
		}
		p.Series = append(p.Series, s)
	}
	return p
}

// targetPanels have the first target against the first input, a panel for each split.
func targetPanels(d *dataset.Data) (all []figure.Panel) {
	for _, part := range partsOf(d) {
		s := figure.Series{Label: "example"}
		n := min(part.N, regionExamples)
		for j := range n {
			i := j * part.N / n
			s.Repeats = append(s.Repeats, figure.Repeat{Name: fmt.Sprintf("example %d", i+1),
				Points: []figure.XY{{X: float64(part.Inputs(i)[0]), Y: float64(part.Targets[i*d.Out])}}})
		}
		all = append(all, figure.Panel{Title: part.name, X: figure.Axis{Label: inputName(d, 0)}, Y: figure.Axis{Label: outputName(d)},
			Series: []figure.Series{s}})
	}
	return all
}

// examplesFigure shows examples by class.
func examplesFigure(c *cell, d *dataset.Data, panels []figure.Panel) figure.Figure {
	f := figure.Figure{Name: fileName("data", c.Config.Data.Set, "examples"), Title: "Examples of " + c.Config.Data.Set +
		" by class", Panels: panels}
	f.Columns = 1
	f.Key = fmt.Sprintf("The first %d examples of each class in a split, in its order; below them how many there are.",
		sheetSide*sheetSide)
	if panels[0].Pictures == nil {
		f.Columns = figure.Columns(len(panels))
		f.Key = fmt.Sprintf("Dots: examples, at most %d of a split.", regionExamples)
	}
	f.Statement = fmt.Sprintf("Inputs of the training split, scaled (%s), lie between %s.", c.Config.Data.Scale,
		rangeWords(&d.Train))
	f.Alt = "Examples of each class in " + number.Count(len(panels), "split") + ". " + f.Statement
	return f
}

func rangeWords(s *dataset.Split) string {
	lo, hi := brightness(s)
	return number.Plain(float64(lo)) + " and " + number.Plain(float64(hi))
}

// examplePanels have the examples of each split: images as a sheet with a picture for each class, two inputs as dots; nil
// of any others.
func examplePanels(c *cell, d *dataset.Data) (all []figure.Panel) {
	side, _ := squareOf(d)
	for _, part := range partsOf(d) {
		p := figure.Panel{Title: part.name}
		switch {
		case d.Regression:
			return nil
		case side > 0:
			lo, hi := brightness(part.Split)
			for k, n := range classCounts(part.Split, d.Out)[:min(d.Out, mostClasses)] {
				p.Pictures = append(p.Pictures, figure.Picture{Image: classPicture(d, part.Split, k, side, lo, hi),
					Caption: fmt.Sprintf("%s\n%d", className(c, k), n)})
			}
		case d.In == 2:
			p.X, p.Y = figure.Axis{Label: inputName(d, 0)}, figure.Axis{Label: inputName(d, 1)}
			p.Series = examplesOf(part.Split, d, c)
		default:
			return nil
		}
		all = append(all, p)
	}
	return all
}

// classPicture has the first examples of a class in rows, a pixel apart.
func classPicture(d *dataset.Data, s *dataset.Split, class, side int, lo, hi float32) image.Image {
	whole := image.NewNRGBA(image.Rect(0, 0, sheetSide*(side+1)-1, sheetSide*(side+1)-1))
	n := 0
	for i, label := range s.Labels {
		if int(label) != class || n == sheetSide*sheetSide {
			continue
		}
		if one := pictureOf(d, s.Inputs(i), lo, hi); one != nil {
			at := image.Pt(n%sheetSide*(side+1), n/sheetSide*(side+1))
			draw.Draw(whole, image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}, one, image.Point{}, draw.Src)
			n++
		}
	}
	return whole
}

// fromTo words a range of numbers, which may be one.
func fromTo(lo, hi int) string {
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d to %d", lo, hi)
}
