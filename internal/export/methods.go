package export

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
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
	units, err := unitsOf(ctx, r)
	if err != nil {
		return "", err
	}
	sentences := []string{networks(r), examples(r), repeats(r, units), spent(declared), intervals(r), family(verdicts), choice(r), made(r)}
	sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
	if format == "latex" {
		for i := range sentences {
			sentences[i] = latexText(sentences[i])
		}
	}
	return strings.Join(sentences, "\n") + "\n", nil
}

// networks says what was trained: each key has one value, or those of the cells.
func networks(r *verdict.Results) string {
	var optimizers, pairs, activations, sizes []string
	add := func(list *[]string, v string) {
		if !slices.Contains(*list, v) {
			*list = append(*list, v)
		}
	}
	for _, c := range r.Cells {
		add(&optimizers, c.Config.Optimizer.Name)
		add(&pairs, c.Config.Output+" outputs with "+c.Config.Loss)
		add(&activations, c.Config.Activation.Name)
		add(&sizes, fmt.Sprint(c.Config.Hidden))
	}
	text := "We trained multilayer perceptrons in " + number.Count(len(r.Cells), "configuration")
	var axes []string
	for _, a := range axesOf(r.Cells) {
		var values []string
		for _, c := range r.Cells {
			if v := place(c, a); v != "–" {
				add(&values, v)
			}
		}
		axes = append(axes, fmt.Sprintf("%s (%s)", a, listed(values)))
	}
	if len(axes) > 0 {
		text += ", which differ in " + listed(axes)
	}
	c := r.Cells[0].Config
	differ := unless(r, func(c study.Config) any { return [2]any{c.Batch, c.Epochs} }, " where the configuration does not say otherwise")
	return fmt.Sprintf("%s; hidden layers %s; %s units; %s; optimiser %s, mini-batches of %v, %d epochs%s.", text, listed(sizes),
		listed(activations), listed(pairs), listed(optimizers), c.Batch, c.Epochs, differ)
}

// unless is a remark where cells differ in something.
func unless(r *verdict.Results, of func(study.Config) any, remark string) string {
	for _, c := range r.Cells {
		if fmt.Sprint(of(c.Config)) != fmt.Sprint(of(r.Cells[0].Config)) {
			return remark
		}
	}
	return ""
}

// listed is a list of words, of which a sentence takes the first eight.
func listed(words []string) string {
	const most = 8
	if len(words) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
	}
	return strings.Join(words, ", ")
}

// examples says what the networks were trained and tested on.
func examples(r *verdict.Results) string {
	specs := map[string]bool{}
	for _, c := range r.Cells {
		var s dataset.Spec
		if json.Unmarshal(c.Data.Spec, &s) != nil || s.Set == "" {
			continue
		}
		train := fmt.Sprint(s.Train)
		if s.Train == 0 {
			train = "all others"
		}
		text := fmt.Sprintf("%s (training %s, validation %s, test %d; inputs scaled: %s", s.Set, train, s.Valid, tested(c.Data), s.Scale)
		if s.LabelNoise > 0 {
			text += fmt.Sprintf("; label noise %v", s.LabelNoise)
		}
		specs[text+")"] = true
	}
	if len(specs) == 0 {
		return ""
	}
	return "Data: " + strings.Join(slices.Sorted(maps.Keys(specs)), "; ") + "."
}

func tested(d store.Dataset) int {
	if d.Regression && d.Out > 0 {
		return len(d.TestTargets) / d.Out
	}
	return len(d.TestLabels)
}

func unitsOf(ctx context.Context, r *verdict.Results) (string, error) {
	var units []string
	for _, c := range r.Cells {
		e, err := r.Mean(ctx, c, c.Quality().Of("test"))
		if err != nil {
			return "", err
		}
		if e.N > 0 && !slices.Contains(units, e.Unit) {
			units = append(units, e.Unit)
		}
	}
	return strings.Join(units, "; "), nil
}

