package study

import (
	"slices"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/study/source"
)

// Parse reads a study file. file is its name in error messages, set the
// overrides of the command line (path=value). The error is Errors where the
// study itself is at fault. A study that begins from another needs Load.
func Parse(file string, text []byte, set []string) (*Study, error) {
	return Load(file, text, set, nil)
}

// study reads the top level and everything below it.
func (d *decoder) study(n *source.Node) *Study {
	s := &Study{}
	d.known(n, "", studyKeys)
	if from := n.Field("from"); from != nil {
		d.Add(from.At, "from is no override; it stands in the file")
	}
	name, at, ok := d.word(n, "study")
	if n.Field("study") == nil {
		d.Add(n.At, "the study has no name; begin with study: NAME")
	} else if err := CheckName(name); ok && err != nil {
		d.Add(at, "%v", err)
	}
	s.Name = name
	s.Question, _, _ = d.word(n, "question")
	s.Keep = d.keep(n)
	d.sampling, d.sampled = d.sample(n), drawnKeys(n)
	blocks := d.blocks(n)
	if d.sampling != nil && len(d.sampled) == 0 && !d.incomplete {
		d.Add(n.Field("sample").At, "sample draws axes that are distributions, as in lr: {log_uniform: [0.001, 1]}, and there are none")
	}
	s.Cells = d.cells(blocks)
	s.Axes = d.axisNames
	if len(s.Cells) == 0 && !d.incomplete {
		d.Add(n.Field("exclude").At, "every cell is excluded")
	}
	d.budget(n, s)
	d.selection(n, s)
	d.best(n, s)
	s.Prune = d.prune(n, s)
	s.Figures = d.figures(n)
	d.expect(n, s)
	return s
}

// selection reads select. The default is the error, or the squared error where
// all data are regressions.
func (d *decoder) selection(n *source.Node, s *Study) {
	if n.Field("select") != nil {
		s.Select = d.metric(n, "select")
		return
	}
	s.Select = usualSelection
	classifies := func(c Cell) bool {
		info, _ := dataset.Lookup(c.Config.Data.Set)
		return !info.Regression
	}
	if !slices.ContainsFunc(s.Cells, classifies) {
		s.Select = "valid_mse"
	}
}

// metric reads one that cells may be chosen by.
func (d *decoder) metric(n *source.Node, name string) string {
	metric, at, ok := d.word(n, name)
	switch {
	case !ok:
	case slices.Contains(selections, metric):
	case strings.HasPrefix(metric, "test_"):
		d.Add(at, "nothing is selected on test data; %s is one of %s", name, source.Join(selections))
	default:
		hint := source.Suggest(metric, selections)
		if hint == "" {
			hint = "; there are " + source.Join(selections)
		}
		d.Add(at, "unknown metric %q in %s%s", metric, name, hint)
	}
	return metric
}
