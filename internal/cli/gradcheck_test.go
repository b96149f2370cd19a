package cli

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestWrongGradientsFailTheCommand(t *testing.T) {
	good := checkedTensor{Tensor: "layers.0.weight", OK: true, Error: computed(1e-10), Limit: computed(1e-7)}
	bad := checkedTensor{Tensor: "layers.0.bias", Error: computed(math.NaN()), Limit: computed(1e-7)}
	if err := failedChecks([]checkedCase{{Tensors: []checkedTensor{good}}}); err != nil {
		t.Errorf("right gradients are an error: %v", err)
	}
	err := failedChecks([]checkedCase{{Activation: "tanh", Tensors: []checkedTensor{good, bad}}})
	if err == nil || !strings.Contains(err.Error(), "1 gradient wrong") || !strings.Contains(err.Error(), "layers.0.bias of tanh") {
		t.Errorf("got %v", err)
	}
}

func TestGradcheckIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, random := range []int{0, 1000} {
		if err := (&app{out: t.Output()}).gradcheck(ctx, gradcheckFlags{random: random}); !errors.Is(err, context.Canceled) {
			t.Errorf("%d random networks: got %v", random, err)
		}
	}
}
