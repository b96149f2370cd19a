// Package bench measures how fast this machine trains: fixed workloads, with the
// names and shapes of peers/peer.py, reading of large files, and commands on
// databases of very many runs.
// What it measures it prints as one JSON object a line.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"

	"nightshift/internal/dataset"
	"nightshift/runner"
)

// Bench is how workloads are measured.
type Bench struct {
	Repeat   int       // how often each time is taken; the least counts
	DataDir  string    // folder of real data sets, as --data names it
	Out, Err io.Writer // Out gets the lines

	// Watch begins to show a night, the cost of which is part of its time: observe
	// is told what happens, and over that the night has ended.
	Watch func() (observe func(runner.Event), over func())

	limits *limits // of the machine, where the share of them that work reaches is wanted
}

// workload is something whose speed is measured.
type workload struct {
	name    string
	measure func(ctx context.Context, b Bench) error
}

// workloads lists what is measured, in that order.
func workloads() []workload {
	var list []workload
	for _, w := range stepWorkloads {
		list = append(list, workload{w.name, w.measure})
	}
	list = append(list, workload{loggedWork, logged.measure}, workload{gridWork, measureGrid}, workload{longWork, measureLong},
		workload{"gemm", measureProducts})
	for _, w := range readWorkloads {
		list = append(list, workload{w.name, w.measure})
	}
	list = append(list, workload{startWork, measureStart})
	return list
}

// Names lists the workloads in the order in which they are measured.
func Names() []string {
	var names []string
	for _, w := range workloads() {
		names = append(names, w.name)
	}
	return names
}

// Run measures workloads, all of them if none is named. Several get a process
// each, so that the peak of memory that is told of one is its own.
func (b Bench) Run(ctx context.Context, names []string) error {
	if len(names) == 0 {
		names = Names()
	}
	if len(names) == 1 {
		return b.measure(ctx, names[0])
	}
	for _, name := range names {
		c, err := self(ctx, b.withData("bench", name, "--repeat", fmt.Sprint(b.Repeat))...)
		if err != nil {
			return err
		}
		c.Stdout, c.Stderr = b.Out, b.Err
		if err := c.Run(); err != nil {
			return fmt.Errorf("bench %s: %w", name, err)
		}
	}
	return nil
}

func (b Bench) measure(ctx context.Context, name string) error {
	all := workloads()
	at := slices.IndexFunc(all, func(w workload) bool { return w.name == name })
	if at < 0 {
		return fmt.Errorf("unknown workload %q", name)
	}
	return all[at].measure(ctx, b)
}

// dirs lists the folders in which real data is looked for, in order.
func (b Bench) dirs() []string { return dataset.Dirs(b.DataDir) }

// withData makes a command look for real data where this one does.
func (b Bench) withData(args ...string) []string {
	if b.DataDir == "" {
		return args
	}
	return append(args, "--data", b.DataDir)
}

// self is this program as another process.
func self(ctx context.Context, args ...string) (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find this program to start it again: %w", err)
	}
	c := exec.CommandContext(ctx, path)
	c.Args = append([]string{os.Args[0]}, args...)
	return c, nil
}

// line is a line of output. The names are those of the scripts that measure
// other libraries on the same workloads.
type line struct {
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
	Evaluation  float64 `json:"evaluation_share,omitempty"` // of the seconds
	ReadGB      float64 `json:"read_gb_per_s,omitempty"`
	WriteGB     float64 `json:"write_gb_per_s,omitempty"`
	LimitShare  float64 `json:"limit_share,omitempty"` // of the physical limit that is reached
	PeakMB      float64 `json:"peak_mb,omitempty"`     // of resident memory, where the system tells
}

func (b Bench) print(l line) error {
	l.Peer = "nightshift"
	if b.limits != nil {
		l.PeakMB = 0 // of all workloads so far
	}
	return json.NewEncoder(b.Out).Encode(l)
}
