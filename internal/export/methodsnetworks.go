package export

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/verdict"
	"nightshift/mlp"
)

// trait is something that networks have, and that an axis may set.
type trait struct {
	format string   // what a sentence says of its values
	axes   []string // which say it of their cells themselves
	of     func(mlp.Config) string
}

// traitValues are the values of a trait in the cells of which no axis says them, in the order of the study.
type traitValues struct {
	values  []string
	partly  bool // other cells have nothing to say
	besides bool // in other cells an axis says them
}

func (t trait) values(r *verdict.Results) traitValues {
	var all traitValues
	for _, c := range r.Cells {
		switch v := t.of(c.Config.Config); {
		case slices.ContainsFunc(t.axes, func(axis string) bool { return place(c, axis) != nowhere }):
			all.besides = true
		case v == "":
			all.partly = true
		case !slices.Contains(all.values, v):
			all.values = append(all.values, v)
		}
	}
	return all
}

// words are the values, "" for none.
func (t traitValues) words() string {
	text := choiceOf(t.values)
	if text != "" && t.besides {
		text += " (unless varied)"
	}
	return text
}

// words are the part of a sentence about the trait, "" where there is nothing to say.
func (t trait) words(r *verdict.Results) string {
	told := t.values(r)
	if len(told.values) == 0 {
		return ""
	}
	format := t.format
	if rest, optional := strings.CutPrefix(format, ", "); optional && told.partly {
		format = ", in some configurations " + rest
	}
	return fmt.Sprintf(format, told.words())
}

// choiceOf is "a, b or c", of many only the first.
func choiceOf(values []string) string {
	const most = 4
	if _, isNumber := numeric(values); len(values) > most && !isNumber {
		values = append(slices.Clone(values[:most-1]), fmt.Sprintf("%d others", len(values)-most+1))
	}
	return among(values, "or")
}

// among enumerates values: "a, b or c"; numbers in their order, of many of them the ends.
func among(values []string, last string) string {
	const most = 10
	n := len(values)
	numbers, isNumber := numeric(values)
	if isNumber {
		values = slices.Clone(values)
		slices.SortFunc(values, func(a, b string) int { return cmp.Compare(numbers[a], numbers[b]) })
	}
	comma := ", "
	if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(inBrackets.ReplaceAllString(v, ""), ", ") }) {
		comma = "; "
	}
	switch {
	case n > most && isNumber:
		return fmt.Sprintf("%d values from %s to %s", n, number.Plain(numbers[values[0]]), number.Plain(numbers[values[n-1]]))
	case n < 2:
		return strings.Join(values, "")
	}
	return strings.Join(values[:n-1], comma) + " " + last + " " + values[n-1]
}

// inBrackets is what no comma of needs a semicolon around it.
var inBrackets = regexp.MustCompile(`\([^)]*\)|\[[^]]*\]`)

// numeric gives values as numbers, if all are.
func numeric(values []string) (map[string]float64, bool) {
	numbers := map[string]float64{}
	for _, v := range values {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, false
		}
		numbers[v] = x
	}
	return numbers, true
}

// networks says what was trained: what networks have that no axis sets, and the axes.
func networks(r *verdict.Results) string {
	text, several := "We trained multilayer perceptrons"+layers(r), false
	for i, t := range slices.Concat(shapes, training) {
		if i == len(shapes) {
			text += ", trained"
		}
		text += strings.Replace(t.words(r), " for 1 epochs", " for 1 epoch", 1)
		several = several || len(t.values(r).values) > 1
	}
	text += "."
	if several {
		text += " Where several are named, the file of the study says which a configuration has."
	}
	return text + differences(r)
}

// shapes and training are the traits of networks and of how they learn, in the order of the sentence.
var shapes = []trait{
	{" and hidden activation %s", []string{"activation"}, func(c mlp.Config) string {
		return when(len(c.Hidden) > 0, option(c.Activation))
	}},
	{", with %s", []string{"batch_norm"}, func(c mlp.Config) string { return when(c.BatchNorm, "batch normalisation") }},
	{", %s", nil, objective},
}

var training = []trait{
	{" by %s", []string{"optimizer"}, func(c mlp.Config) string { return option(c.Optimizer) }},
	{" on %s", []string{"batch"}, func(c mlp.Config) string {
		if c.Batch == 0 {
			return "the whole training set"
		}
		return "mini-batches of " + strconv.Itoa(c.Batch)
	}},
	{" at a learning rate of %s", []string{"lr"}, func(c mlp.Config) string { return number.Written(c.LR) }},
	{", on the schedule %s", []string{"schedule"}, func(c mlp.Config) string { return unlessNamed(c.Schedule, "constant") }},
	{" for %s epochs", []string{"epochs"}, func(c mlp.Config) string { return strconv.Itoa(c.Epochs) }},
	{", from initial weights %s", []string{"init"}, func(c mlp.Config) string { return option(c.Init) }},
	{", with initial biases %s", []string{"bias_init"}, func(c mlp.Config) string { return unlessNamed(c.BiasInit, "zeros") }},
	{", with an L1 penalty of %s", []string{"l1"}, func(c mlp.Config) string { return unlessZero(c.L1) }},
	{", with an L2 penalty of %s", []string{"l2"}, func(c mlp.Config) string { return unlessZero(c.L2) }},
	{", with dropout of inputs of %s", []string{"dropout.input"}, func(c mlp.Config) string { return unlessZero(c.Dropout.Input) }},
	{", with dropout of units of %s", []string{"dropout", "dropout.hidden"}, func(c mlp.Config) string {
		return unlessZero(c.Dropout.Hidden)
	}},
	{", clipping the gradient at norm %s", []string{"clip"}, func(c mlp.Config) string { return unlessZero(c.Clip) }},
	{", smoothing labels by %s", []string{"label_smoothing"}, func(c mlp.Config) string { return unlessZero(c.LabelSmoothing) }},
	{", with %s", []string{"class_weights"}, func(c mlp.Config) string { return when(len(c.ClassWeights) > 0, "class weights") }},
	{", stopping %s", []string{"early_stop", "early_stop.patience"}, func(c mlp.Config) string {
		if c.EarlyStop.Patience == 0 {
			return ""
		}
		return fmt.Sprintf("early after %s without a better validation %s", number.Count(c.EarlyStop.Patience, "epoch"),
			c.EarlyStop.Metric)
	}},
	{", in %s arithmetic", []string{"precision"}, func(c mlp.Config) string { return c.Precision }},
}

