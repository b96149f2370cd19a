package study

import (
	"errors"

	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// ParseActivation reads an activation as a study file has it: gelu, or {leaky_relu: 0.2}. The error names the nearest one.
func ParseActivation(text string) (mlp.Choice, error) {
	faults := source.Faults{File: source.NewFile("", nil)}
	n := source.ReadValue(text, source.Position{}, &faults)
	if n == nil {
		return mlp.Choice{}, errors.New(faults.List[0].Message)
	}
	v, ok := keys.Find("activation").Read(n, &faults)
	if !ok {
		return mlp.Choice{}, errors.New(faults.List[0].Message)
	}
	c := mlp.Default()
	c.Activation = v.(Chosen).Choice
	for _, p := range c.Problems(2, false) {
		return mlp.Choice{}, errors.New(p.Key + " " + p.Message)
	}
	return c.Activation, nil
}
