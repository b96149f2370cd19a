package report

import (
	"fmt"

	"nightshift/internal/number"
	"nightshift/internal/study"
)

// lacksSuccess asks for classes and sizes.
func lacksSuccess(s *study.Study, f study.Figure) string {
	if why := lacksClasses(s, f); why != "" {
		return why
	}
	return lacksSizes(2)(s, f)
}

// lacksSplit asks for sizes and, where not squared errors are split, for classes.
func lacksSplit(s *study.Study, f study.Figure) string {
	if f.Loss != "" {
		return lacksSuccess(s, f)
	}
	return lacksSizes(2)(s, f)
}

// lacksFactors asks for a table without holes over two axes.
func lacksFactors(s *study.Study, f study.Figure) string {
	cells, combinations, factors := s.Shown(f), 1, 0
	for _, axis := range s.Axes {
		if n := len(valuesOf(s, f, axis)); n > 1 {
			combinations, factors = combinations*n, factors+1
		}
	}
	switch {
	case factors < 2:
		return "it takes two axes with two values each"
	case combinations != len(cells):
		return fmt.Sprintf("it takes every combination of the axes once, %d cells, and there are %d; where chooses some", combinations, len(cells))
	}
	return ""
}

// lacksDataSeeds asks for cells with several training sets.
func lacksDataSeeds(s *study.Study, f study.Figure) string {
	n := 0
	for _, c := range s.Shown(f) {
		sets := map[uint64]bool{}
		for _, seeds := range c.Seeds {
			sets[seeds.Data] = true
		}
		if len(sets) > 1 {
			n++
		}
	}
	if n < leastRelated {
		return fmt.Sprintf("it takes %s with two data seeds, and there are %d", number.Count(leastRelated, "cell"), n)
	}
	return ""
}
