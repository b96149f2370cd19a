package cli

import (
	"fmt"

	"nightshift/internal/cost"
	"nightshift/internal/number"
	"nightshift/runner"
)

// tooLarge are the runs of a study that there is not enough memory for, even if
// nothing else is trained.
type tooLarge struct {
	Runs  int   `json:"runs"`
	Needs int64 `json:"needs_bytes"` // of the largest
	Free  int64 `json:"free_bytes"`
}

// tooLarge finds those of the study that a night would not train.
func (p *planned) tooLarge(m *runner.Model, o runner.Options, free int64, s runner.Study) {
	if n, needs := m.TooLarge(o, free, s); n > 0 {
		p.TooLarge = &tooLarge{n, needs, free}
	}
}

func (t *tooLarge) String() string {
	return fmt.Sprintf("%s more memory than there is: up to about %s, and %s are free; run would record them as failed",
		number.Count(t.Runs, "run")+map[bool]string{true: " needs", false: " need"}[t.Runs == 1], cost.Size(t.Needs), cost.Size(t.Free))
}

// swaps warns where all the runs fit alone, but what the first of them leaves may not be given back before the next needs it;
// "" for nothing.
func swaps(needs, free int64) string {
	if needs <= free {
		return ""
	}
	return fmt.Sprintf("it may take up to %s of memory, and %s are free: the machine may swap, which takes many times as long, "+
		"or end the night; smaller networks or batches need less", cost.Size(needs), cost.Size(free))
}
