package study

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// Kind is the type of a key's value.
type Kind int

// The kinds, and how a configuration holds a value of each.
const (
	Whole     Kind = iota // int
	Real                  // float64
	Text                  // string
	Truth                 // bool
	Wholes                // []int
	Reals                 // []float64
	Columns               // dataset.List
	Choice                // Chosen
	Parameter             // float64 in the Params of a choice
	Amount                // dataset.Amount; read as int, or float64 for a fraction
)

// String names the kind in messages: what is meant where something else was found.
func (k Kind) String() string {
	return [...]string{
		Whole: "a whole number", Real: "a number", Text: "a word", Truth: "true or false",
		Wholes: "a list of whole numbers, as in [256, 128]", Reals: "a list of numbers, as in [1, 2.5]",
		Columns: "a name or a list of names",
		Choice:  "a name, or a mapping such as {name: ...}", Parameter: "a number",
		Amount: "a whole number, or a fraction such as 0.6",
	}[k]
}

// Numeric says whether a value is one number.
func (k Kind) Numeric() bool { return k == Whole || k == Real || k == Parameter || k == Amount }

// integers says whether what lies between two values of the key are whole
// numbers only: amounts are, unless they lie between two fractions.
func (k *Key) integers(from, to float64) bool {
	return k.Kind == Whole ||
		k.Kind == Amount && !(dataset.Amount(from).Fraction() && dataset.Amount(to).Fraction())
}

// Key is something that a study can set: a leaf of Config, a parameter of a
// choice, or one of width and depth, which stand for hidden. All that is known
// of a key comes from the tags of its field (see mlp.Config) and from the table
// of options that it may name.
type Key struct {
	Path    string // as in optimizer.momentum
	Doc     string
	Kind    Kind
	Limit   Limit        // of a number or the numbers of a list; of a parameter, whatever the option
	Options []mlp.Option // what a text or a choice may name; nil for no table
	Enum    []string     // what a text without a table may be; nil for any text
	Since   string       // release that added it; empty for the first

	inData bool  // the fingerprint of the data stands for it in identities
	index  []int // of the field of Config; nil for width and depth
}

// Names lists what a text or a choice may be; nil for any text.
func (k *Key) Names() []string {
	if k.Options == nil {
		return k.Enum
	}
	return names(k.Options)
}

// names lists those of options.
func names(options []mlp.Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Name
	}
	return list
}

// Root is the first word of a path.
func Root(path string) string {
	first, _, _ := strings.Cut(path, ".")
	return first
}

// Last is the last word of a path.
func Last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// Limit is the range of a number; an infinite end is none.
type Limit struct {
	Min, Max     float64
	Above, Below bool // Min, or Max, is itself outside
}

// Contains says whether a number is in the range.
func (l Limit) Contains(x float64) bool {
	return x >= l.Min && x <= l.Max && !(l.Above && x == l.Min) && !(l.Below && x == l.Max)
}

// limitOf reads the tag of a field, as in [0, 1) or [1, inf). Whole numbers end
// where float64 does not hold each of them any more.
func limitOf(tag string, kind Kind) (Limit, error) {
	if len(tag) < len("[0, 1]") {
		return Limit{}, fmt.Errorf("the range %q is none such as [0, 1)", tag)
	}
	low, high, _ := strings.Cut(tag[1:len(tag)-1], ", ")
	l := Limit{Above: tag[0] == '(', Below: tag[len(tag)-1] == ')'}
	var errLow, errHigh error
	l.Min, errLow = strconv.ParseFloat(low, 64)
	l.Max, errHigh = strconv.ParseFloat(high, 64)
	if errLow != nil || errHigh != nil {
		return Limit{}, fmt.Errorf("the range %q is none such as [0, 1)", tag)
	}
	if math.IsInf(l.Max, 1) {
		l.Below = false
		if kind == Whole || kind == Wholes || kind == Amount {
			l.Max = Largest
		}
	}
	return l, nil
}
