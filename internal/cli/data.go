package cli

import (
	"fmt"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
)

func (a *app) dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "data",
		Short:   "List, fetch, show and export data sets",
		Example: "  nightshift data list\n  nightshift data show glyphs\n  nightshift data export my-study.yaml -o my-arrays",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.add(c, a.dataListCommand(), a.dataShowCommand(), a.dataExportCommand(), a.dataGetCommand())
	return c
}

func (a *app) dataListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the data sets that a study may name, with their defaults",
		Example: "  nightshift data list\n  nightshift data list --json",
		RunE:    func(*cobra.Command, []string) error { return a.listSets(asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// listedSet is a line of data list. Inputs and outputs are 0 where only the files know.
type listedSet struct {
	Set        string       `json:"set"`
	Doc        string       `json:"doc"`
	Regression bool         `json:"regression"`
	Inputs     int          `json:"inputs"`
	Outputs    int          `json:"outputs"`
	Default    dataset.Spec `json:"default"`
}

func (a *app) listSets(asJSON bool) error {
	var list []listedSet
	for _, s := range dataset.Sets() {
		list = append(list, listedSet{s.Name, s.Doc, s.Regression, s.In, s.Out, s.Default})
	}
	if asJSON {
		return a.printJSON(list)
	}
	known := func(n int, unknown string) string {
		if n == 0 {
			return unknown
		}
		return fmt.Sprint(n)
	}
	t := a.newTable(table.Row{"set", "inputs", "outputs", "train", "valid", "test", "scale", "noise", ""},
		"inputs", "outputs", "train", "valid", "test", "noise")
	for _, s := range list {
		d := s.Default
		outputs := known(s.Outputs, "file")
		if !s.Regression {
			outputs += " classes"
		}
		t.AppendRow(table.Row{s.Set, known(s.Inputs, "file"), outputs, known(d.Train.Count(), "rest"), d.Valid,
			known(d.Test.Count(), "file"),
			d.Scale, d.Noise, s.Doc})
	}
	fmt.Fprintln(a.out, t.Render())
	return nil
}

func (a *app) dataExportCommand() *cobra.Command {
	var dir string
	var seed uint64
	var set []string
	var force bool
	c := &cobra.Command{
		Use:   "export NAME-OR-STUDY -o DIR",
		Short: "Write the arrays of each split as .npy files",
		Long: `Writes exactly what training sees, after scaling and label noise: x_train.npy
(float32 [n, inputs]), y_train.npy (int64 classes, or float32 [n, targets]), the same
for valid and test, and truth_*.npy (the targets without noise) where they are known;
data.json says what they are. A study with several data sets gets a folder for each.`,
		Example: `  nightshift data export glyphs -o arrays
  nightshift data export my-study.yaml -o arrays-3 --seed 3`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if dir == "" {
				return usage(fmt.Errorf("say where to: -o DIR"))
			}
			if err := intoFolder(dir, force); err != nil {
				return err
			}
			return a.exportData(args[0], dir, set, seed)
		},
	}
	c.Flags().StringVarP(&dir, "output", "o", "", "folder for the arrays")
	folderForceFlag(c, &force)
	c.Flags().Uint64Var(&seed, "seed", 0, "data seed")
	c.Flags().StringArrayVar(&set, "set", nil, "override a key of the study (repeatable)")
	return c
}

func (a *app) exportData(arg, dir string, set []string, seed uint64) error {
	list, err := reading(a.stop, func() ([]shownData, error) { return a.load(arg, set, seed) })
	if err != nil {
		return err
	}
	for _, d := range list {
		into := dir
		if len(list) > 1 {
			into = filepath.Join(dir, d.Name)
		}
		if err := d.export(a.stop, into); err != nil {
			return err
		}
		for _, s := range d.Splits {
			fmt.Fprintf(a.out, "%s: %s\n", into, number.Count(s.N, s.Split+" example"))
		}
	}
	return nil
}
