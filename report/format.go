package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nightshift/report/stat"
)

// space is a no-break space: it stands before a unit.
const space = "\u00a0"

// number words a value without an interval with the digits that a reader can use.
func number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "–"
	case a == 0:
		return "0"
	case a >= 100:
		return rounded(v, 0)
	case a >= 10:
		return rounded(v, 1)
	case a >= 1:
		return rounded(v, 2)
	case a >= 0.0001:
		return rounded(v, 1-int(math.Floor(math.Log10(a))))
	}
	return power(v, int(math.Floor(math.Log10(math.Abs(v)))), 1)
}

// rounded writes a value with that many decimals; -1 rounds to tens.
func rounded(v float64, decimals int) string {
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
	return strings.Replace(fmt.Sprintf("%se%d", rounded(v/math.Pow10(exponent), decimals), exponent), "e-", "e−", 1)
}

// digits is how a mean and its interval are written: with two significant digits
// of the half width, all with the same decimals; with seven digits at most.
func digits(mean float64, ci stat.Interval) func(float64) string {
	decimals, ok := stat.Decimals((ci.Hi - ci.Lo) / 2)
	if !ok || !ci.Known() || constant(mean, ci) {
		return number
	}
	exponent := int(math.Floor(math.Log10(max(math.Abs(mean), math.Abs(ci.Lo), math.Abs(ci.Hi)))))
	if narrow(mean, ci) {
		decimals = 6 - exponent
	}
	if decimals > 6 && exponent < -4 {
		return func(v float64) string { return power(v, exponent, decimals+exponent) }
	}
	return func(v float64) string { return rounded(v, decimals) }
}

// constant says whether an interval has no width but that of rounding.
func constant(mean float64, ci stat.Interval) bool { return ci.Hi-ci.Lo <= 1e-12*math.Abs(mean) }

// narrow says whether the ends of an interval differ in digits only that nobody reads.
func narrow(mean float64, ci stat.Interval) bool { return ci.Hi-ci.Lo < 1e-6*math.Abs(mean) }

// interval words the 95 % interval of a mean.
func interval(mean float64, ci stat.Interval) string {
	switch {
	case !ci.Known():
		return "no interval"
	case constant(mean, ci):
		return "the same in every repeat"
	case narrow(mean, ci):
		return "95" + space + "% CI ±" + number((ci.Hi-ci.Lo)/2)
	}
	write := digits(mean, ci)
	return fmt.Sprintf("95"+space+"%% CI %s to %s", write(ci.Lo), write(ci.Hi))
}

// plural counts things: 1 run, 2 runs.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sentence makes the first letter a capital one, unless the word is a name with
// signs in it.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(first, "+=_-.0123456789") {
		return s
	}
	letter, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(letter)) + s[size:]
}

// duration words a time with two units at most.
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	two := func(big, small time.Duration, format string) string {
		d := d.Round(small)
		if d%big == 0 {
			format, _, _ = strings.Cut(format, " %d ")
			return fmt.Sprintf(format, d/big)
		}
		return fmt.Sprintf(format, d/big, d%big/small)
	}
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < time.Minute-time.Second/20:
		return number(d.Round(time.Second/10).Seconds()) + " s"
	case d < 10*time.Minute-time.Second/2:
		return two(time.Minute, time.Second, "%d min %d s")
	case d < time.Hour-time.Minute/2:
		return fmt.Sprintf("%d min", d.Round(time.Minute)/time.Minute)
	}
	return two(time.Hour, time.Minute, "%d h %d min")
}

// shellWord quotes a name for the command line where it needs that.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
