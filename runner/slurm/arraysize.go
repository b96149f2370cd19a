package slurm

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// LargestArray returns the maximum number of tasks of an array on the cluster. A cluster without arrays is an error.
func (c Client) LargestArray(ctx context.Context) (int, error) {
	said, err := c.call(ctx, "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	most, tasks := 1000, 1<<22 // as is usual; as many as an array may have
	for line := range strings.Lines(said) {
		name, value, _ := strings.Cut(line, "=")
		switch strings.TrimSpace(name) {
		case "MaxArraySize":
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
				most = n - 1 // indices, which are counted from 1 here, are below it
			}
		case "SchedulerParameters":
			for parameter := range strings.SplitSeq(value, ",") {
				if what, n, _ := strings.Cut(strings.TrimSpace(parameter), "="); what == "max_array_tasks" {
					if n, err := strconv.Atoi(n); err == nil {
						tasks = n
					}
				}
			}
		}
	}
	if most = min(most, tasks); most < 1 {
		return 0, errors.New("this cluster takes no job arrays (scontrol show config has MaxArraySize); submit shares one by one: " +
			"nightshift run --shard (docs/cluster.md)")
	}
	return most, nil
}
