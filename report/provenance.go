package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"nightshift/internal/number"
	"nightshift/internal/store"
)

// facts sums the study up in words.
func (r *results) facts() []string {
	count := map[store.Status]int{}
	seconds := 0.0
	for _, one := range r.Runs {
		count[one.Status]++
		seconds += one.Seconds
	}
	var parts []string
	for _, s := range []store.Status{store.Done, store.Diverged, store.Pruned, store.Failed, store.Interrupted, store.Running,
		store.Pending} {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	facts := []string{fmt.Sprintf("%s of %s: %s.", number.Count(len(r.Runs), "run"), number.Count(len(r.cells), "cell"),
		strings.Join(parts, ", "))}
	if len(r.Runs) == 0 {
		return []string{"The study has no runs yet."}
	}
	if seconds > 0 {
		facts = append(facts, fmt.Sprintf("Training took %s of one core.", duration(seconds)))
	}
	if len(r.omitted) > 0 {
		facts = append(facts, "Left out, since there is nothing to be seen: "+strings.Join(r.omitted, "; ")+".")
	}
	if waiting := len(r.cells) - len(r.ready); waiting > 0 {
		return append(facts, fmt.Sprintf("%d of %s wait for planned seeds: figures with intervals and findings are of the others, and "+
			"the explorer draws the curves of all.", waiting, number.Count(len(r.cells), "cell")))
	}
	for _, b := range r.blocks {
		c := r.choose(b.cells)
		if c == nil {
			continue
		}
		m := b.quality()
		if e := c.estimate(test, m); e.N > 0 && len(b.cells) > 1 {
			by := ""
			if chosen := r.selection(b); chosen.key != m.key {
				by = " by its " + chosen.name
			}
			facts = append(facts, fmt.Sprintf("Best on validation%s%s%s: %s, %s over %s.%s", by, b.soFar(), b.title,
				c.Label, m.named("test "+m.name, e), unitsOf([]*cell{c}), r.choiceWarnings(b, c)))
		}
	}
	facts = append(append(facts, r.confounding()...), r.oneTrainingSet()...)
	if r.looked != "" {
		facts = append(facts, fmt.Sprintf("Its seeds were looked at %s: verdicts, and the winner of a ranking against the runner-up, "+
			"allow for it; the other p values and intervals here, and the titles of figures, are for one look.", r.looked))
	}
	if count[store.Done] == 0 {
		facts = append(facts, nothingFinished(count, len(r.Runs)))
	}
	return facts
}

// fewChosenOn is the number of validation examples below which a choice by them is said to rest on few.
const fewChosenOn = 100

// choiceWarnings say where validation does not tell the best cell of a block from others, or has few examples to tell it by.
func (r *results) choiceWarnings(b *block, best *cell) (text string) {
	m := r.selection(b)
	var ties []string
	least := best.estimate(valid, m).Mean
	for _, c := range b.cells {
		if e := c.estimate(valid, m); c != best && e.N > 0 && e.Mean == least {
			ties = append(ties, c.Label)
		}
	}
	if n := len(ties); n > 3 {
		text = fmt.Sprintf(" %s have the same validation %s; it stands first in the study.", number.Count(n, "other cell"), m.name)
	} else if n > 0 {
		text = fmt.Sprintf(" The same validation %s: %s; the one that stands first in the study is named.", m.name,
			strings.Join(ties, "; "))
	}
	if best.lost() > 0 {
		text += fmt.Sprintf(" Its mean is of the others: %s.", best.lostWords())
	}
	lost := 0
	for _, c := range b.cells {
		if c.lost() > 0 && c.estimate(valid, m).N == 0 {
			lost++
		}
	}
	if lost > 0 {
		text += fmt.Sprintf(" It was chosen without %s of which no run finished.", number.Count(lost, "cell"))
	}
	if b.rateOnEdge(best) {
		text += " Its learning rate lies on the edge of those that were tried with the rest as it is."
	}
	if n := best.Examples(valid.name); m.scale == percent && n > 0 && n < fewChosenOn {
		about := ""
		if best.Config.Data.Valid.Fraction() { // of a file, whose size is known to the rounding of the test split
			about = "about "
		}
		text += fmt.Sprintf(" It was chosen on %s%s, each of which is %s%s of that error.", about,
			number.Count(n, "validation example"), about, m.points(percent/float64(n)))
	}
	return text
}

// nothingFinished says what became of the runs where none was trained to its end.
func nothingFinished(count map[store.Status]int, runs int) string {
	for status, became := range map[store.Status]string{store.Diverged: "diverged", store.Failed: "failed",
		store.Pruned: "was pruned"} {
		if count[status] == runs {
			return "No run has a result: every one " + became + "."
		}
	}
	return "No run has finished with a result yet, so there is little to see."
}

// oneTrainingSet says, where cells have one training set, that conclusions are about
// this one, and which seeds would widen them.
func (r *results) oneTrainingSet() []string {
	var blocks []string
	most := 0
	for _, b := range r.blocks {
		runs := 0
		for _, c := range b.cells {
			runs = max(runs, len(c.Finished()))
		}
		several := slices.ContainsFunc(b.cells, func(c *cell) bool { return slices.Contains(c.Varied(), "data") })
		if runs > 0 && !several {
			blocks, most = append(blocks, b.name), max(most, runs)
		}
	}
	if len(blocks) == 0 {
		return nil
	}
	cells := "All cells"
	if len(blocks) < len(r.blocks) {
		cells += " of " + strings.Join(blocks, " and ")
	}
	return []string{fmt.Sprintf("%s were trained on one training set, so what stands here of them is about that training set. "+
		"seeds: {data: %d, init: 1, nested: true} would draw a fresh one for each run and widen the conclusions to all such sets.",
		cells, max(5, most))}
}

// failures lists why runs failed or diverged, each reason once.
func (r *results) failures() []string {
	var reasons []string
	count := map[string]int{}
	for _, one := range r.Runs {
		if one.Reason == "" || one.Status != store.Failed && one.Status != store.Diverged {
			continue
		}
		reason := fmt.Sprintf("%s: %s", one.Status, one.Reason)
		if count[reason] == 0 {
			reasons = append(reasons, reason)
		}
		count[reason]++
	}
	for i, reason := range reasons {
		reasons[i] = fmt.Sprintf("%s (%s)", reason, number.Count(count[reason], "run"))
	}
	if len(reasons) > 12 {
		reasons = append(reasons[:12], fmt.Sprintf("and %d more reasons", len(reasons)-12))
	}
	return reasons
}

// provenance says what made the results; each line lists the different values.
func (r *results) provenance() [][2]string {
	var lines [][2]string
	add := func(name string, of func(store.Run) string) {
		var values []string
		for _, one := range r.Runs {
			if one.Finished.IsZero() {
				continue
			}
			if v := of(one.Run); v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			lines = append(lines, [2]string{name, strings.Join(values, "; ")})
		}
	}
	add("version", func(s store.Run) string { return s.Version })
	add("commit", func(s store.Run) string {
		if s.Dirty && s.Commit != "" {
			return s.Commit + " with changes that are not committed"
		}
		return s.Commit
	})
	add("repository of the study", func(s store.Run) string { return s.Repository.String() })
	add("kernel", func(s store.Run) string { return s.Kernel })
	add("Go", func(s store.Run) string { return s.Go })
	add("system", func(s store.Run) string { return s.OS })
	add("CPU", func(s store.Run) string { return s.CPU })
	add("host", func(s store.Run) string { return s.Host })
	var first, last time.Time
	for _, one := range r.Runs {
		if !one.Started.IsZero() && (first.IsZero() || one.Started.Before(first)) {
			first = one.Started
		}
		if one.Finished.After(last) {
			last = one.Finished
		}
	}
	if !first.IsZero() {
		lines = append(lines, [2]string{"first run started", first.UTC().Format(time.RFC3339)})
	}
	if !last.IsZero() {
		lines = append(lines, [2]string{"last run finished", last.UTC().Format(time.RFC3339)})
	}
	return lines
}

// mostNights is how many nights a page lists.
const mostNights = 100

// nightLines compare each night's forecast with the time that it took, of very many those of the last.
func nightLines(nights []store.Night) [][2]string {
	var lines [][2]string
	if earlier := len(nights) - mostNights; earlier > 0 {
		trained, seconds := 0, 0.0
		for _, n := range nights[:earlier] {
			trained, seconds = trained+n.Trained, seconds+n.Seconds
		}
		lines = append(lines, [2]string{number.Count(earlier, "night") + " before these",
			fmt.Sprintf("took %s together; %s", duration(seconds), number.Count(trained, "run"))})
		nights = nights[earlier:]
	}
	for _, n := range nights {
		words := "took " + duration(n.Seconds)
		if n.Forecast > 0 {
			words = fmt.Sprintf("forecast %s (%s to %s), %s", duration(n.Forecast), duration(n.Low), duration(n.High), words)
		}
		words += fmt.Sprintf("; %s on %s", number.Count(n.Trained, "run"), number.Count(n.Workers, "worker"))
		lines = append(lines, [2]string{"night of " + n.Started.UTC().Format(time.RFC3339), words})
	}
	return lines
}
