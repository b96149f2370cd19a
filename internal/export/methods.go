package export

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// MethodsFormats are what a paragraph may be written in; the first is what it is read in.
var MethodsFormats = []string{"text", "latex"}

// Methods is a paragraph for the methods section of a paper, a sentence a line: data, networks, seeds, unit, intervals, family of
// claims, what was chosen how, and what computed it.
func Methods(ctx context.Context, db *store.DB, name, format string) (string, error) {
	r, err := verdict.Read(ctx, db, name)
	if err != nil {
		return "", err
	}
	if len(r.Cells) == 0 {
		return "", fmt.Errorf("the study %s has no cells", name)
	}
	declared, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), r.Study.Set)
	if err != nil {
		return "", fmt.Errorf("this version of nightshift cannot read the stored file of the study: %w", err)
	}
	verdicts, err := r.Verdicts(ctx, declared)
	if err != nil {
		return "", err
	}
	over, err := overExamples(ctx, r)
	if err != nil {
		return "", err
	}
	sentences := []string{networks(r), examples(r), repeats(r), allocation(declared), intervals(r, over),
		family(verdicts, declared.Until != nil),
		choice(r), computedBy(r)}
	sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
	if format == "latex" {
		for i := range sentences {
			sentences[i] = latexText(sentences[i])
		}
	}
	return strings.Join(sentences, "\n") + "\n", nil
}

// examples says what the networks were trained and tested on, a set of several sizes once.
func examples(r *verdict.Results) string {
	specs := map[string][]dataset.Spec{}
	tests := map[string][]string{}
	var sets []string
	for _, c := range r.Cells {
		var s dataset.Spec
		if json.Unmarshal(c.Data.Spec, &s) != nil || s.Set == "" {
			continue
		}
		set := s.Set
		if s.Path != "" {
			set += " " + filepath.Base(s.Path)
		}
		if !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
		specs[set], tests[set] = append(specs[set], s), append(tests[set], fmt.Sprint(c.Examples("test")))
	}
	if len(sets) == 0 {
		return ""
	}
	for i, set := range sets {
		sets[i] = set + exampleWords(specs[set], tests[set])
	}
	return "Data: " + strings.Join(sets, "; ") + "."
}

// exampleWords are the sizes, scalings and noises of the specs of a set.
func exampleWords(specs []dataset.Spec, tests []string) string {
	of := func(value func(dataset.Spec) string, before string) string {
		var values []string
		partly := false
		for _, s := range specs {
			v := value(s)
			partly = partly || v == ""
			if v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			return ""
		}
		return before + when(partly, "for some configurations ") + among(values, "or")
	}
	tests = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(tests))), func(n string) bool { return n == "0" })
	amount := func(a dataset.Amount) string {
		if a.Fraction() {
			return number.Written(100*float64(a)) + number.Space + "% of the rows as"
		}
		return unlessZero(float64(a))
	}
	train := func(s dataset.Spec) string { return when(s.Train == 0, "all remaining") + amount(s.Train) }
	sizes := []string{of(train, "") + " training"}
	if valid := of(func(s dataset.Spec) string { return amount(s.Valid) }, ""); valid != "" {
		sizes = append(sizes, valid+" validation")
	}
	if len(tests) > 0 {
		sizes = append(sizes, among(tests, "or")+" test")
	}
	return ", " + among(sizes, "and") + " examples" + of(func(s dataset.Spec) string { return resampleWords[s.Resample] }, ", ") +
		of(func(s dataset.Spec) string { return scaleWords[s.Scale] }, ", inputs ") +
		of(func(s dataset.Spec) string { return unlessZero(s.LabelNoise) }, ", probability of a random training label ")
}

// resampleWords and scaleWords are what the words of study files mean.
var (
	resampleWords = map[string]string{"holdout": "split anew by each seed", "folds": "split into folds of cross-validation",
		"bootstrap": "drawn with replacement by each seed"}
	scaleWords = map[string]string{"none": "as they are", "unit": "scaled to [0, 1]", "symmetric": "scaled to [-1, 1]",
		"standard": "standardised"}
)