// layers says how many hidden layers there are, and how wide.
func layers(r *verdict.Results) string {
	deep := trait{"", []string{"depth", "hidden"}, func(c mlp.Config) string { return strconv.Itoa(len(c.Hidden)) }}.values(r)
	wide := trait{"", []string{"width", "hidden"}, func(c mlp.Config) string {
		var widths []string
		for _, n := range c.Hidden {
			widths = append(widths, strconv.Itoa(n))
		}
		return strings.Join(slices.Compact(widths), "-")
	}}.values(r)
	text := " with hidden layers"
	switch {
	case slices.Equal(deep.values, []string{"0"}) && !deep.besides:
		return " without hidden layers"
	case slices.Equal(deep.values, []string{"1"}):
		text = " with " + strings.Replace(deep.words(), "1", "one hidden layer", 1)
	case len(deep.values) > 0:
		text = " with " + choiceOf(deep.values) + " hidden layers" + when(deep.besides, " (unless varied)")
	}
	if len(wide.values) > 0 {
		text += " of " + choiceOf(wide.values) + " units" + when(wide.besides, " (unless varied)")
	}
	return text
}

// objective words the outputs and what is minimised.
func objective(c mlp.Config) string {
	loss := map[string]string{"ce": "cross-entropy", "bce": "binary cross-entropy", "mse": "squared error"}[c.Loss]
	if loss == "" {
		loss = c.Loss
	}
	if c.Reduction == "sum" && (c.Loss == "mse" || c.Loss == "bce") {
		loss += " summed over outputs"
	}
	return c.Output + " outputs and " + loss + " as loss"
}

// option words what a study names, with the parameters that are not the usual ones; of numbers drawn from a distribution all.
func option(c mlp.Choice) string {
	usual := map[string]float64{}
	for _, table := range [][]mlp.Option{mlp.Activations(), mlp.Optimizers(), mlp.Schedules()} {
		if i := slices.IndexFunc(table, func(o mlp.Option) bool { return o.Name == c.Name }); i >= 0 {
			usual = table[i].Default().Params
		}
	}
	var params []string
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		if v := c.Params[name]; v != usual[name] {
			params = append(params, strings.ReplaceAll(name, "_", " ")+" "+number.Written(v))
		}
	}
	text := optionTitles[c.Name]
	if text == "" {
		text = strings.ReplaceAll(c.Name, "_", " ")
	}
	if len(params) > 0 {
		text += " (" + strings.Join(params, ", ") + ")"
	}
	return text
}

// optionTitles are the names that papers have for what studies name in small letters.
var optionTitles = map[string]string{
	"relu": "ReLU", "leaky_relu": "leaky ReLU", "prelu": "PReLU", "elu": "ELU", "selu": "SELU", "gelu": "GELU", "silu": "SiLU",
	"sgd": "gradient descent", "nesterov": "gradient descent with Nesterov's momentum", "adam": "Adam", "adamw": "AdamW",
	"rmsprop":   "RMSprop",
	"he_normal": "He (normal)", "he_uniform": "He (uniform)", "glorot_normal": "Glorot (normal)",
	"glorot_uniform": "Glorot (uniform)",
	"lecun_normal":   "LeCun (normal)", "lecun_uniform": "LeCun (uniform)", "torch": "of PyTorch's Linear",
}

func unlessNamed(c mlp.Choice, usual string) string {
	if text := option(c); text != usual {
		return text
	}
	return ""
}

func unlessZero(v float64) string {
	if v == 0 {
		return ""
	}
	return number.Written(v)
}

func when(is bool, words string) string {
	if is {
		return words
	}
	return ""
}

// differences says by which axes configurations differ. An axis of one value marks cells whose keys differ, which are told.
func differences(r *verdict.Results) string {
	var axes []string
	for _, a := range axesOf(r.Cells) {
		var values []string
		for _, c := range r.Cells {
			if v := place(c, a); v != nowhere && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 1 {
			axes = append(axes, fmt.Sprintf("%s (%s)", axisTitle(a), among(values, "and")))
		}
	}
	if len(axes) == 0 {
		return ""
	}
	return fmt.Sprintf(" The %s differ in %s.", number.Count(len(r.Cells), "configuration"), among(axes, "and"))
}

// axisTitle words the key that an axis sets.
func axisTitle(axis string) string {
	titles := map[string]string{"lr": "learning rate", "batch": "batch size", "width": "units per hidden layer",
		"depth": "number of hidden layers", "init": "initial weights", "bias_init": "initial biases", "optimizer": "optimiser",
		"l1": "L1 penalty", "l2": "L2 penalty",
		"data.train": "number of training examples",
		"data.scale": "scaling of the inputs", "data.label_noise": "label noise", "data.noise": "noise",
		"optimizer.momentum": "momentum"}
	if t := titles[axis]; t != "" {
		return t
	}
	return strings.ReplaceAll(axis, "_", " ")
}
