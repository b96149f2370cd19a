package wandb

import (
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/mlp"
)

// fit makes entries of the study go together that did not have to in the sweep.
func (s *sweep) fit() {
	for _, k := range study.Keys().All() {
		if k.Kind == study.Choice {
			s.fold(k)
		}
	}
	s.outputFor(s.entry("base", "loss"))
}

// fold writes the parameters that all runs share into the options of an axis,
// which sets all of a choice.
func (s *sweep) fold(k *study.Key) {
	axis := s.entry("grid", k.Path)
	if axis == nil {
		return
	}
	var shared []*sweepEntry
	for _, e := range s.entries {
		if e.part == "base" && strings.HasPrefix(e.key, k.Path+".") {
			shared = append(shared, e)
		}
	}
	for _, o := range k.Options {
		var with []string
		for _, e := range shared {
			if e.key == "optimizer.momentum" && o.Name == "sgd" && strings.Contains(axis.value, withMomentum) {
				continue // it is that of the other option
			}
			if slices.ContainsFunc(o.Params, func(p mlp.Param) bool { return p.Name == study.Last(e.key) }) {
				with = append(with, study.Last(e.key)+": "+e.value)
			} else if slices.Contains(axis.options(), o.Name) {
				s.Add(e.at, "%s has no %s, so only others have it", o.Name, plain(e.from))
			}
		}
		if len(with) > 0 {
			axis.rewrite(o.Name, "{name: "+o.Name+", "+strings.Join(with, ", ")+"}")
		}
	}
	for _, e := range shared {
		if e.key == "optimizer.momentum" {
			axis.value = strings.ReplaceAll(axis.value, withMomentum, "{name: sgd, momentum: "+e.value+"}")
		}
	}
	s.entries = slices.DeleteFunc(s.entries, func(e *sweepEntry) bool { return slices.Contains(shared, e) })
}

// withMomentum is what the optimizer momentum of a sweep is called here.
const withMomentum = "{name: sgd, momentum: 0.9}"

// options lists the values of an axis, which begin and end with a bracket.
func (e *sweepEntry) options() []string {
	inside := e.value[strings.IndexByte(e.value, '[')+1 : strings.LastIndexByte(e.value, ']')]
	return strings.Split(inside, ", ")
}

// rewrite replaces a plain name among the values of an axis.
func (e *sweepEntry) rewrite(name, value string) {
	options := e.options()
	for i, o := range options {
		if o == name {
			options[i] = value
		}
	}
	begin, end := strings.IndexByte(e.value, '['), strings.LastIndexByte(e.value, ']')
	e.value = e.value[:begin+1] + strings.Join(options, ", ") + e.value[end:]
}

// outputFor gives a loss the output that it goes with, where the sweep names none.
func (s *sweep) outputFor(loss *sweepEntry) {
	if loss == nil || s.entry("base", "output") != nil || s.entry("grid", "output") != nil {
		return
	}
	usual := mlp.Default().Output
	goals := slices.DeleteFunc(mlp.Objectives(), func(o mlp.Objective) bool { return o.Loss != loss.value })
	if len(goals) > 0 && !slices.ContainsFunc(goals, func(o mlp.Objective) bool { return o.Output == usual }) {
		s.put("base", "output", goals[0].Output, "goes with "+loss.value, loss.at)
	}
}
