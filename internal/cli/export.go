package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/export"
	"nightshift/internal/store"
)

func (a *app) exportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Write what the database holds for other programs",
		Example: `  nightshift export runs quickstart -o runs.csv
  nightshift export weights 3f2a -o weights.safetensors`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, t := range exportedTables {
		a.add(c, a.exportTableCommand(t))
	}
	a.add(c, a.exportCSVCommand(), a.exportWeightsCommand(), a.exportTensorBoardCommand(), a.exportMLflowCommand(),
		a.exportPaperCommand(), a.exportMethodsCommand())
	return c
}

// exportedTable is a table that export writes of a study.
type exportedTable struct {
	name, short, long string
	read              func(context.Context, *store.DB, string) (export.Table, error)
}

var exportedTables = [...]exportedTable{
	{"runs", "Write a study's runs: axes, seeds, status, final metrics, provenance",
		"Writes a row for each run of a study, with a column for each axis.", export.Runs},
	{"epochs", "Write a study's learning curves",
		"Writes a row for each run, epoch and split that was measured.", export.Epochs},
	{"layers", "Write what was measured of the layers of a study's networks",
		"Writes a row for each run, epoch and layer of weights.", export.Layers},
	{"predictions", "Write what a study's networks say of the test examples",
		"Writes a row for each run and example of the test split, where the outputs were stored.", export.Predictions},
}

// tableFormats are the forms of a table by the ends of files' names.
var tableFormats = []string{"csv", "jsonl", "parquet"}

func (a *app) exportTableCommand(t exportedTable) *cobra.Command {
	var format, to string
	var force bool
	c := &cobra.Command{
		Use:   t.name + " STUDY",
		Short: t.short,
		Long: t.long + `
The format is that of the file's name, or CSV. In CSV, what is not there is empty, and NaN and
the infinities are NaN, +Inf and -Inf; in JSON lines they are strings of that; in Parquet they
are what they are.`,
		Example: fmt.Sprintf("  nightshift export %[1]s quickstart > %[1]s.csv\n  nightshift export %[1]s quickstart -o %[1]s.parquet",
			t.name),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == "" {
				format = strings.TrimPrefix(filepath.Ext(to), ".")
				if !slices.Contains(tableFormats, format) {
					format = tableFormats[0]
				}
			}
			if !slices.Contains(tableFormats, format) {
				return usage(fmt.Errorf("--format %s is none of %s", format, strings.Join(tableFormats, ", ")))
			}
			return a.withStudy(cmd.Context(), args[0], func(ctx context.Context, db *store.DB, study string) error {
				table, err := t.read(ctx, db, study)
				if err != nil {
					return err
				}
				return a.writeOut(to, force, format == "parquet", func(w io.Writer) error {
					switch format {
					case "jsonl":
						return table.JSONL(ctx, w)
					case "parquet":
						return table.Parquet(ctx, w)
					}
					return table.CSV(ctx, w)
				})
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "csv, jsonl or parquet")
	c.Flags().StringVarP(&to, "output", "o", "", "file to write (default the standard output)")
	forceFlag(c, &force)
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(tableFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// withStudy does something with a study that the database holds, which is named by its name or its file.
func (a *app) withStudy(ctx context.Context, name string, do func(ctx context.Context, db *store.DB, study string) error) error {
	db, err := a.openRead()
	if err != nil {
		return err
	}
	defer db.Close()
	study, err := a.storedStudy(ctx, db, name)
	if err != nil {
		return err
	}
	return do(ctx, db, study.Study)
}
