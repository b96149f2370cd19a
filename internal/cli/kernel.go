package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/nearest"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/mlp"
)

func kernelFlag(c *cobra.Command, name *string) {
	c.Flags().StringVar(name, "kernel", "", "train with a kernel of an older processor, so that different machines give the same "+
		"bits: avx2, go")
}

// withKernel starts the program anew, in the place of this one, if it has another kernel than the given one ("" for any): which
// one it has is found out once, when it is started, so that no training ever mixes two.
func withKernel(name string) error {
	if name == "purego" {
		name = "go"
	}
	have := mlp.Kernels()
	switch {
	case name == "" || name == have[0]:
		return nil
	case !slices.Contains(have, name):
		return usage(fmt.Errorf("--kernel %s is none that this processor has, which are %s%s", name, strings.Join(have, ", "),
			nearest.Suggest(name, have)))
	}
	setting := map[string]string{"avx2": "cpu.avx512f=off", "go": "cpu.avx2=off"}[name]
	if have[0] == "neon" {
		setting = "cpu.asimd=off"
	}
	before := os.Getenv("GODEBUG")
	if strings.Contains(before, setting) {
		return fmt.Errorf("--kernel %s: GODEBUG=%s was not enough for it, and the kernel is %s", name, before, have[0])
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("--kernel %s: %w", name, err)
	}
	environment := append(os.Environ(), "GODEBUG="+strings.TrimPrefix(before+","+setting, ","))
	return reexec(program, environment)
}

// printKernels says which kernels made the results of a database where it was not one.
func (a *app) printKernels(ctx context.Context, db *store.DB) error {
	results, err := db.Kernels(ctx)
	if err != nil || len(results) < 2 {
		return err
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(results)) {
		parts = append(parts, fmt.Sprintf("%s by %s", number.Count(results[name], "run"), name))
	}
	fmt.Fprintf(a.err, "the results are of several kernels, which may differ in the last bits: %s (run --kernel has the same one "+
		"everywhere)\n", strings.Join(parts, ", "))
	return nil
}
