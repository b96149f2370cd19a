// Package number writes numbers as a reader can use them: the page, claims and commands write them alike. An interval says how
// many digits mean something; minus is "−", a no-break space stands before a unit.
package number

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nightshift/report/stat"
)

// Space is a no-break space: it stands before a unit.
const Space = "\u00a0"

// Plain writes a value without an interval with the digits that a reader can use.
func Plain(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case a == 0:
		return "0"
	case a >= large:
		return power(v, int(math.Floor(math.Log10(a))), 1)
	case a >= 100:
		return Rounded(v, 0)
	case a >= 10:
		return Rounded(v, 1)
	case a >= 1:
		return Rounded(v, 2)
	case a >= 0.0001:
		return Rounded(v, 1-int(math.Floor(math.Log10(a))))
	}
	return power(v, int(math.Floor(math.Log10(math.Abs(v)))), 1)
}

// large is from where on nobody counts digits.
const large = 1e7

// leastP is the p value below which only that is said: so far out, tails are those of an assumption.
const leastP = 1e-4

// P writes a p value behind the words that name it: "= 0.031" or "< 0.0001".
func P(p float64) string {
	if p < leastP {
		return BareP(p)
	}
	return "= " + BareP(p)
}

// BareP is P without the sign of equality.
func BareP(p float64) string {
	if p < leastP {
		return "< 0.0001"
	}
	return Plain(p)
}

// Rounded writes a value with that many decimals; -1 rounds to tens.
func Rounded(v float64, decimals int) string {
	if decimals < 0 {
		unit := math.Pow10(-decimals)
		v, decimals = math.Round(v/unit)*unit, 0
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" { // no minus before nothing
		s = strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

// power writes a value as a multiple of a power of ten.
func power(v float64, exponent, decimals int) string {
	return strings.Replace(fmt.Sprintf("%se%d", Rounded(v/math.Pow10(exponent), decimals), exponent), "e-", "e−", 1)
}

// Digits is how a mean and its interval are written: with two significant digits
// of the half width, all with the same decimals; with seven digits at most. A mean
// that lies near one end of a very uneven interval, as of an SD of few values, and would
// be written as 0 has two significant digits of its own.
func Digits(mean float64, ci stat.Interval) func(float64) string {
	decimals, ok := stat.Decimals((ci.Hi - ci.Lo) / 2)
	if !ok || !ci.Known() || Constant(mean, ci) {
		return Plain
	}
	if uneven := math.Min(mean-ci.Lo, ci.Hi-mean) < (ci.Hi-ci.Lo)/10; uneven && math.Abs(mean) < 0.5*math.Pow10(-decimals) {
		if own, any := stat.Decimals(math.Abs(mean)); any {
			decimals = own
		}
	}
	exponent := int(math.Floor(math.Log10(max(math.Abs(mean), math.Abs(ci.Lo), math.Abs(ci.Hi)))))
	if narrow(mean, ci) {
		decimals = 6 - exponent
	}
	if decimals > 6 && exponent < -4 || math.Pow10(exponent) >= large {
		return func(v float64) string { return power(v, exponent, max(0, decimals+exponent)) }
	}
	return func(v float64) string { return Rounded(v, decimals) }
}

// Constant says whether an interval has no width but that of rounding.
func Constant(mean float64, ci stat.Interval) bool { return ci.Hi-ci.Lo <= 1e-12*math.Abs(mean) }

// narrow says whether the ends of an interval differ in digits only that nobody reads.
func narrow(mean float64, ci stat.Interval) bool { return ci.Hi-ci.Lo < 1e-6*math.Abs(mean) }

// Interval words the 95 % interval of a mean.
func Interval(mean float64, ci stat.Interval) string {
	switch {
	case !ci.Known():
		return "no interval"
	case Constant(mean, ci):
		return "the same in every repeat"
	case narrow(mean, ci):
		return "95" + Space + "% CI ±" + Plain((ci.Hi-ci.Lo)/2)
	}
	write := Digits(mean, ci)
	return fmt.Sprintf("95"+Space+"%% CI %s to %s", write(ci.Lo), write(ci.Hi))
}

// Written writes a number with the digits that it was given, as in a study file.
func Written(v float64) string {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64) // 0.07 times 100 is 7
	return strings.ReplaceAll(Powers(strconv.FormatFloat(short, 'g', -1, 64)), "-", "−")
}

// powers are those of ten as package strconv writes them, and as people do.
var powers = strings.NewReplacer("e+0", "e", "e+", "e", "e-0", "e-")

// Powers writes the powers of ten in a text as people do: 1e10 for 1e+10, and 1e-5 for 1e-05.
func Powers(text string) string { return powers.Replace(text) }

// Count says how many of a thing there are: 1 run, 2 runs.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
