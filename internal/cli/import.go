package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"nightshift/internal/file"
	"nightshift/internal/study"
	"nightshift/internal/study/wandb"
)

func (a *app) importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "import",
		Short:   "Make a study of another program's file, or a database of CSV files",
		Example: "  nightshift import wandb sweep.yaml\n  nightshift import csv quickstart-csv --out restored",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.add(c, a.importWandBCommand(), a.importCSVCommand())
	return c
}

func (a *app) importWandBCommand() *cobra.Command {
	var to string
	var force bool
	c := &cobra.Command{
		Use:   "wandb FILE",
		Short: "Make a study of a Weights & Biases sweep",
		Long: `Prints the study that a Weights & Biases sweep file means, or writes it with -o.
What a study cannot say, or says otherwise, is named with its place in the sweep,
and in the comments of the study. A sweep does not say on what data: look at data.`,
		Example: "  nightshift import wandb sweep.yaml -o swept.yaml\n  nightshift import wandb sweep.yaml | less",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			imported, err := a.importWandB(args[0])
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				_, err := w.Write(imported.Text)
				return err
			}
			if err := a.writeOut(to, force, false, write); err != nil {
				return err
			}
			a.done(to, "the study %s; next: nightshift plan %s", imported.Name, to)
			return nil
		},
	}
	c.Flags().StringVarP(&to, "output", "o", "", "file to write")
	forceFlag(c, &force)
	return c
}

// importWandB reads a sweep and says what of it the study does not.
func (a *app) importWandB(path string) (*wandb.Study, error) {
	text, err := file.Read(a.stop, path, maxStudy)
	if err != nil {
		return nil, unread("sweep", err)
	}
	imported, err := wandb.Import(path, text)
	if err != nil {
		return nil, err
	}
	for _, lost := range imported.Lost {
		fmt.Fprintln(a.err, lost)
	}
	if imported.Empty {
		return nil, fmt.Errorf("%s: no parameter of the sweep is one that a study has, so no study is made of it", path)
	}
	return imported, nil
}

// reader reads what the arguments of a command name: studies, or sweeps.
func (a *app) reader(wandb bool) reader {
	if wandb {
		return a.sweeps
	}
	return a.studies
}

// sweeps reads the studies that Weights & Biases sweep files mean.
func (a *app) sweeps(paths, set []string, look study.Look) ([]*study.Study, error) {
	var list []*study.Study
	from := map[string]string{} // study name -> file
	for _, path := range paths {
		imported, err := a.importWandB(path)
		if err != nil {
			return nil, err
		}
		s, err := study.LoadOn(look, path+", as a study", imported.Text, set, nil)
		if err != nil {
			return nil, err
		}
		if other, taken := from[s.Name]; taken {
			return nil, usage(fmt.Errorf("%s and %s are both called %q; give each sweep a name of its own", other, path, s.Name))
		}
		from[s.Name] = path
		list = append(list, s)
	}
	return list, nil
}
