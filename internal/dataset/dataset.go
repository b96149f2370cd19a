// Package dataset makes and reads the data that networks are trained on.
//
// A set is one line of the table in table.go and one file beside it: a
// generator of the program's own, or a reader of a format. Everything else is
// shared: stratified and nested splits (split.go), label noise (labels.go) and
// scaling (scale.go).
package dataset

import "fmt"

// Spec names a data set and how it is split and scaled: the data block of a
// study. The JSON names are the keys of the study file. A spec is made by
// decoding a user's keys over Default of its set, so a key left out has the
// set's default and a key written has the meaning written, 0 included.
type Spec struct {
	Set         string  `json:"set" doc:"name of a data set, or csv or idx for files of your own"`
	Path        string  `json:"path,omitempty" identity:"data" doc:"file (csv) or folder (idx), absolute or below a data directory"`
	Label       List    `json:"label,omitempty" identity:"data" doc:"csv: label column, by header name or number from 1, several for a regression; default is the last column"`
	Train       Amount  `json:"train" range:"[0, inf)" doc:"training examples, or a fraction of a file (0.6); 0 for all that a file has besides validation and test"`
	Valid       Amount  `json:"valid" range:"[0, inf)" doc:"validation examples, or a fraction of a file; 0 for none"`
	Test        Amount  `json:"test" range:"[0, inf)" doc:"test examples, or a fraction of a file; 0 for the whole test file, or for a fifth of a csv file"`
	Scale       string  `json:"scale" enum:"none unit symmetric standard" doc:"none, unit, symmetric or standard; fitted on the training split"`
	Noise       float64 `json:"noise" range:"[0, inf)" doc:"SD of the noise that a generated set adds"`
	LabelNoise  float64 `json:"label_noise" range:"[0, 1)" doc:"probability that a training label is replaced by a random other class"`
	TargetScale string  `json:"target_scale,omitempty" since:"2" enum:"none standard" identity:"data" doc:"csv: none (default) or standard, which brings the targets of a regression to mean 0 and SD 1"`
	Resample    string  `json:"resample,omitempty" since:"2" enum:"holdout folds bootstrap" identity:"data" doc:"holdout, folds or bootstrap: train and test are drawn anew from one pool for each data seed"`
	Folds       int     `json:"folds,omitempty" since:"2" range:"[0, inf)" identity:"data" doc:"number of folds of resample: folds, 10 where none are given; the data seeds count through them"`
	Format
	Dir  string `json:"-"` // where files are looked for before the data folders: that of the study
	Last List   `json:"-"` // where they are looked for after these: the folders of an earlier time
}

// Split is one part of a data set. X is row-major [N, In] and scaled; files of
// bytes fill Bytes instead. Classification fills Labels; regression fills Targets
// [N, Out] and, where the noise-free value is known, Truth [N, Out].
type Split struct {
	N       int
	X       []float32
	Bytes   *Bytes
	Labels  []int32
	Targets []float32
	Truth   []float32

	part    part
	scaling scaling
}

// Data is a loaded data set. It is shared by many readers and never written to.
type Data struct {
	In, Out            int // inputs; classes, or targets of a regression
	Regression         bool
	Classes            []string // names of the classes, nil for regression
	Columns            []string // names of the inputs; nil where they have none
	Outputs            []string // names of the targets of a regression; nil where they have none
	Warnings           []string // what is doubtful about the files
	Pixels             bool     // the inputs are those of an image
	NoiseVariance      float64  // of the targets around Truth; 0 where not known
	Train, Valid, Test Split
}

// Load makes or reads the data of a spec.
//
// The seed draws the training and validation examples and the label noise. The
// test split is the same for every seed, so that runs on different training
// sets can be compared on it; only the scaling, fitted on the training split,
// may move its inputs. For one seed a smaller training split is the beginning
// of a larger one. Splits of files are stratified: the number of each class is
// within 1 of its share. The errors are those of Problems and of reading files.
func (f *Files) Load(s Spec, seed uint64) (*Data, error) {
	set, err := checked(s)
	if err != nil {
		return nil, err
	}
	p, c, err := f.parts(set, s, seed)
	if err != nil {
		return nil, err
	}
	d := &Data{In: p.train.in, Out: len(p.classes), Regression: set.Regression, Classes: p.classes}
	if c != nil {
		d.Regression, d.Out = c.regression, c.width()
		d.Columns, d.Outputs, d.Warnings = c.columns, c.outputs, c.warningsOf(s, p)
	}
	d.Pixels = set.pixels || c != nil && c.pixels
	d.Warnings = append(d.Warnings, s.resampleWarnings()...)
	sc := fit(s.Scale, d.Pixels, p.train)
	for _, split := range []struct {
		to   *Split
		from part
	}{{&d.Train, p.train}, {&d.Valid, p.valid}, {&d.Test, p.test}} {
		if *split.to, err = split.from.scaled(sc); err != nil {
			return nil, fmt.Errorf("data set %s: %w", s.Set, err)
		}
	}
	if set.Regression {
		d.Out = set.Out
		d.NoiseVariance = s.Noise * s.Noise
	}
	replaceLabels(d.Train.Labels, d.Out, s.LabelNoise, seed)
	return d, nil
}

