package study

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study/source"
)

// label writes a value as legends show it: numbers with so many digits (-1 for
// all), layers as 256-128, a choice with the parameters that were written:
// normal(sd=0.1), adam(beta2=0.99).
func label(s *assignment, digits int) string {
	written := func(v float64) string { return number.Powers(strconv.FormatFloat(v, 'g', digits, 64)) }
	switch v := s.value.(type) {
	case int:
		if v == 0 && s.key.Path == "batch" {
			return "full"
		}
		return strconv.Itoa(v)
	case float64:
		return written(v)
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case []int:
		if len(v) == 0 {
			return "none"
		}
		return layersLabel(v)
	case []float64:
		if len(v) == 0 {
			return "none"
		}
		var words []string
		for _, x := range v {
			words = append(words, written(x))
		}
		return strings.Join(words, ":")
	case Chosen:
		if len(v.Written) == 0 {
			return v.Name
		}
		var words []string
		for _, name := range v.Written {
			words = append(words, name+"="+written(v.Params[name]))
		}
		return fmt.Sprintf("%s(%s)", v.Name, strings.Join(words, " "))
	}
	return fmt.Sprint(s.value)
}

// SameLabel says whether two labels of cells are the same, apart from how they write powers of ten: 1e-5 and 1e-05.
func SameLabel(a, b string) bool { return number.Powers(a) == number.Powers(b) }

// layersLabel writes layers as 256-128, and with how often each stands in a row, as in 45×3-4, where that would be longer
// than cells show.
func layersLabel(layers []int) string {
	whole := strings.ReplaceAll(strings.Trim(fmt.Sprint(layers), "[]"), " ", "-")
	if len(whole) <= maxWord {
		return whole
	}
	var words []string
	for begin := 0; begin < len(layers); {
		end := begin
		for end < len(layers) && layers[end] == layers[begin] {
			end++
		}
		word := strconv.Itoa(layers[begin])
		if n := end - begin; n > 1 {
			word = fmt.Sprintf("%d×%s", n, word)
		}
		words = append(words, word)
		begin = end
	}
	return strings.Join(words, "-")
}

// ClipLabels shortens labels of an axis to what cells show, at the end of a word where they have words. Those that would be
// alike then keep their ends, and those that are alike with these too are numbered.
func ClipLabels(labels []string) map[string]string {
	clipped := map[string]string{}
	var distinct []string
	for _, l := range labels {
		if _, seen := clipped[l]; !seen {
			clipped[l] = source.Clip(l, maxWord)
			distinct = append(distinct, l)
		}
	}
	ends := func(_ int, l string) string {
		if r := []rune(l); len(r) > maxWord {
			first, last := string(r[:maxWord/2]), string(r[len(r)-maxWord/2+1:])
			if at := strings.LastIndexByte(first, ' '); at > 0 {
				first = first[:at+1]
			}
			if at := strings.IndexByte(last, ' '); at >= 0 && at < len(last)-1 {
				last = last[at:]
			}
			return first + "…" + last
		}
		return l
	}
	numbered := func(i int, l string) string { return fmt.Sprintf("%s (%d)", source.Clip(l, maxWord-6), i+1) }
	for _, longer := range []func(i int, l string) string{ends, numbered} {
		count := map[string]int{}
		for _, l := range distinct {
			count[clipped[l]]++
		}
		for i, l := range distinct {
			if count[clipped[l]] > 1 {
				clipped[l] = longer(i, l)
			}
		}
	}
	return clipped
}

// shortNames gives each axis the name that labels use: the last word of its
// path, or all of it where the last word is a key or another axis too.
func shortNames(axes []string) map[string]string {
	count := map[string]int{}
	for _, a := range axes {
		count[Last(a)]++
	}
	short := map[string]string{}
	for _, a := range axes {
		short[a] = a
		if count[Last(a)] == 1 {
			short[a] = ShortName(a)
		}
	}
	return short
}

// ShortName is the last word of the path of an axis, or all of it where that word is
// a key, too: dropout.hidden is not hidden.
func ShortName(axis string) string {
	if word := Last(axis); keys.byPath[word] == nil {
		return word
	}
	return axis
}

// cellLabel puts a cell in words: the label of each paired row, key=value for
// each plain axis and for rows that are bare numbers.
func cellLabel(axes []*axisValue, paired func(i int) bool, short map[string]string) string {
	var words []string
	for i, v := range axes {
		if paired(i) && math.IsNaN(v.Number()) {
			words = append(words, v.shown)
		} else {
			words = append(words, source.Clip(short[v.Axis], maxWord)+"="+v.shown)
		}
	}
	if len(words) == 0 {
		return "base"
	}
	return strings.Join(words, ", ")
}

// describe tells an added block apart by what it sets besides its axes, for cells
// that their axes do not tell from those of another block.
func (b block) describe() string {
	var words []string
	for i, a := range b.own {
		if i == 4 {
			words = append(words, "…")
			break
		}
		words = append(words, a.key.Path+"="+source.Clip(label(a, 4), maxWord))
	}
	return strings.Join(words, ", ")
}
