package slurm

import (
	"context"
	"slices"
	"strings"
)

// Kind is what nodes have in common that may matter for what a processor makes of the last bits.
type Kind struct {
	Features string // that --constraint may name; "" for none
	Nodes    string // as Slurm lists them
}

// Kinds lists the kinds of nodes of a partition ("" for the one that jobs get without asking).
func (c Client) Kinds(ctx context.Context, partition string) ([]Kind, error) {
	args := []string{"--noheader", "--format=%R|%b|%N|%P"}
	if partition != "" {
		args = append(args, "--partition="+partition)
	}
	said, err := c.call(ctx, "sinfo", args...)
	if err != nil {
		return nil, err
	}
	var kinds []Kind
	for line := range strings.Lines(said) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		if len(fields) != 4 || partition == "" && !strings.HasSuffix(fields[3], "*") {
			continue
		}
		k := Kind{strings.TrimPrefix(fields[1], "(null)"), fields[2]}
		if at := slices.IndexFunc(kinds, func(have Kind) bool { return have.Features == k.Features }); at >= 0 {
			kinds[at].Nodes += "," + k.Nodes
			continue
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}
