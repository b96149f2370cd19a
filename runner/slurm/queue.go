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

// Queued says whether the job is pending, running, or about to be either.
func (e Entry) Queued() bool {
	switch e.State {
	case "PENDING", "CONFIGURING", "RUNNING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING",
		"REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD", "COMPLETING":
		return true
	}
	return false
}

// waits says whether the job has yet to begin.
func (e Entry) waits() bool {
	return e.Queued() && e.State != "RUNNING" && e.State != "COMPLETING" && e.State != "SUSPENDED"
}

const queueFormat = "%F|%K|%T|%L|%N|%r|%k"

// Queue lists the jobs of this user whose comment is one of the folder's, tasks of an array one by one.
func (c Client) Queue(ctx context.Context, token string) ([]Entry, error) {
	said, err := c.call(ctx, "squeue", "--noheader", "--array", "--states=all",
		"--user="+strconv.Itoa(os.Getuid()), "--format="+queueFormat)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for line := range strings.Lines(said) {
		fields := strings.SplitN(strings.TrimRight(line, "\n"), "|", 7)
		if len(fields) != 7 {
			return nil, fmt.Errorf("squeue answers %q, which is not in the format that it was asked for", line)
		}
		e := Entry{Job: fields[0], State: fields[2], Left: fields[3], Node: fields[4], Reason: fields[5],
			Comment: strings.TrimSpace(fields[6])}
		if !strings.HasPrefix(e.Comment, commentOf(token)) {
			continue
		}
		e.Index, _ = strconv.Atoi(fields[1]) // N/A for a job without an array
		list = append(list, e)
	}
	return list, nil
}

// arraySize is the largest array that the cluster takes.
func (c Client) arraySize(ctx context.Context) (int, error) {
	const usual = 1001
	said, err := c.call(ctx, "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(said) {
		if name, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(name) == "MaxArraySize" {
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n > 1 {
				return n, nil
			}
		}
	}
	return usual, nil
}
