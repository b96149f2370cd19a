package store

import (
	"context"
	"sync/atomic"
)

// ahead reads databases before it is their turn to be merged, as long as what was read does not take much memory.
type ahead struct {
	list chan *other
	held atomic.Int64  // bytes of what was read and not taken
	room chan struct{} // something was taken
}

// readAhead begins to read databases. That of a context that has ended comes to nothing.
func readAhead(ctx context.Context, from []string, identify func(Run) (string, error)) *ahead {
	a := &ahead{list: make(chan *other, together), room: make(chan struct{}, 1)}
	go func() {
		defer close(a.list)
		for _, path := range from {
			for a.held.Load() > maxChangeBytes/2 && ctx.Err() == nil {
				select {
				case <-a.room:
				case <-ctx.Done():
				}
			}
			o := openOther(ctx, path, nil, identify)
			a.held.Add(int64(o.bytes()))
			select {
			case a.list <- o:
			case <-ctx.Done():
				o.Close()
				return
			}
		}
	}()
	return a
}

// took makes room for others in place of one that was taken from the list.
func (a *ahead) took(o *other) {
	a.held.Add(-int64(o.bytes()))
	select {
	case a.room <- struct{}{}:
	default: // the room of another one was not noticed yet
	}
}

// close closes those that nobody took, after the context has ended.
func (a *ahead) close() {
	for o := range a.list {
		o.Close()
	}
}
