package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/bench"
	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

// complete gives a command what the shell offers for its arguments, which its line of usage names,
// and for --set.
func (a *app) complete(c *cobra.Command) {
	arguments := strings.TrimPrefix(c.Use, c.Name())
	switch {
	case c.ValidArgsFunction != nil:
	case strings.Contains(arguments, "NAME-OR-STUDY"):
		c.ValidArgsFunction = offered(func(*cobra.Command, string) []string { return slices.Concat(setNames(), embeddedNames()) })
	case strings.Contains(arguments, "STUDY") && c.Flags().Lookup("set") != nil: // it reads the file
		c.ValidArgsFunction = offered(func(*cobra.Command, string) []string { return append(embeddedNames(), lecture) })
	case strings.Contains(arguments, "STUDY"):
		c.ValidArgsFunction = offered(a.storedNames)
	case strings.Contains(arguments, "RUN"), c.Name() == "diff":
		c.ValidArgsFunction = offered(a.runsBeginning)
	case strings.Contains(arguments, "WORK"):
		c.ValidArgsFunction = offered(func(*cobra.Command, string) []string { return bench.Names() })
	}
	if c.Flags().Lookup("set") != nil {
		c.RegisterFlagCompletionFunc("set", func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			return study.CompleteOverride(begun), cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// offerShells adds cobra's command that writes completions, which has to name a shell that there is one for.
func offerShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if c, _, err := root.Find([]string{"completion"}); err == nil {
		c.Args, c.RunE = knownShell, func(c *cobra.Command, _ []string) error { return c.Help() }
	}
}

// knownShell refuses a shell that no completion is written for, and names those that one is.
func knownShell(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	return usage(fmt.Errorf("there is no completion for %q, only for %s", args[0], strings.Join(shells, ", ")))
}

// offered is the completion of arguments by words. Where none fits, the shell offers files.
func offered(words func(c *cobra.Command, begun string) []string) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		fitting := slices.DeleteFunc(words(c, begun), func(w string) bool { return !strings.HasPrefix(w, begun) })
		return fitting, cobra.ShellCompDirectiveDefault
	}
}

func setNames() []string {
	var names []string
	for _, s := range dataset.Sets() {
		names = append(names, s.Name)
	}
	return names
}

// storedNames are the studies of the database; none where it cannot be read, since a completion is no place for errors.
func (a *app) storedNames(c *cobra.Command, _ string) []string {
	db, err := a.openRead()
	if err != nil {
		return nil
	}
	defer db.Close()
	all, err := db.Studies(c.Context())
	if err != nil {
		return nil
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Study)
	}
	return names
}

// identity is what a run's identity may begin with.
var identity = regexp.MustCompile("^[0-9a-f]*$")

// runsBeginning are at most 50 runs of the database whose identities begin so, each with its study, label and status.
func (a *app) runsBeginning(c *cobra.Command, begun string) []string {
	if !identity.MatchString(begun) {
		return nil
	}
	db, err := a.openRead()
	if err != nil {
		return nil
	}
	defer db.Close()
	statement := fmt.Sprintf(`SELECT substr(id, 1, 12), min(study), min(cell_label), status
		FROM study_runs JOIN runs ON id = run_id WHERE id >= '%[1]s' AND id < '%[1]sg' GROUP BY id ORDER BY id LIMIT 50`, begun)
	var runs []string
	err = db.Query(c.Context(), statement, func([]string) error { return nil }, func(v []any) error {
		runs = append(runs, harmless(fmt.Sprintf("%v\t%v: %v, %v", v...)))
		return nil
	})
	if err != nil {
		return nil
	}
	return runs
}
