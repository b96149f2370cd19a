package cli

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"nightshift/internal/number"
	"nightshift/runner"
)

// limits warns of a time limit that the partition gives to no job, and gives the job that merges its own.
func (h *handover) limits() {
	most, err := h.client.LongestLimit(h.ctx, h.options.Partition)
	if err != nil {
		most = 0 // what sinfo cannot say is no reason not to submit
	}
	if most > 0 && h.options.Limit > most {
		fmt.Fprintf(h.err, "--time is %s, and the partition gives jobs %s at most: such tasks are refused, or wait for ever\n",
			number.Approx(h.options.Limit), number.Approx(most))
	}
	elsewhere := regexp.MustCompile("^(--partition|-p)")
	if slices.ContainsFunc(h.options.MergeExtra, elsewhere.MatchString) {
		most = 0
	}
	h.options.MergeLimit = mergeLimit(h.study, most)
}

// mergeLimit is the time that merging and the report take by a wide margin, ten times what they took where it was measured
// (docs/cluster.md) and half an hour, but no more than most, where that is not 0. The job neither ends with tasks that are short
// nor waits for a place as long as they may be.
func mergeLimit(s runner.Study, most time.Duration) time.Duration {
	const perRun, perEpoch = 7 * time.Millisecond, 300 * time.Microsecond
	limit := 30 * time.Minute
	for _, r := range s.Whole() {
		limit += perRun + time.Duration(r.Epochs)*perEpoch
	}
	if most > 0 {
		limit = min(limit, most)
	}
	return limit.Truncate(time.Minute)
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
