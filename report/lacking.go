package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
)

// Lacking says of each figure that a study asks for what it needs that a night of the study will not have.
func Lacking(s *study.Study) []string {
	var all []string
	for _, f := range s.Figures {
		why := s.Lacks(f)
		if k := kindOf(f); why == "" && k.lacks != nil {
			why = k.lacks(s, f)
		}
		if why != "" {
			all = append(all, fmt.Sprintf("the figure %s%s will be left out: %s", f.Text, f.At(), why))
		}
	}
	return all
}

// lacking is what a figure needs that a night of a study will not have; "" for nothing.
type lacking = func(*study.Study, study.Figure) string

// lacksAny is the first of several needs that is not met.
func lacksAny(needs ...lacking) lacking {
	return func(s *study.Study, f study.Figure) string {
		for _, lacks := range needs {
			if why := lacks(s, f); why != "" {
				return why
			}
		}
		return ""
	}
}

// someCell says whether the figure shows a cell that has what it needs.
func someCell(s *study.Study, f study.Figure, has func(*study.Cell) bool) bool {
	return slices.ContainsFunc(s.Shown(f), has)
}

// lacksAxis asks for so many values on one of some axes.
func lacksAxis(least int, names ...string) lacking {
	return func(s *study.Study, f study.Figure) string {
		most := 0
		for _, name := range names {
			if slices.Contains(s.Axes, name) {
				most = max(most, len(valuesOf(s, f, name)))
			}
		}
		if most >= least {
			return ""
		}
		return fmt.Sprintf("it takes an axis %s with %s", strings.Join(names, " or "), number.Count(least, "value"))
	}
}

// lacksSizes asks for so many sizes of the network.
func lacksSizes(least int) lacking { return lacksAxis(least, capacityAxes...) }

// lacksResampling asks for two cells that draw train and test anew from one pool.
func lacksResampling(s *study.Study, f study.Figure) string {
	n := 0
	for _, c := range s.Shown(f) {
		if c.Config.Data.Resample != "" {
			n++
		}
	}
	if n < 2 {
		return "it takes two cells with data: {resample: ...}"
	}
	return ""
}

// lacksTestSet asks for test examples that runs share.
func lacksTestSet(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return c.Config.Data.Resample == "" }) {
		return ""
	}
	return "it takes a test set that runs share, and resample draws one for each data seed"
}

// lacksCells asks for so many cells.
func lacksCells(least int) lacking {
	return func(s *study.Study, f study.Figure) string {
		shown := s.Shown(f)
		if len(shown) < least {
			return fmt.Sprintf("it takes %s, and the study has %d", number.Count(least, "cell"), len(shown))
		}
		return ""
	}
}

// valuesOf lists the labels on an axis of the cells that a figure shows.
func valuesOf(s *study.Study, f study.Figure, axis string) map[string]bool {
	labels := map[string]bool{}
	for _, c := range s.Shown(f) {
		if v, ok := study.PlaceOf(axis, s.Axes, c.Axes, &c.Config); ok {
			labels[v.Label] = true
		}
	}
	return labels
}

// lacksLayers asks for runs that measure their layers.
func lacksLayers(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return c.Config.Log.Layers }) {
		return ""
	}
	return "it is of layers, and log.layers is false"
}

// lacksSeeds asks for two runs of a cell.
func lacksSeeds(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return len(c.Seeds) >= 2 }) {
		return ""
	}
	return "it takes two seeds of a cell"
}

// lacksPairs asks for three runs of a cell, so that there are several pairs.
func lacksPairs(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return len(c.Seeds) >= 3 }) {
		return ""
	}
	return "it takes three seeds of a cell"
}

// lacksClasses asks for a classification.
func lacksClasses(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return !c.Config.Data.Regression() }) {
		return ""
	}
	return "it is of classes, and the study is a regression"
}

// lacksNumbers asks for a regression.
func lacksNumbers(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return c.Config.Data.Regression() }) {
		return ""
	}
	return "it is of a regression of one input, and the study has classes"
}

// lacksInputs asks for data of so many inputs, as far as the set says how many it has.
func lacksInputs(n int) lacking {
	return func(s *study.Study, f study.Figure) string {
		if someCell(s, f, func(c *study.Cell) bool {
			set, _ := dataset.Lookup(c.Config.Data.Set)
			return set.In == n || set.In == 0
		}) {
			return ""
		}
		return "it takes data of " + number.Count(n, "input")
	}
}

// lacksValidation asks for examples by which cells are chosen.
func lacksValidation(s *study.Study, f study.Figure) string {
	if someCell(s, f, func(c *study.Cell) bool { return c.Config.Data.Valid > 0 }) {
		return ""
	}
	return "it is of the validation split, and data.valid is 0"
}
