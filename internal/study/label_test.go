package study_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLabelsStayDistinct: values that are alike as far as a label shows them have labels of their own.
func TestLabelsStayDistinct(t *testing.T) {
	layers := func(n int, last ...int) string {
		return strings.ReplaceAll(fmt.Sprint(append(slices.Repeat([]int{3}, n), last...)), " ", ", ")
	}
	long := strings.Repeat("x", 90)
	for grid, want := range map[string][]string{
		"{hidden: [" + layers(45) + ", " + layers(46) + ", " + layers(44, 4) + ", [3, 3]]}": {"hidden=45×3", "hidden=46×3",
			"hidden=44×3-4", "hidden=3-3"},
		"{p: {" + long + "a: {lr: 1}, " + long + "b: {lr: 2}, c: {lr: 3}}}": {long[:40] + "…" + long[:38] + "a",
			long[:40] + "…" + long[:38] + "b", "c"},
		"{p: {" + long + "axx" + long + ": {lr: 1}, " + long + "bxx" + long + ": {lr: 2}, " + long + ": {lr: 3}}}": {
			long[:74] + "… (1)", long[:74] + "… (2)", long[:74] + "… (3)"},
	} {
		if diff := cmp.Diff(want, labels(parse(t, head+"grid: "+grid+"\n"))); diff != "" {
			t.Errorf("%s: %s", grid, diff)
		}
	}
}
