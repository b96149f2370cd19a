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
func (sub *submitter) limits() {
	most, err := sub.client.LongestLimit(sub.ctx, sub.options.Partition)
	if err != nil {
		most = 0 // what sinfo cannot say is no reason not to submit
	}
	if most > 0 && sub.options.Limit > most {
		fmt.Fprintf(sub.err, "--time is %s, and the partition gives jobs %s at most: such tasks are refused, or wait for ever\n",
			number.Approx(sub.options.Limit), number.Approx(most))
	}
	elsewhere := regexp.MustCompile("^(--partition|-p)")
	if slices.ContainsFunc(sub.options.MergeExtra, elsewhere.MatchString) {
		most = 0
	}
	sub.options.MergeLimit = mergeLimit(sub.study, most)
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
func (sub *submitter) suggestConstraint() error {
	chooses := regexp.MustCompile("^(--constraint|-C|--nodelist|-w)")
	if sub.flags.kernel != "" || slices.ContainsFunc(sub.options.Extra, chooses.MatchString) {
		return nil
	}
	kinds, err := sub.client.Kinds(sub.ctx, sub.flags.partition)
	if err != nil || len(kinds) < 2 {
		return nil // what sinfo cannot say is no reason not to submit
	}
	fmt.Fprintln(sub.err, "the nodes that tasks may run on differ, and results of different processors may differ in their last "+
		"bits:")
	for _, k := range kinds {
		fmt.Fprintf(sub.err, "  %s: %s\n", k.Nodes, k.Features)
	}
	fmt.Fprintln(sub.err, "one kind is chosen by --sbatch --constraint=FEATURE, one kernel for all by --kernel (docs/cluster.md)")
	return nil
}