// repeats says how often configurations were trained, what their seeds drew, and what became of the runs.
func repeats(r *verdict.Results) string {
	type way struct{ before, after string }
	times := map[way][]string{}
	var ways []way
	for _, c := range r.Cells {
		var w way
		var n int
		w.before, n, w.after = c.Repeats()
		if times[w] == nil {
			ways = append(ways, w)
		}
		if text := fmt.Sprint(n); !slices.Contains(times[w], text) {
			times[w] = append(times[w], text)
		}
	}
	var words []string
	for _, w := range ways {
		words = append(words, w.before+when(w.after != "", " "+among(times[w], "or")+w.after))
	}
	text := fmt.Sprintf("Each configuration was trained %s, %s in all", among(words, "or"), number.Count(len(r.Runs), "run"))
	count := map[store.Status]int{}
	for _, one := range r.Runs {
		count[one.Status]++
	}
	left := len(r.Runs) - count[store.Done]
	for _, s := range []store.Status{store.Diverged, store.Pruned, store.Failed} {
		left -= count[s]
		if count[s] > 0 {
			text += fmt.Sprintf(", %d %s", count[s], s)
		}
	}
	if left > 0 {
		text += fmt.Sprintf(", %d not over yet", left)
	}
	switch count[store.Done] {
	case len(r.Runs):
	case 0:
		text += "; none has a result"
	default:
		text += "; means are over the others"
	}
	return text + "."
}

// allocation says by what rule configurations got fewer epochs or more seeds than others.
func allocation(s *study.Study) string {
	var sentences []string
	if p := s.Prune; p != nil {
		rungs := make([]string, len(p.Rungs))
		for i, n := range p.SurvivorsByRung(len(s.Cells))[1:] {
			rungs[i] = fmt.Sprintf("the best %d after epoch %d", n, p.Rungs[i])
		}
		sentences = append(sentences, fmt.Sprintf("By successive halving of %d configurations on the mean %s only %s went on; "+
			"the others are pruned.", len(s.Cells), strings.Replace(strings.ReplaceAll(p.Metric, "_", " "), "valid ", "validation ", 1),
			among(rungs, "and")))
	}
	if u := s.Until; u != nil {
		sentences = append(sentences, fmt.Sprintf("Each configuration was trained with %d rounds of seeds, and with more, %d at "+
			"most, as long as a claim about it was not decided.", u.Min, u.Max))
	}
	return strings.Join(sentences, " ")
}

// computedBy says what computed it, each version and machine once.
func computedBy(r *verdict.Results) string {
	programs, studies, machines := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, one := range r.Runs {
		if one.Version == "" {
			continue
		}
		text := "nightshift " + one.Version
		if commit := commitWords(one.Commit, one.Dirty); commit != "" {
			text += " (" + commit + ")"
		}
		programs[text] = true
		if commit := commitWords(one.Repository.Commit, one.Repository.Dirty); commit != "" {
			studies[commit] = true
		}
		machines[fmt.Sprintf("%s (%s, kernel %s)", one.CPU, strings.Replace(one.Go, "go", "Go ", 1), one.Kernel)] = true
	}
	if len(programs) == 0 {
		return ""
	}
	list := func(of map[string]bool) string { return among(slices.Sorted(maps.Keys(of)), "and") }
	text := fmt.Sprintf("Computed by %s on %s", list(programs), list(machines))
	if len(studies) > 0 {
		text += ", studies of " + list(studies)
	}
	return text + "; sums have a fixed order, so the same program gives the same bits."
}

// commitWords names a commit; "" where none is known.
func commitWords(commit string, dirty bool) string {
	if commit == "" || commit == "unknown" {
		return ""
	}
	return fmt.Sprintf("commit %.12s", commit) + when(dirty, " with changes")
}
