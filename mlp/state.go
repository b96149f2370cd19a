package mlp

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"math/rand/v2"

	"nightshift/mlp/internal/kernel"
)

// stateVersion is raised when what a training does with a state changes.
const stateVersion = 1

// state is a training between two steps. What follows from configuration, data
// and seeds is not part of it. Vectors are little-endian in the precision of
// the network; generators are as math/rand/v2 encodes them.
type state struct {
	Version, Next, At, Steps int
	Finished                 bool
	Order, Drop              []byte // generators; that of the order as the epoch began
	Theta, Buffers           []byte
	Slots                    [][]byte // of the optimiser
	Best                     int      // early stopping: epoch, its metric, its network
	Lowest                   float64
	BestTheta, BestBuffers   []byte
}

// State implements Training.
func (t *training[F]) State() []byte {
	s := state{
		Version: stateVersion, Next: t.next, At: t.seen, Steps: t.optimizer.steps, Finished: t.finished,
		Order: saved(t.order), Drop: saved(t.drop),
		Theta: packed(t.net.theta), Buffers: packed(t.net.buffers),
		Best: t.stopper.best, Lowest: t.stopper.lowest,
		BestTheta: packed(t.stopper.theta), BestBuffers: packed(t.stopper.buffers),
	}
	if t.seen > 0 {
		s.Order = saved(&t.epochOrder)
	}
	for _, slot := range t.optimizer.state {
		s.Slots = append(s.Slots, packed(slot))
	}
	const rest = 2048 // bytes for all that is not vectors
	size := len(s.Theta) + len(s.Buffers) + len(s.BestTheta) + len(s.BestBuffers) + rest
	for _, slot := range s.Slots {
		size += len(slot)
	}
	b := bytes.NewBuffer(make([]byte, 0, size))
	if err := gob.NewEncoder(b).Encode(s); err != nil {
		panic(fmt.Sprintf("mlp: the state of a training: %v", err)) // a buffer takes everything
	}
	return b.Bytes()
}

// Resume makes the training of which State gave the state. Configuration, data
// and seeds have to be the same; the error says what about them or the state
// does not fit.
func Resume(c Config, data Data, seeds Seeds, from []byte) (Training, error) {
	s, err := readState(from)
	if err != nil {
		return nil, err
	}
	return s.resume(c, data, seeds)
}

// Extend makes the training that goes on where one with fewer epochs, which is over, has ended, given its state. Its
// configuration has to be the same but for the epochs and one that Extends, and so have data and seeds; it must not have
// diverged.
func Extend(c Config, data Data, seeds Seeds, from []byte) (Training, error) {
	if err := c.Extends(); err != nil {
		return nil, err
	}
	s, err := readState(from)
	if err != nil {
		return nil, err
	}
	if !s.Finished || s.Next > c.Epochs {
		return nil, fmt.Errorf("the state is that of a training before epoch %d, not of the end of one with fewer than %d epochs",
			s.Next, c.Epochs)
	}
	s.Finished = false
	return s.resume(c, data, seeds)
}

// Extends says why a training with more epochs does not come through the end of this one; nil where it does, to the same bits.
func (c Config) Extends() error {
	if s, _ := find(schedules, c.Schedule.Name, schedule.option); s.total {
		return fmt.Errorf("the learning rates of the schedule %s depend on the number of epochs", s.Name)
	}
	if c.EarlyStop.Patience > 0 {
		return errors.New("with early_stop they end with the weights of their best epoch")
	}
	return nil
}

func readState(from []byte) (s state, err error) {
	if err := gob.NewDecoder(bytes.NewReader(from)).Decode(&s); err != nil {
		return s, fmt.Errorf("the state of a training cannot be read: %w", err)
	}
	if s.Version != stateVersion {
		return s, fmt.Errorf("the state of a training has version %d; this program reads %d", s.Version, stateVersion)
	}
	return s, nil
}

// resume makes the training that goes on from a state.
func (s state) resume(c Config, data Data, seeds Seeds) (Training, error) {
	training, err := Start(c, data, seeds)
	if err != nil {
		return nil, err
	}
	if err := training.(interface{ restore(state) error }).restore(s); err != nil {
		return nil, fmt.Errorf("the state belongs to another training: %w", err)
	}
	return training, nil
}

// restore brings a new training to a state.
func (t *training[F]) restore(s state) error {
	if o := t.optimizer; len(o.state) == 0 && len(s.Slots) == o.rule.slots { // as written before plain updates were told from others
		s.Slots = nil
	}
	if len(s.Slots) != len(t.optimizer.state) {
		return fmt.Errorf("its optimiser keeps %d vectors, not %d", len(s.Slots), len(t.optimizer.state))
	}
	inEpoch := 0 <= s.At && s.At < len(t.rows) && s.At%t.batchSize() == 0 && (s.At == 0 || s.Next > 0)
	if s.Next < 0 || s.Next > t.config.Epochs+1 || !inEpoch || s.Steps < 0 {
		return fmt.Errorf("it is at example %d of epoch %d after %d steps", s.At, s.Next, s.Steps)
	}
	errs := []error{restored(t.order, s.Order), restored(t.drop, s.Drop),
		unpack(t.net.theta, s.Theta), unpack(t.net.buffers, s.Buffers)}
	for i, slot := range t.optimizer.state {
		errs = append(errs, unpack(slot, s.Slots[i]))
	}
	if s.Best > 0 {
		t.stopper.theta, t.stopper.buffers = make([]F, len(t.net.theta)), make([]F, len(t.net.buffers))
		errs = append(errs, unpack(t.stopper.theta, s.BestTheta), unpack(t.stopper.buffers, s.BestBuffers))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	t.next, t.finished, t.optimizer.steps = s.Next, s.Finished, s.Steps
	t.stopper.best, t.stopper.lowest = s.Best, s.Lowest
	if s.At > 0 {
		t.epochOrder = *t.order
		t.shuffle()
		t.seen = s.At
	}
	return nil
}

func packed[F kernel.Float](v []F) []byte {
	b, err := binary.Append(make([]byte, 0, binary.Size(v)), binary.LittleEndian, v)
	if err != nil {
		panic(fmt.Sprintf("mlp: %d numbers: %v", len(v), err)) // floats have a fixed size
	}
	return b
}

func unpack[F kernel.Float](v []F, b []byte) error {
	if len(b) != binary.Size(v) {
		return fmt.Errorf("%d bytes instead of %d", len(b), binary.Size(v))
	}
	_, err := binary.Decode(b, binary.LittleEndian, v)
	return err
}

// saved is the state of a generator; nil for none.
func saved(g *rand.PCG) []byte {
	if g == nil {
		return nil
	}
	b, err := g.MarshalBinary()
	if err != nil {
		panic(fmt.Sprintf("mlp: the state of a generator: %v", err)) // it never fails
	}
	return b
}

func restored(g *rand.PCG, b []byte) error {
	if g == nil && b == nil {
		return nil
	}
	if g == nil || b == nil {
		return errors.New("one of them drops units, the other does not")
	}
	return g.UnmarshalBinary(b)
}
