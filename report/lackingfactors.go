package report

import (
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
)

// lacksSplit asks for sizes, several training sets and, where not squared errors are split, for classes.
func lacksSplit(s *study.Study, f study.Figure) string {
	needs := []lacking{lacksSizes(2), lacksDataSeeds(1)}
	if f.Loss != "" {
		needs = append(needs, lacksClasses)
	}
	return lacksAny(needs...)(s, f)
}

// lacksAxes asks for two axes with two values each.
func lacksAxes(s *study.Study, f study.Figure) string {
	if n := len(slices.DeleteFunc(slices.Clone(s.Axes), func(axis string) bool { return len(valuesOf(s, f, axis)) < 2 })); n < 2 {
		return "it takes two axes with two values each"
	}
	return ""
}

// lacksPairAxis asks for an axis on which the losses or outputs of cells differ.
func lacksPairAxis(s *study.Study, f study.Figure) string {
	kinds := map[string]bool{}
	for _, c := range s.Shown(f) {
		kinds[c.Config.Output+" "+c.Config.Loss+" "+c.Config.Reduction] = true
	}
	if len(kinds) < 2 {
		return "it takes an axis that sets outputs and losses, such as sigmoid+mse and softmax+ce"
	}
	return ""
}

// lacksFactors asks for a table without holes over two axes.
func lacksFactors(s *study.Study, f study.Figure) string {
	cells, combinations := s.Shown(f), 1
	for _, axis := range s.Axes {
		combinations *= max(1, len(valuesOf(s, f, axis)))
	}
	if why := lacksAxes(s, f); why != "" {
		return why
	}
	if combinations != len(cells) {
		return fmt.Sprintf("it takes every combination of the axes once, %d cells, and there are %d; where chooses some",
			combinations, len(cells))
	}
	return ""
}

// lacksDataSeeds asks for so many cells with several training sets.
func lacksDataSeeds(least int) lacking {
	return func(s *study.Study, f study.Figure) string {
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
		if n < least {
			return fmt.Sprintf("it takes %s with two data seeds, and there are %d", number.Count(least, "cell"), n)
		}
		return ""
	}
}
