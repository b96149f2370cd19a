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

func (a *app) exportPaperCommand() *cobra.Command {
	format, to, force := export.PaperFormats[0], "", false
	c := &cobra.Command{
		Use:   "table STUDY",
		Short: "Write the cells of a study as a table for a paper",
		Long: `Writes a table in LaTeX (with booktabs) or Markdown: the axes, units, and on validation and
test the mean with its 95 % interval. The cell that validation chooses is bold; test chooses
nothing.`,
		Example: `  nightshift export table quickstart -o table.tex
  nightshift export table quickstart --format markdown`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(export.PaperFormats, format) {
				return usage(fmt.Errorf("--format %s is none of %s", format, strings.Join(export.PaperFormats, ", ")))
			}
			return a.exportText(cmd.Context(), args[0], to, force, func(ctx context.Context, db *store.DB, study string) (string, error) {
				return export.Paper(ctx, db, study, format)
			})
		},
	}
	c.Flags().StringVar(&format, "format", format, "latex or markdown")
	c.Flags().StringVarP(&to, "output", "o", "", "file to write (default the standard output)")
	forceFlag(c, &force)
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(export.PaperFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (a *app) exportMethodsCommand() *cobra.Command {
	var to, format string
	var force bool
	c := &cobra.Command{
		Use:   "methods STUDY",
		Short: "Write a paragraph about a study for a paper's methods section",
		Long: `Writes, a sentence a line: networks, data, seeds and unit of inference, intervals, the family
of claims and its looks, how configurations were chosen, and what computed it. The format is
that of the file's name (.tex), or plain text.`,
		Example: "  nightshift export methods quickstart\n  nightshift export methods quickstart -o methods.tex",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == "" {
				format = export.MethodsFormats[0]
				if filepath.Ext(to) == ".tex" {
					format = "latex"
				}
			}
			if !slices.Contains(export.MethodsFormats, format) {
				return usage(fmt.Errorf("--format %s is none of %s", format, strings.Join(export.MethodsFormats, ", ")))
			}
			return a.exportText(cmd.Context(), args[0], to, force, func(ctx context.Context, db *store.DB, study string) (string, error) {
				return export.Methods(ctx, db, study, format)
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "text or latex")
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(export.MethodsFormats, cobra.ShellCompDirectiveNoFileComp))
	c.Flags().StringVarP(&to, "output", "o", "", "file to write (default the standard output)")
	forceFlag(c, &force)
	return c
}

func (a *app) exportText(ctx context.Context, name, to string, force bool,
	text func(context.Context, *store.DB, string) (string, error)) error {
	return a.withStudy(ctx, name, func(ctx context.Context, db *store.DB, study string) error {
		said, err := text(ctx, db, study)
		if err != nil {
			return err
		}
		return a.writeOut(to, force, false, func(w io.Writer) error {
			_, err := io.WriteString(w, said)
			return err
		})
	})
}
