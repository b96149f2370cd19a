package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/export"
	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
)

func (a *app) exportCSVCommand() *cobra.Command {
	var to string
	var force bool
	c := &cobra.Command{
		Use:   "csv STUDY -o DIR",
		Short: "Write all of a study as a folder of CSV files, which import csv reads",
		Long: `Writes study.csv (the study file, as JSON, and its versions), data.csv (the data sets, with the
targets of the test examples), runs.csv, epochs.csv, layers.csv, predictions.csv (the tables of
export runs and the others), and notes.csv. nightshift import csv makes a database of them again,
with the same numbers to the last bit. Weights, checkpoints and the forecasts of nights are in
none of them.`,
		Example: "  nightshift export csv quickstart -o quickstart-csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usage(errors.New("say where to: -o DIR"))
			}
			if err := intoFolder(to, force); err != nil {
				return err
			}
			return a.withStudy(cmd.Context(), args[0], func(ctx context.Context, db *store.DB, study string) error {
				return a.exportCSV(ctx, db, study, to)
			})
		},
	}
	c.Flags().StringVarP(&to, "output", "o", "", "folder to write to")
	folderForceFlag(c, &force)
	return c
}

func (a *app) exportCSV(ctx context.Context, db *store.DB, study, folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	files := export.CSVFiles()
	for _, f := range files {
		table, err := f.Table(ctx, db, study)
		if err != nil {
			return err
		}
		if err := file.ReplaceBy(filepath.Join(folder, f.Name), func(w io.Writer) error { return table.CSV(ctx, w) }); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.out, "%s: %s of %s; nightshift import csv %s reads them\n", folder, number.Count(len(files), "file"), study,
		file.ShellWord(folder))
	return nil
}

func (a *app) importCSVCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "csv DIR",
		Short: "Make a database of the CSV files of a study",
		Long: `Makes the database that --out or --db names, which must not be there yet, of the files that
nightshift export csv has written. study.csv and runs.csv are needed; without one of the others
the database has nothing of it. Runs, epochs, layers and outputs are those of the original to the
last bit. What no CSV file has (weights, checkpoints, forecasts of nights) the database does not
have either: a nightshift run of a study that keeps weights trains for them again. What is not
what was written is refused with its line.`,
		Example: "  nightshift import csv quickstart-csv --out again",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.importCSV(cmd.Context(), args[0]) },
	}
}

func (a *app) importCSV(ctx context.Context, folder string) error {
	to := a.dbPath()
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return usage(fmt.Errorf("%s is there already: name another folder with --out, and nightshift merge brings both together", to))
	}
	read, err := export.ReadCSV(ctx, folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	making, err := os.MkdirTemp(filepath.Dir(to), ".import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(making)
	whole := filepath.Join(making, filepath.Base(to))
	db, err := store.Open(whole)
	if err != nil {
		return err
	}
	if err := errors.Join(read.Put(ctx, db), db.Close()); err != nil {
		return err
	}
	if err := os.Rename(whole, to); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %s of %s; weights, checkpoints and nights are in no CSV file\n", to,
		number.Count(read.Runs(), "run"), read.Study())
	if len(read.Lacking) > 0 {
		fmt.Fprintf(a.err, "%s has no %s: the database has nothing of that\n", folder, strings.Join(read.Lacking, ", "))
	}
	return nil
}
