package study

// limits are the ranges of the keys that are numbers, or lists of them. Those of
// the parameters of a choice stand in its table. A test holds them to what the
// parser refuses.
var limits = map[string]limit{
	"data.train":           {min: 0, max: largest},
	"data.valid":           {min: 0, max: largest},
	"data.test":            {min: 0, max: largest},
	"data.noise":           {min: 0, max: inf},
	"data.label_noise":     {min: 0, max: 1, below: true},
	"hidden":               {min: 1, max: largest},
	"label_smoothing":      {min: 0, max: 1, below: true},
	"class_weights":        {min: 0, above: true, max: inf},
	"lr":                   {min: 0, max: inf},
	"clip":                 {min: 0, max: inf},
	"l1":                   {min: 0, max: inf},
	"l2":                   {min: 0, max: inf},
	"dropout.input":        {min: 0, max: 1, below: true},
	"dropout.hidden":       {min: 0, max: 1, below: true},
	"batch":                {min: 1, max: largest},
	"epochs":               {min: 0, max: largest},
	"early_stop.patience":  {min: 0, max: largest},
	"early_stop.min_delta": {min: 0, max: inf},
	"log.every":            {min: 0, max: largest},
	"width":                {min: 1, max: largest},
	"depth":                {min: 0, max: maxLayers},
}

// words are the values of the keys that are one of a few words without a table
// of their own.
var words = map[string][]string{
	"data.scale":        {"none", "unit", "symmetric", "standard"},
	"reduction":         {"mean", "sum"},
	"early_stop.metric": {"loss", "error", "mse", "nll", "brier"},
	"precision":         {"float32", "float64"},
}

// limit is the range of a number. That of a parameter holds for every option
// that has one of its name.
func (k *key) limit() limit {
	if k.kind != parameter {
		return limits[k.path]
	}
	all := limit{min: inf, max: -inf}
	for _, o := range keys.byPath[root(k.path)].options() {
		for _, p := range o.Params {
			if p.Name == last(k.path) {
				all.min, all.max = min(all.min, p.Min), max(all.max, p.Max)
			}
		}
	}
	return all
}
