package mlp

import (
	"context"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// patience is a context that ends after it was looked at a number of times.
type patience struct {
	context.Context
	left int
}

func (p *patience) Err() error {
	if p.left--; p.left < 0 {
		return context.Canceled
	}
	return nil
}

// interrupted trains to the end, with a new training made of the last one's
// state whenever a context has ended. steps says how long each lasts.
func interrupted(t interface{ Fatal(...any) }, c Config, d Data, seeds Seeds, steps func() int) (epochs []Epoch, last Training) {
	tr, err := Start(c, d, seeds)
	for err == nil {
		ctx := &patience{context.Background(), steps()}
		for {
			e, ok, err := tr.Next(ctx)
			if err != nil {
				break
			}
			if !ok {
				return epochs, tr
			}
			epochs = append(epochs, e)
		}
		tr, err = Resume(c, d, seeds, tr.State())
	}
	t.Fatal(err)
	return nil, nil
}

// Whatever a training is made of, and wherever it is interrupted, it comes to
// the bits of one that was not.
func TestResumedTrainingsHaveTheSameBits(t *testing.T) {
	stopping := EarlyStop{Metric: "nll", Patience: 2}
	for name, change := range map[string]func(*Config){
		"plain":      func(*Config) {},
		"float64":    func(c *Config) { c.Precision = "float64" },
		"full batch": func(c *Config) { c.Batch = 0 },
		"dropout":    func(c *Config) { c.Dropout = Dropout{Input: 0.1, Hidden: 0.5} },
		"batch norm": func(c *Config) { c.BatchNorm = true },
		"prelu":      func(c *Config) { c.Activation, _ = choose(Activations(), "prelu") },
		"early stop": func(c *Config) {
			c.EarlyStop, c.LR, c.BatchNorm, c.Epochs, c.Hidden = stopping, 1, true, 60, []int{20}
		},
		"diverging": func(c *Config) { c.LR, c.Output, c.Loss, c.Epochs = 1e6, "identity", "mse", 20 },
		"schedule":  func(c *Config) { c.Schedule, _ = choose(Schedules(), "cosine") },
	} {
		t.Run(name, func(t *testing.T) {
			c := small()
			c.Log.Layers = true
			change(&c)
			sameBits(t, c)
		})
	}
	for _, o := range Optimizers() {
		t.Run(o.Name, func(t *testing.T) {
			c := small()
			c.Optimizer = o.Default()
			sameBits(t, c)
		})
	}
}

func choose(options []Option, name string) (Choice, bool) {
	for _, o := range options {
		if o.Name == name {
			return o.Default(), true
		}
	}
	return Choice{}, false
}

func sameBits(t *testing.T, c Config) {
	t.Helper()
	d, seeds := blobs(), Seeds{Init: 3, Order: 5}
	whole := start(t, c, d, seeds)
	want := finish(t, whole)
	rapid.Check(t, func(t *rapid.T) {
		got, last := interrupted(t, c, d, seeds, func() int { return rapid.IntRange(1, 30).Draw(t, "steps") })
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Fatal("epochs differ (-whole +resumed):\n" + diff)
		}
		if !reflect.DeepEqual(whole.Weights(), last.Weights()) {
			t.Fatal("weights differ")
		}
	})
}

func TestResumeRefusesForeignStates(t *testing.T) {
	c, d := small(), blobs()
	tr := start(t, c, d, Seeds{})
	finishEpoch(t, tr)
	state := tr.State()
	wider, adam, dropping := c, c, c
	wider.Hidden = []int{31}
	adam.Optimizer, _ = choose(Optimizers(), "adam")
	dropping.Dropout.Hidden = 0.5
	double := c
	double.Precision = "float64"
	for name, other := range map[string]Config{"wider": wider, "adam": adam, "dropout": dropping, "float64": double} {
		if _, err := Resume(other, d, Seeds{}, state); err == nil {
			t.Errorf("%s: it took the state of another network", name)
		}
	}
	for _, broken := range [][]byte{nil, state[:len(state)/2], []byte("checkpoint")} {
		if _, err := Resume(c, d, Seeds{}, broken); err == nil {
			t.Errorf("it took %d bytes of %d", len(broken), len(state))
		}
	}
}

// Until plain descent was told from others, a vector was written for it that nothing had changed.
func TestResumeTakesStatesWithUnusedSlots(t *testing.T) {
	c, d := small(), blobs()
	tr := start(t, c, d, Seeds{})
	finishEpoch(t, tr)
	s, err := readState(tr.State())
	if err != nil || s.Slots != nil {
		t.Fatalf("plain descent keeps %d vectors: %v", len(s.Slots), err)
	}
	s.Slots = [][]byte{make([]byte, len(s.Theta))}
	again, err := s.resume(c, d, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	if want, got := finish(t, tr), finish(t, again); !reflect.DeepEqual(want[len(want)-1], got[len(got)-1]) {
		t.Errorf("it came to %+v, not %+v", got, want)
	}
}

func FuzzResume(f *testing.F) {
	c, d := small(), blobs()
	c.Epochs = 2
	tr, err := Start(c, d, Seeds{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tr.State())
	tr.Next(&patience{context.Background(), 100})
	tr.Next(&patience{context.Background(), 1})
	f.Add(tr.State())
	f.Fuzz(func(t *testing.T, state []byte) {
		if tr, err := Resume(c, d, Seeds{}, state); err == nil {
			tr.Next(context.Background())
		}
	})
}
