package slurm

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Kind is a group of nodes with the same features in Slurm. Results of different kinds may differ in the last bits.
type Kind struct {
	Features string // that --constraint may name; "" for none
	Nodes    string // as Slurm lists them
}

// Kinds lists the kinds of nodes of a partition ("" for the one that jobs get without asking).
func (c Client) Kinds(ctx context.Context, partition string) ([]Kind, error) {
	said, err := c.partition(ctx, partition, "%b|%N")
	var kinds []Kind
	for _, fields := range said {
		k := Kind{strings.TrimPrefix(fields[0], "(null)"), fields[1]}
		if at := slices.IndexFunc(kinds, func(have Kind) bool { return have.Features == k.Features }); at >= 0 {
			kinds[at].Nodes += "," + k.Nodes
			continue
		}
		kinds = append(kinds, k)
	}
	return kinds, err
}

// LongestLimit is the longest time limit that a partition ("" for the one that jobs get without asking) lets jobs have; 0 where
// there is none.
func (c Client) LongestLimit(ctx context.Context, partition string) (longest time.Duration, err error) {
	said, err := c.partition(ctx, partition, "%l")
	for _, fields := range said {
		limit, err := Limit(fields[0])
		if err != nil {
			return 0, nil // infinite, or not known
		}
		longest = max(longest, limit)
	}
	return longest, err
}

// partition asks sinfo for fields of a partition ("" for the one that jobs get without asking), of which it may say several.
func (c Client) partition(ctx context.Context, partition, format string) (list [][]string, err error) {
	args := []string{"--noheader", "--format=%P|" + format}
	if partition != "" {
		args = append(args, "--partition="+partition)
	}
	said, err := c.call(ctx, "sinfo", args...)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(said) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		if len(fields) == strings.Count(format, "|")+2 && (partition != "" || strings.HasSuffix(fields[0], "*")) {
			list = append(list, fields[1:])
		}
	}
	return list, nil
}
