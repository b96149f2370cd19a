package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

type benchFlags struct {
	repeat int
	scale  bool
	fill   int
}

// workload is something whose speed is measured.
type workload struct {
	name    string
	measure func(ctx context.Context, a *app, repeat int) error
}

// workloads lists what bench measures, in the order in which it does.
func workloads() []workload {
	var list []workload
	for _, w := range stepWorkloads {
		list = append(list, workload{w.name, w.measure})
	}
	return append(list, workload{gridWork, measureGrid}, workload{"gemm", measureProducts})
}

func (a *app) benchCommand() *cobra.Command {
	var f benchFlags
	var names []string
	for _, w := range workloads() {
		names = append(names, w.name)
	}
	c := &cobra.Command{
		Use:   "bench [WORK...]",
		Short: "Measure how fast this machine trains",
		Long: `Measures fixed workloads and prints one JSON object a line. A WORK is one of
` + strings.Join(names, ", ") + `; without any, all of them.

W1 to W5 are training steps alone, on one thread: gather, forward, loss, backward
and update, without evaluation. W1 and W2 see MNIST where it is found (see --data),
otherwise inputs of which as many are zero; their -dense twins see inputs without
zeros. W6 is a night of 128 small runs. gemm is the matrix product alone. Each
time is the least of --repeat.

--scale measures instead what the commands cost on a database of very many runs.`,
		Example: "  nightshift bench\n  nightshift bench W1-lecture W6-grid --data ~/data\n  nightshift bench --scale",
		Args: func(_ *cobra.Command, args []string) error {
			for _, name := range args {
				if !slices.Contains(names, name) {
					return fmt.Errorf("unknown workload %q; there are %s", name, strings.Join(names, ", "))
				}
			}
			if len(args) > 0 && f.scale {
				return fmt.Errorf("--scale takes no workload")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.repeat < 1:
				return usage(fmt.Errorf("--repeat is %d; at least once is needed", f.repeat))
			case f.fill > 0:
				return a.fill(cmd.Context(), f.fill)
			case f.scale:
				return a.measureScale(cmd.Context())
			}
			if len(args) == 0 {
				args = names
			}
			return a.bench(cmd.Context(), args, f.repeat)
		},
	}
	c.Flags().IntVar(&f.repeat, "repeat", 5, "how often each time is taken; the least counts")
	c.Flags().BoolVar(&f.scale, "scale", false, "measure commands on databases of 10,000 and 100,000 runs")
	c.Flags().IntVar(&f.fill, "fill", 0, "make such a database of so many runs in OUT, and measure nothing")
	if err := c.Flags().MarkHidden("fill"); err != nil {
		panic(err)
	}
	return c
}

// bench measures workloads. Several get a process each, so that the peak of
// memory that is told of one is its own.
func (a *app) bench(ctx context.Context, names []string, repeat int) error {
	if len(names) > 1 {
		for _, name := range names {
			c, err := a.self(ctx, "bench", name, "--repeat", fmt.Sprint(repeat), "--data", a.dataDir)
			if err != nil {
				return err
			}
			c.Stdout, c.Stderr = a.out, a.err
			if err := c.Run(); err != nil {
				return fmt.Errorf("bench %s: %w", name, err)
			}
		}
		return nil
	}
	all := workloads()
	at := slices.IndexFunc(all, func(w workload) bool { return w.name == names[0] })
	return all[at].measure(ctx, a, repeat)
}

// self is this program as another process.
func (a *app) self(ctx context.Context, args ...string) (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find this program to start it again: %w", err)
	}
	c := exec.CommandContext(ctx, path)
	c.Args = append([]string{os.Args[0]}, args...)
	return c, nil
}

// benchLine is a line of output. The names are those of the scripts that
// measure other libraries on the same workloads.
type benchLine struct {
	Work        string  `json:"work"`
	Peer        string  `json:"peer"`
	Kernel      string  `json:"kernel,omitempty"`
	M           int     `json:"m,omitempty"`
	N           int     `json:"n,omitempty"`
	K           int     `json:"k,omitempty"`
	Data        string  `json:"data,omitempty"`
	Threads     int     `json:"threads,omitempty"`
	Workers     int     `json:"workers,omitempty"`
	Runs        int     `json:"runs,omitempty"`
	Seconds     float64 `json:"seconds,omitempty"`
	StepMicros  float64 `json:"us_per_step,omitempty"`
	ExamplesPer float64 `json:"examples_per_s,omitempty"`
	GFLOPS      float64 `json:"gflops,omitempty"`
	RunsPer     float64 `json:"runs_per_s,omitempty"`
	PeakMB      float64 `json:"peak_mb,omitempty"` // of resident memory, where the system tells
}

func (a *app) printLine(l benchLine) error {
	l.Peer = "nightshift"
	return json.NewEncoder(a.out).Encode(l)
}
