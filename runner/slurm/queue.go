package slurm

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Entry is a job, or a task of an array, as squeue lists it: pending, running, or ended some minutes ago.
type Entry struct {
	Job     string // number of the job, or of the array
	Index   int    // in the array; 0 for a job without one
	State   string // PENDING, RUNNING, COMPLETING, COMPLETED, FAILED, ...
	Left    string // until its limit
	Node    string
	Reason  string // why it waits
	Comment string
}

// Queued says whether the job is pending, running, or about to be either. A state that is not known is none in which jobs have
// ended: versions of Slurm differ by those in between, and what is taken for ended would be submitted twice.
func (e Entry) Queued() bool {
	switch e.State {
	case "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "PREEMPTED", "NODE_FAIL", "BOOT_FAIL", "OUT_OF_MEMORY", "DEADLINE":
		return false
	}
	return true
}

// waits says whether the job has yet to begin.
func (e Entry) waits() bool {
	switch e.State {
	case "PENDING", "CONFIGURING", "POWER_UP_NODE", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD":
		return true
	}
	return false
}

const queueFormat = "%F|%K|%T|%L|%N|%r|%k"

// Queue lists the jobs of this user whose comment is one of the folder's, tasks of an array one by one.
func (c Client) Queue(ctx context.Context, token string) ([]Entry, error) {
	all, err := c.jobs(ctx)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for _, e := range all {
		if strings.HasPrefix(e.Comment, commentOf(token)) {
			list = append(list, e)
		}
	}
	return list, nil
}

// jobs lists all jobs of this user. What a cluster prints around them is passed over.
func (c Client) jobs(ctx context.Context) (list []Entry, err error) {
	said, err := c.call(ctx, "squeue", "--noheader", "--array", "--states=all",
		"--user="+strconv.Itoa(os.Getuid()), "--format="+queueFormat)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(said) {
		fields := strings.SplitN(strings.TrimRight(line, "\r\n"), "|", 7)
		switch {
		case len(fields) == 7:
		case strings.Contains(line, "nightshi"): // a job of ours, whose name may be cut
			return nil, fmt.Errorf("squeue answers %q, which is not in the format that it was asked for", line)
		default:
			continue
		}
		e := Entry{Job: fields[0], State: fields[2], Left: fields[3], Node: fields[4], Reason: fields[5],
			Comment: strings.TrimSpace(fields[6])}
		tasks, err := indices(fields[1])
		if err != nil && strings.HasPrefix(e.Comment, "nightshift ") {
			return nil, fmt.Errorf("squeue answers %q: %w", line, err)
		}
		for _, e.Index = range tasks {
			list = append(list, e)
		}
	}
	return list, nil
}

// indices are those of tasks as squeue writes them: one, several that wait (1-4,7,10-20:5%2), or 0 for a job without an array
// (N/A).
func indices(text string) (list []int, err error) {
	if text == "N/A" {
		return []int{0}, nil
	}
	text, _, _ = strings.Cut(text, "%")
	for part := range strings.SplitSeq(strings.Trim(text, "[]"), ",") {
		part, by, steps := strings.Cut(part, ":")
		first, last, several := strings.Cut(part, "-")
		from, err1 := strconv.Atoi(first)
		to, step, err2, err3 := from, 1, error(nil), error(nil)
		if several {
			to, err2 = strconv.Atoi(last)
		}
		if steps {
			step, err3 = strconv.Atoi(by)
		}
		const most = 1 << 22 // Slurm has MaxArraySize of 4,000,001 at most
		if err1 != nil || err2 != nil || err3 != nil || from < 0 || to > most || step < 1 {
			return nil, fmt.Errorf("%q are no indices of an array's tasks", text)
		}
		for i := from; i <= to; i += step {
			list = append(list, i)
		}
	}
	return list, nil
}
