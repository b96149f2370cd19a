package mlp

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/mlp/internal/kernel"
)

// Examples is one split of a data set as training sees it. X is row-major
// [N, In]; Bytes may be filled instead. Classification fills Labels (N class
// indices), regression Targets [N, Out].
type Examples struct {
	N       int
	X       []float32
	Bytes   *Bytes
	Labels  []int32
	Targets []float32
}

// Data is what a network is trained and measured on. Valid and Test may be empty (N = 0).
// It is shared by many trainings at once and never written to.
type Data struct {
	In, Out            int // width of a row of X, number of classes or targets
	Train, Valid, Test Examples

	prepared *prepared // nil where every training prepares the inputs for itself
}

// Metrics of one split, in evaluation mode over the full split. Loss is the
// objective that is minimised; the others are computed in the same way for
// every loss, so that they can be compared. Error, NLL, Brier and ECE have a
// meaning for classification only and are NaN for a regression.
type Metrics struct {
	Loss, Error, MSE, NLL, Brier, ECE float64
}

// Layer is what is measured of one layer of weights at the end of an epoch;
// the activations are those of the whole training split.
type Layer struct {
	Weight, Gradient, Update float64 // norms; gradient and update of the epoch's last step
	Distance                 float64 // norm of the difference from the initial weights
	Mean, SD                 float64 // of the activations
	Saturated, Dead          float64 // fraction of activations, fraction of units
	Alpha                    float64 // slope of a PReLU, 0 elsewhere
}

// Epoch is what is measured after an epoch. Epoch 0 is the untrained network.
type Epoch struct {
	Epoch              int
	Steps              int     // steps taken since the start
	LR                 float64 // learning rate of the epoch's last step
	Distance           float64 // norm of the difference from the initial parameters
	Train, Valid, Test Metrics // of an empty split: zero
	Layers             []Layer // one for each weight matrix; nil where not measured
	Measured           bool    // false where Config.Log thins this epoch out
	Best               int     // with early stopping: the best epoch so far, whose weights the network ends with; 0 for none
	Diverged           bool    // the training loss is NaN or Inf: this epoch is the last
	Last               bool    // no epoch follows; with early stopping the network has the weights of Best now
}

// Tensor is a named array of a network's parameters or buffers, named as
// PyTorch would name it (layers.0.weight, [out, in]).
type Tensor struct {
	Name  string
	Shape []int
	Data  []float64
}

// Training is one network being trained, single-threaded.
type Training interface {
	// Next trains one epoch and measures it. The first call measures the
	// untrained network as epoch 0. After the last epoch ok is false. The
	// context is looked at between steps; its error is the only one returned,
	// and another call goes on with the step that was to come.
	Next(ctx context.Context) (e Epoch, ok bool, err error)
	// State is what Resume needs to go on from here to the same bits.
	State() []byte
	// Weights returns a copy of the parameters and buffers as they are now:
	// layers.0.weight [out, in] and layers.0.bias; of batch normalisation
	// norms.0.weight, .bias, .running_mean and .running_var; of a PReLU
	// activations.0.weight; and so on for the other layers.
	Weights() []Tensor
	// Logits returns the network's raw outputs [N, Out] for the inputs of
	// examples, in evaluation mode.
	Logits(e Examples) []float32
}

// Start makes the untrained network of a configuration. The configuration has
// to be free of Problems; the error says what about the data does not fit.
func Start(c Config, data Data, seeds Seeds) (Training, error) {
	if err := fits(c, data); err != nil {
		return nil, err
	}
	if c.Precision == "float64" {
		return newTraining[float64](c, data, seeds), nil
	}
	return newTraining[float32](c, data, seeds), nil
}

// Kernel names the implementation of the matrix products. Runs with different
// kernels may differ in the last bits.
func Kernel() string { return kernel.Name() }

// Kernels names the implementations that this processor has, the one that Kernel names first. Those behind it are what a
// process has that is started where the processor is said to have less (golang.org/x/sys/cpu reads GODEBUG=cpu.avx512f=off).
func Kernels() []string {
	all := []string{"avx512", "avx2", "go"}
	if Kernel() == "neon" {
		all = []string{"neon", "go"}
	}
	return all[slices.Index(all, Kernel()):]
}

func fits(c Config, data Data) error {
	if data.Train.N == 0 {
		return errors.New("the training split is empty")
	}
	if data.In < 1 || data.Out < 1 {
		return fmt.Errorf("the data have %d inputs and %d outputs; a network needs at least one of each", data.In, data.Out)
	}
	regression := data.Train.Labels == nil
	errs := []error{problems(c.Problems(data.Out, regression)).err()}
	if c.EarlyStop.Patience > 0 && data.Valid.N == 0 {
		errs = append(errs, errors.New("early_stop: needs a validation split, but it is empty"))
	}
	for _, s := range []struct {
		name string
		Examples
	}{{"training", data.Train}, {"validation", data.Valid}, {"test", data.Test}} {
		if err := s.check(c, data, regression); err != nil {
			errs = append(errs, fmt.Errorf("%s split: %w", s.name, err))
		}
	}
	return errors.Join(errs...)
}

// check says where a split does not have the shape or the values that the
// configuration needs.
func (e Examples) check(c Config, data Data, regression bool) error {
	if e.N == 0 {
		return nil
	}
	if e.Bytes != nil {
		if err := e.Bytes.check(e.N, data.In); err != nil {
			return err
		}
	} else if len(e.X) != e.N*data.In {
		return fmt.Errorf("%d inputs for %d examples of %d", len(e.X), e.N, data.In)
	}
	if regression {
		if len(e.Targets) != e.N*data.Out || e.Labels != nil {
			return fmt.Errorf("%d targets for %d examples of %d", len(e.Targets), e.N, data.Out)
		}
		for i, v := range e.Targets {
			if c.Loss == "bce" && !(0 <= v && v <= 1) {
				return fmt.Errorf("target %d is %v, but the loss bce takes targets between 0 and 1", i, v)
			}
		}
		return nil
	}
	if len(e.Labels) != e.N {
		return fmt.Errorf("%d labels for %d examples", len(e.Labels), e.N)
	}
	for i, y := range e.Labels {
		if y < 0 || int(y) >= data.Out {
			return fmt.Errorf("label %d is %d, but there are %d classes, counted from 0", i, y, data.Out)
		}
	}
	return nil
}
