package study

import (
	"fmt"
	"slices"

	"nightshift/internal/dataset"
)

// problem is what makes a configuration impossible.
type problem struct{ key, message string }

// relatives are the other keys that may have caused a problem with a key.
var relatives = map[string][]string{
	"loss":                {"output", "data.set"},
	"output":              {"loss", "data.set"},
	"reduction":           {"loss"},
	"label_smoothing":     {"loss", "data.set"},
	"class_weights":       {"data.set"},
	"hidden":              {"width", "depth"},
	"batch":               {"batch_norm"},
	"early_stop.metric":   {"data.set"},
	"early_stop.patience": {"data.valid", "data.set"},
	"data.path":           {"data.set"},
	"data.label":          {"data.set"},
	"data.label_noise":    {"data.task", "data.set"},
}

// problems lists what is impossible in a configuration.
func (s *state) problems() []problem {
	c := &s.config
	if c.Data.Set == "" {
		return []problem{{"data.set", "no data set is named, as in data: {set: glyphs}"}}
	}
	var list []problem
	switch {
	case s.depth < 0 || s.depth > maxLayers:
		list = append(list, problem{"depth", fmt.Sprintf("depth is %d; it has to be between 0 and %d", s.depth, maxLayers)})
	case len(c.Hidden) > maxLayers:
		list = append(list, problem{"hidden", fmt.Sprintf("hidden has %d layers; %d are possible", len(c.Hidden), maxLayers)})
	case s.decidedBy["depth"] != nil && s.decidedBy["width"] == nil && s.width == 0:
		return []problem{{"depth", "depth takes the place of a list of hidden layers, so it needs a width beside it"}}
	}
	for _, p := range c.Data.Problems() {
		list = append(list, problem{"data." + p.Key, "data." + p.Key + ": " + p.Message})
	}
	info, _ := dataset.Lookup(c.Data.Set)
	about := dataset.About{Out: info.Out, Regression: c.Data.Regression()}
	if s.look != nil && len(list) == 0 {
		var err error
		if about, err = s.look(c.Data); err != nil {
			return append(list, problem{"data.path", err.Error()})
		}
		list = append(list, c.problemsOf(about)...)
	}
	for _, p := range c.Problems(about.Out, about.Regression) {
		list = append(list, problem{p.Key, p.Key + " " + p.Message})
	}
	if c.EarlyStop.Patience > 0 && c.Data.Valid == 0 {
		list = append(list, problem{"early_stop.patience", "early_stop watches the validation split, but data.valid is 0"})
	}
	return list
}

// problemsOf lists what the numbers of the data make impossible, besides their classes.
func (c *Config) problemsOf(about dataset.About) (list []problem) {
	if about.Train == 0 {
		list = append(list, problem{"data.train", "the training split is empty"})
	}
	batch := c.Batch
	if batch == 0 || batch > about.Train {
		batch = about.Train
	}
	if c.BatchNorm && len(c.Hidden) > 0 && batch > 1 && about.Train%batch == 1 || c.BatchNorm && about.Train == 1 {
		list = append(list, problem{"batch", fmt.Sprintf("batch is %d, so the last batch of %d training examples has 1, and "+
			"batch_norm needs at least 2 to have a variance; change batch or data.train", batch, about.Train)})
	}
	if c.Loss == "bce" && about.Regression && !(about.Low >= 0 && about.High <= 1) {
		list = append(list, problem{"loss", fmt.Sprintf("loss bce takes targets between 0 and 1, and those of the data are from %v "+
			"to %v; use output identity with loss mse", about.Low, about.High)})
	}
	return list
}

// reportProblem reports a problem of a cell at the value that caused it: the one that decided the key or a relative of it, else
// the last one of the cell's axes. It reports neither a problem with a value that could not be read, which is a consequence of
// that, nor one that another cell of the block has.
func (d *decoder) reportProblem(p problem, s *state, b block, values []*axisValue, cell string) {
	keys := append([]string{p.key, Root(p.key)}, relatives[p.key]...)
	if Root(p.key) == "data" {
		keys = append(keys, "data.set")
	}
	if slices.ContainsFunc(keys, func(path string) bool { return d.broken[path] }) {
		return
	}
	at := b.at
	if len(values) > 0 {
		at = values[len(values)-1].at
	}
	for _, path := range keys {
		if a := s.decidedBy[path]; a != nil {
			at = a.at
			break
		}
	}
	for _, id := range []string{fmt.Sprint(at, p.message), fmt.Sprint(b.at, p.message)} {
		if d.reported[id] {
			return
		}
	}
	d.reported[fmt.Sprint(at, p.message)] = true
	d.reported[fmt.Sprint(b.at, p.message)] = true
	d.Add(at, "%s%s", p.message, cell)
}
