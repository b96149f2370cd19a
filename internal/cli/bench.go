package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/bench"
	"nightshift/runner"
)

type benchFlags struct {
	repeat int
	scale  bool
	limits bool
	fill   int
	shards int
}

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	names := bench.Names()
	c := &cobra.Command{
		Use:   "bench [WORK...]",
		Short: "Measure how fast this machine trains",
		Long: `Measures fixed workloads and prints one JSON object a line. Without a WORK all of
them are measured: ` + wrapped(names, "them are measured: ") + `.

W1 to W5 are training steps alone, on one thread: gather, forward, loss, backward
and update, without evaluation. W1 and W2 see MNIST where it is found (see --data),
otherwise inputs of which as many are zero; their -dense twins see inputs without
zeros. W6 is a night of 128 small runs. W7 is a training of the lecture's network in
which every epoch is evaluated on every split, layers included, as a study has it by
default; evaluation_share is the part of the time that this takes. gemm is the
matrix product alone. read-csv and read-idx read large files, split and scale them.
start-mnist is the whole program from its start to the end of a night of one step on
MNIST, and of one in which two networks see all of it at the same time.
Each time is the least of --repeat.

--scale measures instead what the commands cost on a database of very many runs, and
what merging very many shares costs.
--roofline measures what this machine can do at most, multiply-adds in registers and
reading and writing each of its caches, and of W1 to W5, W7 and gemm limit_share: how
much of a time their work would take at that limit.`,
		Example: "  nightshift bench\n  nightshift bench W1-lecture W6-grid --data ~/data\n  nightshift bench --scale\n" +
			"  nightshift bench --roofline W1-lecture",
		Args: func(_ *cobra.Command, args []string) error { return f.check(names, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			err := a.bench(cmd.Context(), f, args)
			if stopped := cmd.Context().Err(); err != nil && stopped != nil { // of its processes it is only known that they were killed
				return stopped
			}
			return err
		},
	}
	c.Flags().IntVar(&f.repeat, "repeat", 5, "how often each time is taken; the least counts")
	c.Flags().BoolVar(&f.scale, "scale", false, "measure commands on databases of 10,000 and 100,000 runs")
	c.Flags().BoolVar(&f.limits, "roofline", false, "measure the limits of this machine, and the share of them that workloads reach")
	c.Flags().IntVar(&f.fill, "fill", 0, "make such a database of so many runs in OUT, and measure nothing")
	c.Flags().IntVar(&f.shards, "shards", 1, "with --fill: make as many databases of shares of the runs in OUT/shards")
	for _, name := range []string{"fill", "shards"} {
		if err := c.Flags().MarkHidden(name); err != nil {
			panic(err)
		}
	}
	return c
}

// check says what is wrong with the flags or with the workloads that are asked for.
func (f *benchFlags) check(names, args []string) error {
	for _, name := range args {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown workload %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	switch {
	case len(args) > 0 && f.scale:
		return fmt.Errorf("--scale takes no workload")
	case f.scale && f.limits:
		return fmt.Errorf("--scale and --roofline are two measurements; ask for one")
	}
	return nil
}

// bench makes the measurement that is asked for.
func (a *app) bench(ctx context.Context, f benchFlags, args []string) error {
	b := bench.Bench{Repeat: f.repeat, DataDir: a.dataDir, Out: a.out, Err: a.err, Watch: func() (func(runner.Event), func()) {
		p := newProgress(a.err, false, time.Now)
		return p.observe, p.close
	}}
	switch {
	case f.repeat < 1:
		return usage(fmt.Errorf("--repeat is %d; at least once is needed", f.repeat))
	case f.fill > 0:
		return bench.Fill(ctx, a.outDir, a.dbPath(), f.fill, f.shards)
	case f.scale:
		return b.Scale(ctx)
	case f.limits:
		return b.Roofline(ctx, args)
	}
	return b.Run(ctx, args)
}
