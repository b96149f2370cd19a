package wandb

import (
	"slices"
	"strings"
	"unicode"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// sweepNames are what sweeps call the keys of a study, without case, dots,
// dashes and underscores. The paths of the keys themselves are known, too.
var sweepNames = map[string][]string{
	"lr":                     {"learningrate", "baselr", "initlr", "initiallr", "lr0", "eta", "learningrateinit"},
	"batch":                  {"batchsize", "bs", "trainbatchsize", "minibatch", "minibatchsize"},
	"epochs":                 {"epoch", "numepochs", "nepochs", "maxepochs", "trainepochs", "numtrainepochs"},
	"optimizer":              {"optim", "optimiser", "opt", "optimizername", "optimizertype", "solver"},
	"optimizer.momentum":     {"momentum", "sgdmomentum"},
	"optimizer.weight_decay": {"weightdecay", "wd"},
	"optimizer.beta1":        {"beta1", "adambeta1"},
	"optimizer.beta2":        {"beta2", "adambeta2"},
	"optimizer.eps":          {"eps", "epsilon", "adameps", "adamepsilon"},
	"schedule":               {"scheduler", "lrscheduler", "lrschedule", "schedulertype"},
	"schedule.gamma":         {"gamma", "lrgamma", "lrdecay", "decayrate", "schedulergamma"},
	"schedule.warmup":        {"warmup", "warmupepochs", "lrwarmup"},
	"schedule.every":         {"stepsize", "schedulerstepsize", "lrstepsize", "decayevery"},
	"dropout.hidden":         {"dropoutrate", "dropoutp", "dropoutprob", "drop", "droprate", "pdropout", "pdrop"},
	"dropout.input":          {"inputdropout", "inputdrop"},
	"activation":             {"act", "actfn", "activationfn", "activationfunction", "nonlinearity", "hiddenactivation"},
	"output":                 {"outputactivation", "finalactivation"},
	"loss":                   {"criterion", "lossfn", "lossfunction", "objective"},
	"label_smoothing":        {"smoothing", "labelsmoothingfactor"},
	"init":                   {"initializer", "initialiser", "weightinit", "kernelinitializer", "initialization"},
	"bias_init":              {"biasinitializer"},
	"width": {"hidden", "hiddensize", "hiddendim", "hiddenunits", "units", "nunits", "numunits", "neurons", "nneurons",
		"fclayersize", "layersize",
		"hiddenlayersize", "hiddenwidth", "nhidden"},
	"depth":      {"layers", "numlayers", "nlayers", "hiddenlayers", "numhiddenlayers", "nhiddenlayers"},
	"hidden":     {"hiddenlayersizes", "hiddensizes", "layersizes", "hiddendims"},
	"batch_norm": {"batchnorm", "usebatchnorm", "bn", "usebn", "batchnormalization", "batchnormalisation"},
	"clip": {"gradclip", "gradientclip", "maxgradnorm", "clipnorm", "gradientclipval", "clipgradnorm",
		"gradclipnorm"},
	"l1":                  {"l1reg", "l1lambda", "l1penalty"},
	"l2":                  {"l2reg", "l2lambda", "l2penalty", "reg", "regularization"},
	"early_stop.patience": {"patience", "earlystoppingpatience", "earlystoppatience"},
	"data.set":            {"dataset", "data", "datasetname"},
	"data.train":          {"trainsize", "ntrain", "numtrain", "trainexamples"},
	"data.label_noise":    {"labelnoise", "noiserate"},
	"data.scale":          {"scaling"},
	"precision":           {"dtype"},
}

// seedNames are what sweeps call the seed.
var seedNames = []string{"seed", "seeds", "randomseed", "randomstate", "manualseed"}

// sweepValues are what sweeps call the values of a key that names something,
// where it is not our name in other letters.
var sweepValues = map[string]map[string]string{
	"activation": {"swish": "silu", "linear": "identity", "none": "identity", "logistic": "sigmoid"},
	"output":     {"linear": "identity", "none": "identity", "logsoftmax": "softmax"},
	"loss": {"crossentropy": "ce", "crossentropyloss": "ce", "categoricalcrossentropy": "ce",
		"sparsecategoricalcrossentropy": "ce", "nll": "ce", "nllloss": "ce",
		"binarycrossentropy": "bce", "bceloss": "bce", "bcewithlogits": "bce", "bcewithlogitsloss": "bce", "mseloss": "mse",
		"meansquarederror": "mse", "l2": "mse"},
	"optimizer": {"nag": "nesterov"},
	"schedule": {"none": "constant", "fixed": "constant", "off": "constant", "steplr": "step", "exponentiallr": "exponential",
		"exp":             "exponential",
		"cosineannealing": "cosine", "cosineannealinglr": "cosine", "cosinedecay": "cosine"},
	"init": {"xavier": "glorot_uniform", "xavieruniform": "glorot_uniform", "xaviernormal": "glorot_normal",
		"glorot": "glorot_uniform", "kaiming": "he_normal", "he": "he_normal",
		"kaimingnormal": "he_normal", "kaiminguniform": "he_uniform", "lecun": "lecun_normal", "default": "torch",
		"gaussian": "normal", "zero": "zeros"},
	"bias_init": {"zero": "zeros", "default": "torch"},
	"precision": {"32": "float32", "fp32": "float32", "single": "float32", "64": "float64", "fp64": "float64",
		"double": "float64"},
}

// sweepMetrics are what sweeps call the metrics of a study, without the words
// for the validation split.
var sweepMetrics = map[string]string{
	"loss": "valid_loss", "error": "valid_error", "err": "valid_error", "errorrate": "valid_error", "acc": "valid_error",
	"accuracy": "valid_error", "top1": "valid_error",
	"mse": "valid_mse", "nll": "valid_nll", "crossentropy": "valid_nll", "brier": "valid_brier", "ece": "valid_ece",
}

// letters is a name without case and without all that is no letter or digit.
func letters(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}

// sweptKey is the key that a parameter of a sweep means, with the names of the
// parameters that it is nested in before its own; nil for none.
func sweptKey(names []string) *study.Key {
	own := names[len(names)-1]
	if len(names) > 1 && slices.Contains([]string{"name", "type", "kind", "value", "class"}, letters(own)) {
		return sweptKey(names[:len(names)-1]) // optimizer: {name: ..., lr: ...}
	}
	for _, name := range []string{strings.Join(names, "."), own} {
		plain := letters(name)
		if k := study.Keys().Find(name); k != nil && k.Path != "hidden" {
			return k
		}
		for _, k := range study.Keys().All() {
			if letters(k.Path) == plain && k.Path != "hidden" || slices.Contains(sweepNames[k.Path], plain) {
				return k
			}
		}
	}
	return nil
}

// translate gives what names an option of a key our name for it.
func translate(k *study.Key, n *source.Node) *source.Node {
	known := k.Names()
	if known == nil || n.Kind != source.Scalar {
		return n
	}
	plain := letters(n.Text)
	i := slices.IndexFunc(known, func(name string) bool { return letters(name) == plain })
	name := sweepValues[k.Path][plain]
	if i >= 0 {
		name = known[i]
	}
	if name == "" {
		return n
	}
	return &source.Node{At: n.At, Tag: "!!str", Text: name}
}

// sweptMetric is the metric of the validation split that a sweep means, and
// whether it is larger the better; "" for none.
func sweptMetric(name string) (metric string, accuracy, test bool) {
	plain := letters(name)
	test = strings.Contains(plain, "test")
	for before := ""; before != plain; {
		before = plain
		for _, word := range []string{"validation", "valid", "eval", "val", "dev", "test", "best", "final", "epoch", "mean"} {
			plain = strings.TrimPrefix(strings.TrimSuffix(plain, word), word)
		}
	}
	return sweepMetrics[plain], strings.HasPrefix(plain, "acc") || plain == "top1", test
}
