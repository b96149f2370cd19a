package mlp

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/metric"
)

// Problem says what is wrong with one key of a Config.
type Problem struct {
	Key     string // path of the key, as in optimizer.momentum
	Message string // one clause that says what is wrong and what would be right
}

// problems collects what is wrong, in the order of the keys of Config.
type problems []Problem

func (p *problems) add(key, format string, args ...any) {
	*p = append(*p, Problem{key, fmt.Sprintf(format, args...)})
}

// err is all problems as one error; nil without any.
func (p problems) err() error {
	var errs []error
	for _, p := range p {
		errs = append(errs, fmt.Errorf("%s: %s", p.Key, p.Message))
	}
	return errors.Join(errs...)
}

// More than any machine trains, and few enough that what a training takes can be counted in 64 bits.
const (
	mostUnits  = 10_000_000
	mostEpochs = 1_000_000_000
)

// Problems lists everything that makes a configuration impossible: unknown
// names, parameters out of range, an output and a loss without meaning
// together. outputs is the number of outputs, or 0 where it is not known yet.
// regression says what the targets are.
func (c Config) Problems(outputs int, regression bool) []Problem {
	var p problems
	for i, h := range c.Hidden {
		if h < 1 {
			p.add("hidden", "layer %d has %d units; a layer needs at least 1", i+1, h)
		}
		if h > mostUnits {
			p.add("hidden", "layer %d has %d units; at most %d are possible", i+1, h, mostUnits)
		}
	}
	p.choice("activation", c.Activation, Activations())
	c.checkTargets(&p, outputs, regression)
	p.choice("init", c.Init, Initializers())
	p.choice("bias_init", c.BiasInit, BiasInitializers())
	p.choice("optimizer", c.Optimizer, Optimizers())
	p.within("lr", c.LR, 0, math.MaxFloat64)
	p.choice("schedule", c.Schedule, Schedules())
	p.within("clip", c.Clip, 0, math.MaxFloat64)
	p.within("l1", c.L1, 0, math.MaxFloat64)
	p.within("l2", c.L2, 0, math.MaxFloat64)
	p.probability("dropout.input", c.Dropout.Input)
	p.probability("dropout.hidden", c.Dropout.Hidden)
	if c.Batch < 0 {
		p.add("batch", "is %d; it has to be at least 1, or full", c.Batch)
	}
	if c.BatchNorm && c.Batch == 1 {
		p.add("batch", "is 1, but batch_norm needs at least 2 examples to have a variance")
	}
	if c.Epochs < 0 {
		p.add("epochs", "is %d; it cannot be negative", c.Epochs)
	}
	if c.Epochs > mostEpochs {
		p.add("epochs", "is %d; at most %d are possible", c.Epochs, mostEpochs)
	}
	c.checkEarlyStop(&p, regression)
	if c.Precision != "float32" && c.Precision != "float64" {
		p.add("precision", "is %q; it is one of float32, float64", c.Precision)
	}
	if c.Log.Every < 0 {
		p.add("log.every", "is %d; it has to be at least 1", c.Log.Every)
	}
	return p
}

