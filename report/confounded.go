package report

import (
	"fmt"
	"slices"
	"strings"
)

// isConfounded says that no two cells of the block differ in this axis only: what changes along it changes with another one, too.
func (b *block) isConfounded(name string) bool { return slices.Contains(b.confounded(), name) }

// confounded are the axes of which nothing can be said by itself. A block with one axis has none.
func (b *block) confounded() (names []string) {
	if len(b.axes) < 2 {
		return nil
	}
	for _, x := range b.axes {
		at := map[string]string{} // label at the places on all other axes
		apart := false
		for _, c := range b.cells {
			others := ""
			for _, y := range b.axes {
				if y.name != x.name {
					others += c.axisLabel(y.name) + "\n"
				}
			}
			label, met := at[others]
			apart = apart || met && label != c.axisLabel(x.name)
			at[others] = c.axisLabel(x.name)
		}
		if !apart {
			names = append(names, x.name)
		}
	}
	return names
}

// confounding says which axes change together, so that no difference can be put down to one of them.
func (r *results) confounding() (facts []string) {
	if r.declared.Sampled { // where trends along an axis are over the others
		return nil
	}
	for _, b := range r.blocks {
		names := b.confounded()
		if len(names) == 0 {
			continue
		}
		var words []string
		for _, name := range names {
			words = append(words, axisWords(name))
		}
		fact, cause := fmt.Sprintf("No two cells%s differ in %s alone", b.title, strings.Join(words, " or in ")), "it"
		if len(names) > 1 {
			fact, cause = fact+": they change together", "one of them"
		}
		facts = append(facts, fact+", so no difference here can be put down to "+cause+".")
	}
	return facts
}
