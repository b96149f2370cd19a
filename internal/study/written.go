package study

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// written ends a message about a value that is no number with how it is written: several values in a grid, and numbers without
// quotes, units, percent signs and arithmetic. It is "" where nothing is nearly a number.
func (k *Key) written(n *source.Node) string {
	if n.Kind == source.List && k.Kind != Wholes && k.Kind != Reals && len(n.Items) > 0 && n.Items[0].Kind == source.Scalar {
		return "; several values stand in the grid, as in grid: {" + k.Path + ": [" + n.Items[0].Text + ", ...]}"
	}
	v, ok := nearlyNumber(n)
	if !ok || (k.Kind == Whole || k.Kind == Wholes) && v != math.Trunc(v) {
		return ""
	}
	return "; write " + strconv.FormatFloat(v, 'g', -1, 64)
}

// unitNumber is a number, with what people put behind or between numbers.
var unitNumber = regexp.MustCompile(`^([-+]?[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*` +
	`(%|k|K|M|[/^]\s*-?[0-9]+|\*\*\s*-?[0-9]+|[a-z]+)?$`)

// typographic makes the minus sign of texts a hyphen, and takes out their quotes.
var typographic = strings.NewReplacer("−", "-", "–", "-", "“", "", "”", "", "„", "", "‘", "", "’", "")

// nearlyNumber reads 20 %, 60k, 1/10, 10^-3, 10 epochs and a number in quotes or with the signs of texts.
func nearlyNumber(n *source.Node) (float64, bool) {
	const longest = 100 // bytes of what may be meant for a number: a file can name a long text in each of very many places
	if n.Kind != source.Scalar || n.Tag != "!!str" || len(n.Text) > longest {
		return 0, false
	}
	parts := unitNumber.FindStringSubmatch(typographic.Replace(strings.TrimSpace(n.Text)))
	if parts == nil {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(parts[1], "_", ""), 64)
	if err != nil {
		return 0, false
	}
	operand, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimLeft(parts[2], "/^*")), 64)
	switch unit := parts[2]; {
	case unit == "%":
		v /= 100
	case unit == "k" || unit == "K":
		v *= 1e3
	case unit == "M":
		v *= 1e6
	case strings.HasPrefix(unit, "/"):
		v /= operand
	case strings.HasPrefix(unit, "^"), strings.HasPrefix(unit, "*"):
		v, _ = strconv.ParseFloat(strconv.FormatFloat(math.Pow(v, operand), 'g', 12, 64), 64)
	}
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}