// checkTargets checks output, loss and everything that depends on them.
func (c Config) checkTargets(p *problems, outputs int, regression bool) {
	known := p.name("output", c.Output, Outputs())
	known = p.name("loss", c.Loss, Losses()) && known
	o, legal := findObjective(c.Output, c.Loss)
	if known && !legal {
		p.add("loss", "%s has no meaning with output %s, which goes with %s; %s goes with output %s", c.Loss, c.Output,
			partners(func(o objective) (string, bool) { return o.Loss, o.Output == c.Output }), c.Loss,
			partners(func(o objective) (string, bool) { return o.Output, o.Loss == c.Loss }))
	}
	if outputs == 1 && !regression {
		p.add("output", "has 1 unit, but classes can only be told apart by 2 or more")
	}
	if legal && regression && !o.regression {
		p.add("loss", "%s+%s is for classes; targets of a regression need identity+mse, "+
			"or sigmoid+mse or sigmoid+bce for targets between 0 and 1", c.Output, c.Loss)
	}
	switch {
	case c.Reduction != "mean" && c.Reduction != "sum":
		p.add("reduction", "is %q; it is one of mean, sum", c.Reduction)
	case legal && !o.reduces && c.Reduction == "sum":
		p.add("reduction", "sum has no meaning for %s, which is one number per example and not a sum over the outputs; "+
			"leave it at mean", c.Loss)
	}
	p.probability("label_smoothing", c.LabelSmoothing)
	if c.LabelSmoothing != 0 {
		if regression {
			p.add("label_smoothing", "needs classes; a regression has none, so it has to be 0")
		} else if legal && !o.smooths {
			p.add("label_smoothing", "has no meaning with %s, which only knows the right class; use it with ce, bce or mse",
				c.Loss)
		}
	}
	if len(c.ClassWeights) == 0 {
		return
	}
	if regression {
		p.add("class_weights", "need classes; a regression has none, so they have to be empty")
	} else if outputs > 0 && len(c.ClassWeights) != outputs {
		p.add("class_weights", "are %d for %d classes; give one for each class", len(c.ClassWeights), outputs)
	}
	for i, w := range c.ClassWeights {
		if !(w > 0) || math.IsInf(w, 0) {
			p.add("class_weights", "of class %d is %v; it has to be positive", i, w)
		}
	}
}

func (c Config) checkEarlyStop(p *problems, regression bool) {
	if c.EarlyStop.Patience < 0 {
		p.add("early_stop.patience", "is %d; it is a number of epochs, or 0 for never", c.EarlyStop.Patience)
	}
	p.within("early_stop.min_delta", c.EarlyStop.MinDelta, 0, math.MaxFloat64)
	var names []string
	for _, m := range metric.All() {
		if !m.Stops {
			continue
		}
		names = append(names, m.Name)
		if m.Name == c.EarlyStop.Metric && !m.Regression && regression && c.EarlyStop.Patience > 0 {
			p.add("early_stop.metric", "%s has no meaning for a regression; watch loss or mse", m.Name)
		}
	}
	if !slices.Contains(names, c.EarlyStop.Metric) {
		p.add("early_stop.metric", "is %q; it is one of %s", c.EarlyStop.Metric, strings.Join(names, ", "))
	}
}

// partners lists what objectives have in one place where another matches.
func partners(pick func(objective) (string, bool)) string {
	var names []string
	for _, o := range objectives {
		if name, ok := pick(o); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// name checks that a table has a name.
func (p *problems) name(key, name string, table []Option) bool {
	var names []string
	for _, o := range table {
		if o.Name == name {
			return true
		}
		names = append(names, o.Name)
	}
	p.add(key, "is %q; it is one of %s", name, strings.Join(names, ", "))
	return false
}

// choice checks a name and its parameters, all of which have to be there.
func (p *problems) choice(key string, c Choice, table []Option) {
	if !p.name(key, c.Name, table) {
		return
	}
	o, _ := find(table, c.Name, func(o Option) Option { return o })
	var names []string
	for _, param := range o.Params {
		names = append(names, param.Name)
		if v, ok := c.Params[param.Name]; !ok {
			p.add(key+"."+param.Name, "is missing; its default is %v", param.Default)
		} else {
			p.within(key+"."+param.Name, v, param.Min, param.Max)
		}
	}
	var unknown []string
	for name := range c.Params {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		if len(names) == 0 {
			p.add(key+"."+name, "is unknown; %s has no parameters", c.Name)
		} else {
			p.add(key+"."+name, "is unknown; %s has %s", c.Name, strings.Join(names, ", "))
		}
	}
}

// within checks a number against an inclusive range; NaN and infinities are
// never in it.
func (p *problems) within(key string, v, lowest, highest float64) {
	switch {
	case lowest <= v && v <= highest:
	case highest == math.MaxFloat64:
		p.add(key, "is %v; it has to be a number of at least %v", v, lowest)
	default:
		p.add(key, "is %v; it has to be between %v and %v", v, lowest, highest)
	}
}

func (p *problems) probability(key string, v float64) {
	if !(0 <= v && v < 1) {
		p.add(key, "is %v; it has to be at least 0 and below 1", v)
	}
}
