package file

import "testing"

func TestNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+x": "'+x", "-.5 > 2": "'-.5 > 2", "@SUM(A1)": "'@SUM(A1)",
		"\tx": "'\tx", "\rx": "'\rx",
		"-1.5": "-1.5", "+Inf": "+Inf", "-1e-9": "-1e-9", "a=b": "a=b",
		"'": "'", "'x": "'x", "'=1": "''=1", "'-1.5": "'-1.5", "''@": "'''@",
	} {
		if got := NoFormula(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		if got := Uncelled(want); got != text {
			t.Errorf("%q is read as %q, want %q", want, got, text)
		}
	}
}
