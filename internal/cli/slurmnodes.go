package cli

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// limitMerge gives the job that merges the time that merging and the report take by a wide margin, ten times what they took
// where it was measured (docs/cluster.md) and half an hour, but no more than the partition lets jobs have. It neither ends with
// tasks that are short nor waits for a place as long as they may be.
func (h *handover) limitMerge() {
	const perRun, perEpoch = 7 * time.Millisecond, 300 * time.Microsecond
	limit := 30 * time.Minute
	for _, r := range h.study.Whole() {
		limit += perRun + time.Duration(r.Epochs)*perEpoch
	}
	elsewhere := regexp.MustCompile("^(--partition|-p)")
	if !slices.ContainsFunc(h.options.MergeExtra, elsewhere.MatchString) {
		// What sinfo cannot say is no reason not to submit.
		if most, err := h.client.LongestLimit(h.ctx, h.options.Partition); err == nil && most > 0 {
			limit = min(limit, most)
		}
	}
	h.options.MergeLimit = limit.Truncate(time.Minute)
}

// suggestConstraint says where jobs may run on nodes whose processors differ.
func (h *handover) suggestConstraint() error {
	chooses := regexp.MustCompile("^(--constraint|-C|--nodelist|-w)")
	if h.flags.kernel != "" || slices.ContainsFunc(h.options.Extra, chooses.MatchString) {
		return nil
	}
	kinds, err := h.client.Kinds(h.ctx, h.flags.partition)
	if err != nil || len(kinds) < 2 {
		return nil // what sinfo cannot say is no reason not to submit
	}
	fmt.Fprintln(h.err, "the nodes that tasks may run on differ, and results of different processors may differ in their last bits:")
	for _, k := range kinds {
		fmt.Fprintf(h.err, "  %s: %s\n", k.Nodes, k.Features)
	}
	fmt.Fprintln(h.err, "one kind is chosen by --sbatch --constraint=FEATURE, one kernel for all by --kernel (docs/cluster.md)")
	return nil
}
