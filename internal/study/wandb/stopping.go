package wandb

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// metric is what configurations are chosen by.
func (s *sweep) metric(n *source.Node) {
	if n.Kind != source.Mapping || n.Field("name") == nil {
		s.Add(n.At, "metric is a mapping with a name; found %v", n)
		return
	}
	name, goal := n.Field("name").Value, "minimize"
	for _, f := range n.Fields {
		switch f.Name {
		case "name":
		case "goal":
			goal = f.Value.Text
		case "target":
			s.Add(f.At, "target is left out: a study trains all its runs")
		default:
			s.Add(f.At, "%s of metric is left out: nothing in a study is like it", plain(f.Name))
		}
	}
	metric, accuracy, test := alias.Metric(name.Text)
	switch {
	case metric == "":
		s.Add(name.At, "metric %s is left out: there are %s", plain(name.Text), source.Join(study.Selections()))
		return
	case test:
		s.Add(name.At, "nothing is selected on test data; the study selects by %s", metric)
	case accuracy:
		s.Add(name.At, "the study selects by %s, one minus the accuracy, which is smaller the better", metric)
	case !strings.Contains(strings.ToLower(name.Text), "val") && !strings.Contains(strings.ToLower(name.Text), "dev"):
		s.Add(name.At, "metric %s is taken for that of the validation split", plain(name.Text))
	}
	if (goal == "maximize") != accuracy {
		s.Add(n.At, "goal %s is left out: of %s the smallest is the best", plain(goal), metric)
	}
	s.put("select", "", metric, name.Text, name.At)
}

// terminate makes successive halving of hyperband.
func (s *sweep) terminate(f *source.Field) {
	n := f.Value
	value := func(name string, otherwise float64) float64 {
		if n.Field(name) == nil {
			return otherwise
		}
		v, ok := n.Field(name).Value.Number()
		if !ok {
			s.Add(n.Field(name).At, "%s of early_terminate is a number; found %v", name, n.Field(name).Value)
			return otherwise
		}
		return v
	}
	if n.Kind != source.Mapping || n.Field("type") == nil || n.Field("type").Value.Text != "hyperband" {
		s.Add(f.At, "early_terminate is left out: only hyperband is known")
		return
	}
	for _, inner := range n.Fields {
		if !slices.Contains([]string{"type", "min_iter", "max_iter", "s", "eta"}, inner.Name) {
			s.Add(inner.At, "%s of early_terminate is left out: nothing in a study is like it", plain(inner.Name))
		}
	}
	eta, least, most, brackets := value("eta", 3), value("min_iter", 0), value("max_iter", 0), value("s", 0)
	var rungs []string
	switch {
	case !(eta > 1) || least < 0 || most < 0:
	case least >= 1:
		for r := least; r <= 1e4 && len(rungs) < 8; r *= eta {
			rungs = append(rungs, number(math.Round(r)))
		}
	case most > 1:
		for r := most / eta; r >= 1 && len(rungs) < int(min(max(brackets, 1), 8)); r /= eta {
			rungs = append([]string{number(math.Round(r))}, rungs...)
		}
	}
	if rungs = s.before(rungs); len(rungs) == 0 {
		s.Add(f.At, "early_terminate is left out: "+
			"no epoch is left before the end of the training after which it would stop a run")
		return
	}
	s.Add(f.At, "hyperband stops runs one by one; in the study the best share of the configurations goes on after the epochs "+
		"%s, and an iteration is an epoch", strings.Join(rungs, ", "))
	s.put("prune", "", fmt.Sprintf("{rungs: [%s], keep: %s}", strings.Join(rungs, ", "), strconv.FormatFloat(1/eta, 'g', 4, 64)),
		f.Name, f.At)
}

// before leaves out rungs that are not below the epochs of the study.
func (s *sweep) before(rungs []string) []string {
	epochs := float64(mlp.Default().Epochs)
	if e := s.entry("base", "epochs"); e != nil {
		epochs, _ = strconv.ParseFloat(e.value, 64)
	}
	return slices.DeleteFunc(slices.Compact(rungs), func(r string) bool {
		v, _ := strconv.ParseFloat(r, 64)
		return v >= epochs
	})
}
