// Package alias knows what other programs call the keys, options and metrics of a study: PyTorch, Keras, scikit-learn,
// Weights & Biases and people. Messages about unknown names and the import of sweeps ask the same tables. It knows no
// key itself: a test of package wandb holds the tables against them.
package alias

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Letters is a name without case and without all that is no letter or digit.
func Letters(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}

// Words takes a dotted name of a program apart, without the parentheses of a call: nn.LeakyReLU(0.2) is nn, LeakyReLU.
func Words(name string) []string {
	name, _, _ = strings.Cut(name, "(")
	return strings.FieldsFunc(name, func(c rune) bool { return c == '.' || c == '/' })
}

// last is the letters of the last word of a name; those of all of it where it has no words.
func last(name string) string {
	if words := Words(name); len(words) > 0 {
		return Letters(words[len(words)-1])
	}
	return Letters(name)
}

// Key is the path of the key that a name means; "" for none.
func Key(name string) string { return holder(keys, Letters(name)) }

// Part is the part of a study, such as grid, that a name at its top means; "" for none.
func Part(name string) string { return holder(parts, Letters(name)) }

// holder is the entry of a table that lists a word.
func holder(table map[string][]string, word string) string {
	for _, entry := range slices.Sorted(maps.Keys(table)) {
		if slices.Contains(table[entry], word) {
			return entry
		}
	}
	return ""
}

// Seed says whether a name means the seeds.
func Seed(name string) bool { return slices.Contains(seeds, last(name)) }

// Naming says whether a name inside a choice means its name, as type in {type: adam}.
func Naming(name string) bool {
	return slices.Contains([]string{"name", "type", "kind", "value", "class", "classname", "target"}, Letters(name))
}

// Note is what to do instead about a name that no key is like; "" for nothing.
func Note(name string) string { return notes[last(name)] }

// Option is our name among those known for what a program calls an option of a key, or the YAML of a name with
// parameters; "" for none. A name of theirs in other letters is theirs.
func Option(path, name string, known []string) string {
	if slices.Contains(known, name) {
		return name
	}
	words := []string{Letters(name), last(name)}
	for _, word := range words {
		if i := slices.IndexFunc(known, func(k string) bool { return word != "" && Letters(k) == word }); i >= 0 {
			return known[i]
		}
		if ours := options[path][word]; ours != "" {
			return ours
		}
	}
	return ""
}

// Lacking says whether a name is that of an option that other programs have and we do not, so that one spelt like it is
// not what is meant.
func Lacking(path, name string) bool { return slices.Contains(lacking[path], last(name)) }

// Metric is the metric of the validation split that a name means, whether it is an accuracy, which is larger the better,
// and whether it is one of test data; "" for none.
func Metric(name string) (metric string, accuracy, test bool) {
	plain := measured(name)
	return metrics[plain], strings.Contains(plain, "acc") || plain == "top1", strings.Contains(Letters(name), "test")
}

// measured is the letters of a metric's name without the words for a split.
func measured(name string) string {
	plain := Letters(name)
	for before := ""; before != plain; {
		before = plain
		for _, word := range []string{"validation", "valid", "eval", "val", "dev", "test", "train", "best", "final", "epoch", "mean"} {
			plain = strings.TrimPrefix(strings.TrimSuffix(plain, word), word)
		}
	}
	return plain
}

// Derived is the measure of the test split that a name of a metric means which is computed of outputs, as roc_auc; "" for none.
func Derived(name string) string { return derived[measured(name)] }

// Layer is the number in a name that means the size of one hidden layer, as in layer_2_size; false for other names.
func Layer(name string) (number int, ok bool) {
	plain := Letters(name)
	digits := strings.FieldsFunc(plain, func(c rune) bool { return !unicode.IsDigit(c) })
	if len(digits) != 1 {
		return 0, false
	}
	number, err := strconv.Atoi(digits[0])
	return number, err == nil && slices.Contains(layers, strings.Replace(plain, digits[0], "", 1))
}
