package study

import (
	"strings"
	"testing"
)

func TestParseActivation(t *testing.T) {
	t.Parallel()
	c, err := ParseActivation("{leaky_relu: 0.2}")
	if err != nil || c.Name != "leaky_relu" || c.Params["alpha"] != 0.2 {
		t.Errorf("%v, %v", c, err)
	}
	for text, want := range map[string]string{"gulu": `did you mean "gelu"`, "{leaky_relu: 7}": "alpha", "[": "not YAML",
		"": "", "{}": ""} {
		if _, err := ParseActivation(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
