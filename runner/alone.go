package runner

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"

	"nightshift/internal/cost"
)

// alone holds jobs that are trained at the end of the night, one at a time and with nothing else beside
// them: those that seem not to fit into the memory, and those whose process was killed for lack of it.
// If such a run does not fit even then, or its process is killed once more, that run alone has failed.
type alone struct {
	jobs []job
	out  bool  // whether one is handed out
	free int64 // bytes of memory when the night began; math.MaxInt64 for unknown
}

func newAlone(o Options) alone {
	a := alone{free: o.Free()}
	if a.free == 0 {
		a.free = math.MaxInt64
	}
	return a
}

// wants says whether a job is one to be trained alone.
func (a *alone) wants(j job) bool { return j.cell.bytes > a.free || j.outOfMemory() }

// holdAlone takes a hold on the next job that is trained alone.
func (q *queue) holdAlone(ctx context.Context) error {
	j := q.alone.jobs[0]
	q.alone.jobs = q.alone.jobs[1:]
	n := len(q.held)
	held, err := q.holdJobs(ctx, []job{j})
	if len(held) == 0 && err == nil {
		q.others = append(q.others, j)
	}
	for i := range q.held[n:] {
		q.held[n+i].alone = true
	}
	return err
}

// handOutAlone checks that there is memory for a task that is trained alone; where there is not, the task is refused.
func (q *queue) handOutAlone(t *task) {
	q.alone.out = true
	if t.cell.bytes <= q.alone.free {
		return
	}
	debug.FreeOSMemory() // what the runs before it have left
	if free := q.o.Free(); t.cell.bytes > free {
		t.refused = fmt.Errorf("it needs about %s of memory, and %s are free: make it smaller (width, batch, data), "+
			"or train it where there is more, with --retry-failed", cost.Size(t.cell.bytes), cost.Size(free))
	}
}