// repeats says how often, and what became of the runs.
func repeats(r *verdict.Results, units string) string {
	count := map[store.Status]int{}
	for _, one := range r.Runs {
		count[one.Status]++
	}
	text := fmt.Sprintf("Each configuration was trained with several seeds, %s in all", number.Count(len(r.Runs), "run"))
	if units != "" {
		text += "; the unit of inference: " + units
	}
	for _, s := range []store.Status{store.Diverged, store.Pruned, store.Failed} {
		if count[s] > 0 {
			text += fmt.Sprintf("; %d %s", count[s], s)
		}
	}
	return text + ". Means are over finished runs."
}

// spent says by what rule configurations got fewer epochs or more seeds than others.
func spent(s *study.Study) string {
	var sentences []string
	if p := s.Prune; p != nil {
		rungs, left := make([]string, len(p.Rungs)), make([]string, len(p.Rungs))
		for i, n := range p.SurvivorsByRung(len(s.Cells))[1:] {
			rungs[i], left[i] = fmt.Sprint(p.Rungs[i]), fmt.Sprint(n)
		}
		sentences = append(sentences, fmt.Sprintf("Of %d configurations the best by mean %s went on after %s epochs (%s of them); the runs of the "+
			"others were ended there (pruned).", len(s.Cells), strings.ReplaceAll(p.Metric, "_", " "), strings.Join(rungs, ", "), strings.Join(left, ", ")))
	}
	if u := s.Until; u != nil {
		sentences = append(sentences, fmt.Sprintf("Each configuration was trained with %d rounds of seeds, and with more, %d at most, as long as a claim "+
			"about it was not decided.", u.Min, u.Max))
	}
	return strings.Join(sentences, " ")
}

func intervals(r *verdict.Results) string {
	text := "Intervals are 95" + number.Space + "% t intervals over units; those of test metrics hold over the test examples as well, " +
		"as a random-effects model of units by examples, where outputs were stored."
	if !slices.ContainsFunc(r.Cells, func(c *verdict.Cell) bool { return slices.Contains(c.Varied(), "data") }) {
		text += " All networks of a configuration learned from the same training set: conclusions are about it."
	}
	return text
}

func family(verdicts []verdict.Verdict) string {
	if len(verdicts) == 0 {
		return ""
	}
	text := fmt.Sprintf("The %s of the study form one family: p values are corrected by Holm's method.",
		number.Count(len(verdicts), "claim"))
	if len(verdicts) == 1 {
		text = "The study has one claim, whose p value needs no correction."
	}
	looks, later := 0, 0
	for _, v := range verdicts {
		looks = max(looks, v.Looks)
		if v.Afterwards {
			later++
		}
	}
	if looks > 1 {
		text += fmt.Sprintf(" Results were looked at %d times; verdicts are anytime-valid (Wang and Ramdas 2023) or spend "+
			"their level over the looks.", looks)
	}
	if later > 0 {
		were, their := "was", "its"
		if later > 1 {
			were, their = "were", "their"
		}
		text += fmt.Sprintf(" %s %s written when results of %s cells were known.", number.Count(later, "claim"), were, their)
	}
	return text
}

func choice(r *verdict.Results) string {
	if r.Choose(r.Cells) == nil || len(r.Cells) < 2 {
		return ""
	}
	return fmt.Sprintf("Configurations were chosen by the mean validation %s; the test set chose nothing.",
		r.Selection(r.Cells[0]).Title)
}

// made says what computed it.
func made(r *verdict.Results) string {
	programs := map[string]bool{}
	for _, one := range r.Runs {
		if one.Version == "" {
			continue
		}
		text := "nightshift " + one.Version
		if one.Commit != "" {
			text += fmt.Sprintf(" (commit %.12s", one.Commit)
			if one.Dirty {
				text += ", with changes"
			}
			text += ")"
		}
		if one.Repository.Commit != "" {
			text += ", studies of commit " + one.Repository.Commit[:min(12, len(one.Repository.Commit))]
			if one.Repository.Dirty {
				text += " with changes"
			}
		}
		programs[fmt.Sprintf("%s, %s, %s on %s", text, one.Go, one.Kernel, one.CPU)] = true
	}
	if len(programs) == 0 {
		return ""
	}
	return fmt.Sprintf("Computed by %s; sums have a fixed order, so the same program gives the same bits.",
		strings.Join(slices.Sorted(maps.Keys(programs)), "; "))
}
