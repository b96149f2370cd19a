package report

import (
	"fmt"
	"slices"
	"time"

	"nightshift/internal/store"
)

// left is what a study still has to train, and the command that does it.
type left struct {
	Words   string
	Cells   []string
	Command string
}

// maxLeft is how many cells are named one by one.
const maxLeft = 8

// left counts the runs that have not ended, and the failed ones, which another
// night does not try again by itself.
func (r *results) left() []left {
	var all []left
	for _, kind := range []struct {
		one, many, flag string
		statuses        []store.Status
	}{
		{"is left", "are left", "", []store.Status{store.Pending, store.Running, store.Interrupted}},
		{"failed", "failed", " --retry-failed", []store.Status{store.Failed}},
	} {
		l := left{}
		missing, cells := 0, 0
		for _, c := range r.cells {
			n := 0
			for _, one := range c.runs {
				if slices.Contains(kind.statuses, one.Status) {
					n++
				}
			}
			if n == 0 {
				continue
			}
			missing, cells = missing+n, cells+1
			if cells <= maxLeft {
				l.Cells = append(l.Cells, fmt.Sprintf("%s: %d of %s", c.label, n, plural(len(c.runs), "run")))
			}
		}
		if missing == 0 {
			continue
		}
		if cells > maxLeft {
			l.Cells = append(l.Cells, plural(cells-maxLeft, "more cell"))
		}
		verb := kind.many
		if missing == 1 {
			verb = kind.one
		}
		l.Words = fmt.Sprintf("%d of %s %s, in %d of %s:", missing, plural(len(r.runs), "run"), verb, cells, plural(len(r.cells), "cell"))
		l.Command = "nightshift run " + shellWord(r.study.Study) + r.settings() + kind.flag
		all = append(all, l)
	}
	return all
}

// settings are the study's --set values as the command line takes them.
func (r *results) settings() string {
	text := ""
	for _, set := range r.study.Set {
		text += " --set " + shellWord(set)
	}
	return text
}

// nightLines compare each night's forecast with the time that it took.
func nightLines(nights []store.Night) [][2]string {
	var lines [][2]string
	for _, n := range nights {
		words := "took " + duration(n.Seconds)
		if n.Forecast > 0 {
			words = fmt.Sprintf("forecast %s (%s to %s), %s", duration(n.Forecast), duration(n.Low), duration(n.High), words)
		}
		words += fmt.Sprintf("; %s on %s", plural(n.Trained, "run"), plural(n.Workers, "worker"))
		lines = append(lines, [2]string{"night of " + n.Started.UTC().Format(time.RFC3339), words})
	}
	return lines
}
