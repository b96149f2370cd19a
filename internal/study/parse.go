package study

import "nightshift/internal/study/source"

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
	s.Sampled = d.sampling != nil
	blocks := d.blocks(n)
	if d.sampling != nil && len(d.sampled) == 0 && !d.incomplete {
		d.Add(n.Field("sample").At, "sample draws axes that are distributions, as in lr: {log_uniform: [0.001, 1]}, and there "+
			"are none")
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
	s.Until = d.untilOf(n, s)
	s.Figures = d.figures(n, s)
	d.expect(n, s)
	return s
}