// parts are the splits of a spec before scaling, and what its files hold; nil for a set that the program makes.
func (f *Files) parts(set set, s Spec, seed uint64) (parts, *corpus, error) {
	switch {
	case set.draw != nil && s.Resample != "":
		p, err := set.resample(s, seed)
		if err != nil {
			err = fmt.Errorf("data set %s: %w", s.Set, err)
		}
		return p, nil, err
	case set.draw != nil:
		return set.generate(s, seed), nil, nil
	}
	c, err := f.read(set, s)
	if err != nil {
		return parts{}, nil, err
	}
	split := c.split
	if s.Resample != "" {
		split = c.resample
	}
	p, err := split(s, seed)
	if err == nil {
		p.units, err = c.scaleTargets(s, &p)
	}
	if err != nil {
		return parts{}, nil, fmt.Errorf("data set %s: %w", s.Set, err)
	}
	return p, c, nil
}

// About is what there is to know of a data set before anything is trained on it.
type About struct {
	Fingerprint        string
	In, Out            int // as in Data
	Train, Valid, Test int // examples
	Regression         bool
	Bytes              bool     // the inputs are kept as bytes
	Classes            []string // as in Data
	Columns, Outputs   []string
	Units              []Unit  // by which the targets are scaled; nil where they are not
	Low, High          float64 // smallest and largest target of a regression; 0 without any
	Warnings           []string
}

// Describe reads the files of a spec whole and reports the errors that Load
// would report of them and of the sizes of the splits. Callers keep the answer.
//
// The fingerprint identifies the examples that a spec stands for, apart from the
// seed: the set and the version of its code, the SHA-256 of what its files hold
// (the same whether they are compressed or not, and wherever they are), and the
// keys of the spec that choose and change examples.
func (f *Files) Describe(s Spec) (About, error) {
	set, err := checked(s)
	if err != nil {
		return About{}, err
	}
	about := About{In: set.In, Out: set.Out, Train: s.Train.Count(), Valid: s.Valid.Count(), Test: s.Test.Count(),
		Regression: set.Regression}
	name := fmt.Sprintf("%s/%d", set.Name, set.version)
	if set.read != nil {
		p, c, err := f.parts(set, s, 0)
		if err != nil {
			return About{}, err
		}
		about.In, about.Out, about.Regression = c.train.in, c.width(), c.regression
		about.Classes, about.Columns, about.Outputs, about.Warnings = c.classes, c.columns, c.outputs, c.warningsOf(s, p)
		about.Train, about.Valid, about.Test = len(p.train.index), len(p.valid.index), len(p.test.index)
		about.Low, about.High = span(p.train.targets, p.test.targets)
		about.Bytes = c.train.pixels != nil
		about.Units = p.units
		name += " " + c.sum
	}
	if set.draw != nil && (set.Regression || s.Resample != "") {
		p, _, err := f.parts(set, s, 0)
		if err != nil {
			return About{}, err
		}
		about.Low, about.High = span(p.train.targets, p.test.targets)
		about.Train, about.Valid, about.Test = len(p.train.index), len(p.valid.index), len(p.test.index)
	}
	about.Warnings = append(about.Warnings, s.resampleWarnings()...)
	about.Fingerprint = fmt.Sprintf("%s train=%v valid=%v test=%v scale=%s noise=%g label_noise=%g",
		name, s.Train, s.Valid, s.Test, s.Scale, s.Noise, s.LabelNoise)
	if s.TargetScale == "standard" {
		about.Fingerprint += " target_scale=standard"
	}
	if s.Resample != "" {
		about.Fingerprint += " resample=" + s.Resample
	}
	if s.Resample == "folds" {
		about.Fingerprint += fmt.Sprintf(" folds=%d", s.folds())
	}
	return about, nil
}
