package source

import (
	"strings"
	"testing"
)

// What is no YAML is named at its place, with what to write instead.
func TestSyntaxNamesPlaceAndRemedy(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: 1\nb: \x1b[2J\n", "a.yaml:2:4: here is the control character U+001B, which cannot be seen; take it out"},
		{"a: \x7f\n", "a.yaml:1:4: here is the control character U+007F"},
		{"a\x00:\x00", "a.yaml:1:2: this is not UTF-8 text"},
		{"a: 1\nb: \xe4\n", "a.yaml:2:4: this is not UTF-8 text; save the file as UTF-8"},
		{"a: 1\nb: {c: *d}\n", "a.yaml:2:8: this is not YAML: unknown anchor 'd' referenced; *d stands for what has &d before it"},
		{"a: 1\nb: [x, *run]\n", "a.yaml:2:8: this is not YAML: unknown anchor 'run' referenced"},
		{"a: 1\nbé: @home\n", "a.yaml:2:5: this is not YAML: found character that cannot start any token; a text that begins with @"},
		{"a: 1\nb: [1, %x]\n", "a.yaml:2:8: this is not YAML"},
		{"a: ? what\n", "; a text that begins with ?, * or & stands in quotes"},
		{"a: *\n", "; a text that begins with ?, * or & stands in quotes"},
		{"# mine\n%YAML 1.2\n---\na: 1\n", "a.yaml:2:1: this is not YAML: found incompatible YAML document; take the line with %YAML out"},
	} {
		if _, f := read(t, c.text); f.Err() == nil || !strings.Contains(f.Err().Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, f.Err(), c.want)
		}
	}
}
