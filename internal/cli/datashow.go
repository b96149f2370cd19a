package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
)

func (a *app) dataShowCommand() *cobra.Command {
	var seed uint64
	var set []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "show NAME-OR-STUDY",
		Short: "Show shapes, class counts and ranges of each split",
		Long: `Makes or reads a data set, by its name or as a study has it, and shows what
training would see: after scaling and label noise.`,
		Example: `  nightshift data show glyphs
  nightshift data show my-study.yaml --seed 3`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.showData(args[0], set, seed, asJSON) },
	}
	c.Flags().Uint64Var(&seed, "seed", 0, "data seed")
	c.Flags().StringArrayVar(&set, "set", nil, "override a key of the study (repeatable)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// specs gives the data sets that an argument names, by names that are
// different: a study may have several. What is the name of a set is that set;
// a shipped study of the same name is meant by its path, experiments/xor.yaml.
func (a *app) specs(arg string, set []string) (names []string, specs []dataset.Spec, err error) {
	if info, ok := dataset.Lookup(arg); ok {
		if len(set) > 0 {
			return nil, nil, usage(fmt.Errorf("--set overrides a key of a study, and %s is a data set", arg))
		}
		return []string{arg}, []dataset.Spec{info.Default}, nil
	}
	studies, err := a.studies([]string{arg}, set, nil)
	if err != nil {
		return nil, nil, err
	}
	times := map[string]int{}
	for _, s := range studies {
		for _, c := range s.Cells {
			if !slices.Contains(specs, c.Config.Data) {
				specs = append(specs, c.Config.Data)
				times[c.Config.Data.Set]++
			}
		}
	}
	at := map[string]int{}
	for _, s := range specs {
		name := s.Set
		if times[s.Set] > 1 {
			at[s.Set]++
			name = fmt.Sprintf("%s-%d", s.Set, at[s.Set])
		}
		names = append(names, name)
	}
	return names, specs, nil
}

// shownData is a data set as a seed has it.
type shownData struct {
	Name     string       `json:"name"`
	Spec     dataset.Spec `json:"spec"`
	Seed     uint64       `json:"seed"`
	Inputs   int          `json:"inputs"`
	Outputs  int          `json:"outputs"`
	Classes  []string     `json:"classes,omitempty"`
	Columns  []string     `json:"columns,omitempty"`  // names of the inputs
	Targets  []string     `json:"targets,omitempty"`  // names of a regression's
	Warnings []string     `json:"warnings,omitempty"` // what is doubtful about the files
	Splits   []shownSplit `json:"splits"`

	data *dataset.Data
}

type shownSplit struct {
	Split   string      `json:"split"`
	N       int         `json:"n"`
	X       shownRange  `json:"x"`
	Targets *shownRange `json:"targets,omitempty"` // of a regression
	Counts  []int       `json:"counts,omitempty"`  // of each class

	split dataset.Split
}

type shownRange struct {
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

func (a *app) load(arg string, set []string, seed uint64) ([]shownData, error) {
	names, specs, err := a.specs(arg, set)
	if err != nil {
		return nil, err
	}
	var list []shownData
	for i, s := range specs {
		d, err := dataset.NewFiles(a.dataDirs()).Load(s, seed)
		if err != nil {
			return nil, err
		}
		shown := shownData{Name: names[i], Spec: s, Seed: seed, Inputs: d.In, Outputs: d.Out, Classes: d.Classes,
			Columns: d.Columns, Targets: d.Outputs, Warnings: d.Warnings, data: d}
		for _, split := range []struct {
			name string
			dataset.Split
		}{{"train", d.Train}, {"valid", d.Valid}, {"test", d.Test}} {
			if split.N > 0 {
				shown.Splits = append(shown.Splits, describeSplit(split.name, split.Split, d))
			}
		}
		list = append(list, shown)
	}
	return list, nil
}

func describeSplit(name string, split dataset.Split, d *dataset.Data) shownSplit {
	s := shownSplit{Split: name, N: split.N, X: rangeOf(split.N, split.Inputs), split: split}
	if d.Regression {
		r := rangeOf(split.N, func(i int) []float32 { return split.Targets[i*d.Out : (i+1)*d.Out] })
		s.Targets = &r
		return s
	}
	s.Counts = make([]int, d.Out)
	for _, y := range split.Labels {
		s.Counts[y]++
	}
	return s
}

// rangeOf is that of all numbers in n rows.
func rangeOf(n int, row func(i int) []float32) shownRange {
	r := shownRange{Min: math.Inf(1), Max: math.Inf(-1)}
	all := float64(n * len(row(0)))
	for i := range n {
		for _, v := range row(i) {
			r.Min, r.Max = min(r.Min, float64(v)), max(r.Max, float64(v))
			r.Mean += float64(v) / all
		}
	}
	for i := range n {
		for _, v := range row(i) {
			r.SD += (float64(v) - r.Mean) * (float64(v) - r.Mean) / all
		}
	}
	r.SD = math.Sqrt(r.SD)
	return r
}

func (r shownRange) String() string {
	return fmt.Sprintf("%.4g to %.4g, mean %.4g, SD %.4g", r.Min, r.Max, r.Mean, r.SD)
}

func (a *app) showData(arg string, set []string, seed uint64, asJSON bool) error {
	list, err := reading(a.stop, func() ([]shownData, error) { return a.load(arg, set, seed) })
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(list)
	}
	for i, d := range list {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		outputs := number.Count(d.Outputs, "target")
		if d.Classes != nil {
			outputs = fmt.Sprintf("%d classes (%s)", d.Outputs, dataset.Listed(d.Classes))
		}
		fmt.Fprintf(a.out, "%s, data seed %d: %s, %s, scale %s\n", d.Name, seed, number.Count(d.Inputs, "input"), outputs,
			d.Spec.Scale)
		if d.Columns != nil {
			fmt.Fprintf(a.out, "  inputs %s\n", dataset.Listed(d.Columns))
		}
		if d.Targets != nil {
			fmt.Fprintf(a.out, "  targets %s\n", dataset.Listed(d.Targets))
		}
		a.printWarnings(d.Warnings)
		for _, s := range d.Splits {
			fmt.Fprintf(a.out, "  %-5s  x [%d, %d]  %v\n", s.Split, s.N, d.Inputs, s.X)
			if s.Targets != nil {
				fmt.Fprintf(a.out, "         y [%d, %d]  %v\n", s.N, d.Outputs, s.Targets)
			} else {
				fmt.Fprintf(a.out, "         y [%d]  %s of each class\n", s.N, strings.Trim(fmt.Sprint(s.Counts), "[]"))
			}
		}
	}
	return nil
}

// printWarnings prints what is doubtful about data.
func (a *app) printWarnings(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintf(a.out, "  warning: %s\n", w)
	}
}
