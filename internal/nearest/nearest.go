// Package nearest finds the name that is meant by one that is not known: that
// which the fewest slips of the keyboard lead to.
package nearest

import "fmt"

// Suggest ends a message about an unknown name with the nearest of the known
// ones, or with nothing where none is near.
func Suggest(name string, known []string) string { return DidYouMean(Name(name, known)) }

// DidYouMean ends a message with a name that is meant; with nothing for "".
func DidYouMean(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", name)
}

// Name is the known name that the fewest slips of the keyboard lead to, if
// they are few for its length; the first of equals.
func Name(name string, known []string) string {
	best, least := "", len(name)/3+2
	for _, k := range known {
		if max(len(name)-len(k), len(k)-len(name)) >= least {
			continue // so many letters would have to be inserted or left out
		}
		if d := Slips(name, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// Slips is the Damerau-Levenshtein distance of two names (optimal string
// alignment): letters inserted, left out, replaced or swapped with a neighbour.
func Slips(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replaced := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
