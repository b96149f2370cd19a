package nearest

import "testing"

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"lr", "lr", 0}, {"momentun", "momentum", 1}, {"sedes", "seeds", 1}, {"", "abc", 3}, {"kitten", "sitting", 3},
		{"ab", "bca", 3}} {
		if got := Slips(c.a, c.b); got != c.want || Slips(c.b, c.a) != c.want {
			t.Errorf("%q and %q are %d slips apart, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"lr", "epochs", "momentum", "l1", "l2"}
	for name, want := range map[string]string{"epoch": "epochs", "momentun": "momentum", "rl": "lr", "xyzzy": "", "l3": "lr",
		"": ""} {
		if got := Name(name, known); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
	if got := Suggest("epoch", known); got != `; did you mean "epochs"?` {
		t.Error(got)
	}
	if got := Suggest("xyzzy", known); got != "" {
		t.Error(got)
	}
}
