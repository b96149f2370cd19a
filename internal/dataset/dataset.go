// Package dataset makes and reads the data that networks are trained on.
package dataset

import "errors"

// Spec names a data set and how it is split and scaled: the data block of a
// study. The JSON names are the keys of the study file. Zero sizes mean the
// set's own default.
type Spec struct {
	Set        string  `json:"set" doc:"name of a data set, or csv or idx for files of your own"`
	Path       string  `json:"path,omitempty" doc:"file (csv) or folder (idx), absolute or below a data directory"`
	Label      string  `json:"label,omitempty" doc:"csv: label column, by header name or number from 1; default is the last column"`
	Train      int     `json:"train" doc:"training examples; 0 for the set's default"`
	Valid      int     `json:"valid" doc:"validation examples"`
	Test       int     `json:"test" doc:"test examples; 0 for the set's default"`
	Scale      string  `json:"scale" doc:"none, unit, symmetric or standard; fitted on the training split"`
	Noise      float64 `json:"noise" doc:"SD of the noise that a generated set adds"`
	LabelNoise float64 `json:"label_noise" doc:"share of training labels replaced by a random other class"`
}

// Split is one part of a data set. X is row-major [N, In] and scaled.
// Classification fills Labels; regression fills Targets [N, Out] and, where the
// noise-free value is known, Truth [N, Out].
type Split struct {
	N       int
	X       []float32
	Labels  []int32
	Targets []float32
	Truth   []float32
}

// Data is a loaded data set. It is shared by many readers and never written to.
type Data struct {
	In, Out            int // inputs; classes, or targets of a regression
	Regression         bool
	Classes            []string // names of the classes, nil for regression
	NoiseVariance      float64  // of the targets around Truth; 0 where not known
	Train, Valid, Test Split
}

// Info describes a data set of the table.
type Info struct {
	Name, Doc  string
	In, Out    int // 0 where only the file knows
	Regression bool
	Default    Spec // sizes, noise and scale that zero values stand for
}

// Problem says what is wrong with one key of a Spec.
type Problem struct{ Key, Message string }

// Sets lists the data sets that a study may name.
func Sets() []Info { return nil }

// Filled returns the spec with the defaults of its set in place of zeros.
func (s Spec) Filled() Spec { return s }

// Problems lists what is wrong with a spec, without looking at any file.
func (s Spec) Problems() []Problem { return nil }

// Fingerprint identifies the examples that a spec stands for, apart from the
// seed: the generator's name and version, or the SHA-256 of the files' contents.
// dirs are the folders in which real data is looked for, in order.
func Fingerprint(s Spec, dirs []string) (string, error) { return "", errors.New("under construction") }

// Load makes or reads the data of a spec. The seed draws the training and
// validation examples and the label noise; the test split is the same for every
// seed, so that runs on different training sets can be compared on it.
func Load(s Spec, seed uint64, dirs []string) (*Data, error) {
	return nil, errors.New("under construction")
}
