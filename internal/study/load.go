package study

import (
	"slices"

	"nightshift/internal/dataset"
	"nightshift/internal/study/source"
)

// Parse reads a study file. file is its name in error messages, set the
// overrides of the command line (path=value). The error is source.Errors where the
// study itself is at fault. A study that begins from another needs Load.
func Parse(file string, text []byte, set []string) (*Study, error) {
	return Load(file, text, set, nil)
}

// Load reads a study as Parse does, and those that it begins from. read gives
// the text of a file by its path, or that of a study that ships with the
// program by its name alone.
func Load(file string, text []byte, set []string, read func(name string) ([]byte, error)) (*Study, error) {
	return LoadOn(nil, file, text, set, read)
}

// Look tells what is known of the data of a spec; its error says why they cannot be trained on.
type Look func(dataset.Spec) (dataset.About, error)

// LoadOn reads a study as Load does, and refuses what its data make impossible: those that cannot be read, class weights
// that are not one for each class, a loss that does not go with the targets.
func LoadOn(look Look, file string, text []byte, set []string, read func(name string) ([]byte, error)) (*Study, error) {
	l := &loader{Faults: &source.Faults{File: source.NewFile(file, text), Sets: set}, readFile: read}
	root := source.Read(text, l.Faults)
	if root == nil {
		return nil, l.Err()
	}
	if root.Kind != source.Mapping {
		l.Add(root.At, "a study is a mapping that begins with study: NAME; found %v", root)
		return nil, l.Err()
	}
	if isSweep(root) {
		l.Add(root.At, "this is a Weights & Biases sweep, not a study; make one of it: nightshift import wandb %s -o STUDY.yaml", file)
		return nil, l.Err()
	}
	if what := otherProgram(root); what != "" {
		l.Add(root.At, "this is %s, not a study; nightshift init writes a study to start from", what)
		return nil, l.Err()
	}
	whole := string(text)
	if root.Field("from") != nil {
		if root = l.inherit(root); root == nil {
			return nil, l.Err()
		}
		whole = l.origin() + string(source.Print(root))
	}
	for _, s := range set {
		override(l.Faults, root, s)
	}
	d := &decoder{Faults: l.Faults, look: look, broken: map[string]bool{}, labels: map[string][]*axis{},
		reported: map[string]bool{}}
	s := d.study(root)
	if err := l.Err(); err != nil {
		return nil, err
	}
	s.YAML = whole
	s.Set = slices.Clone(set)
	return s, nil
}

// isSweep tells a sweep of Weights & Biases from a study.
func isSweep(root *source.Node) bool {
	parameters := root.Field("parameters")
	if parameters == nil || parameters.Value.Kind != source.Mapping || root.Has("study", "base", "grid", "from") {
		return false
	}
	return root.Has("method", "metric", "program", "early_terminate", "run_cap", "command") ||
		slices.ContainsFunc(parameters.Value.Fields, func(f source.Field) bool {
			return f.Value.Kind == source.Mapping && f.Value.Has("value", "values", "min", "distribution")
		})
}

// others are files of other programs, by keys that one of theirs has at its top.
var others = []struct {
	what string
	keys []string // all of them
}{
	{"a configuration of Hydra", []string{"hydra"}},
	{"a configuration of Hydra", []string{"defaults"}},
	{"a configuration of Hydra", []string{"_target_"}},
	{"a model of Keras", []string{"class_name", "config"}},
	{"a configuration of Lightning", []string{"seed_everything"}},
	{"a configuration of Lightning", []string{"trainer", "model"}},
	{"an experiment of NNI", []string{"searchSpace"}},
	{"a resource of Kubernetes", []string{"apiVersion", "kind"}},
	{"a pipeline of DVC", []string{"stages"}},
	{"a project of MLflow", []string{"entry_points"}},
	{"an environment of conda", []string{"dependencies"}},
}

// otherProgram names the file of another program that a tree is; "" for a study.
func otherProgram(root *source.Node) string {
	if root.Has("study", "base", "grid", "from") {
		return ""
	}
	for _, other := range others {
		if !slices.ContainsFunc(other.keys, func(key string) bool { return !root.Has(key) }) {
			return other.what
		}
	}
	if slices.ContainsFunc(root.Fields,
		func(f source.Field) bool { return f.Value.Kind == source.Mapping && f.Value.Has("_target_") }) {
		return "a configuration of Hydra"
	}
	return ""
}
