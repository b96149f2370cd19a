package report

import (
	"fmt"
	"slices"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
)

// remaining is what a study still has to train, and the command that does it.
type remaining struct {
	Title   string
	Text    string
	Cells   []string
	Command string
}

const leftTitle = "Runs that are left"

// maxRemaining is how many cells are named one by one.
const maxRemaining = 8

// remaining counts the runs that have not ended, and the failed ones, which another
// night does not try again by itself.
func (r *results) remaining() []remaining {
	var all []remaining
	for _, kind := range []struct {
		title, one, many, flag string
		statuses               []store.Status
	}{
		{leftTitle, "is left", "are left", "", []store.Status{store.Pending, store.Running, store.Interrupted}},
		{"Runs that failed", "failed", "failed", " --retry-failed", []store.Status{store.Failed}},
	} {
		l := remaining{Title: kind.title}
		missing, cells := 0, 0
		for _, c := range r.cells {
			n := 0
			for _, one := range c.Runs {
				if slices.Contains(kind.statuses, one.Status) {
					n++
				}
			}
			if n == 0 {
				continue
			}
			missing, cells = missing+n, cells+1
			if cells <= maxRemaining {
				l.Cells = append(l.Cells, fmt.Sprintf("%s: %d of %s", c.Label, n, number.Count(len(c.Runs), "run")))
			}
		}
		if missing == 0 {
			continue
		}
		if cells > maxRemaining {
			l.Cells = append(l.Cells, number.Count(cells-maxRemaining, "more cell"))
		}
		verb := kind.many
		if missing == 1 {
			verb = kind.one
		}
		l.Text = fmt.Sprintf("%d of %s %s, in %d of %s:", missing, number.Count(len(r.Runs), "run"), verb, cells,
			number.Count(len(r.cells), "cell"))
		l.Command = "nightshift run " + file.ShellWord(r.Study.Study) + r.settings() + kind.flag
		all = append(all, l)
	}
	return all
}

// settings are the study's --set values as the command line takes them.
func (r *results) settings() string {
	text := ""
	for _, set := range r.Study.Set {
		text += " --set " + file.ShellWord(set)
	}
	return text
}
