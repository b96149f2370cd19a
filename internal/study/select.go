package study

import (
	"slices"
	"strings"

	"nightshift/internal/study/source"
)

// selection reads select. The default is the error, or the squared error where
// all data are regressions.
func (d *decoder) selection(n *source.Node, s *Study) {
	if n.Field("select") != nil {
		s.Select = d.metric(n, "select")
		return
	}
	s.Select = defaultSelection
	classifies := func(c Cell) bool {
		return !c.Config.Data.Regression()
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
		d.Add(at, "unknown metric %q in %s%s", metric, name, meantMetric(metric))
	}
	return metric
}
