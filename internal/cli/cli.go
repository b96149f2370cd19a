// Package cli is the command line: one file for each command.
package cli

//go:generate go test . -run ^TestReference$ -update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"nightshift/internal/dataset"
	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/internal/study/source"
	"nightshift/runner"
)

// Exit codes of every command.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2  // wrong flags or arguments, or an invalid study
	exitFailed      = 3  // finished, but some runs failed
	exitDeadline    = 4  // stopped at the deadline with runs left
	exitRequeue     = 75 // stopped by a warning with runs left, to be started again (EX_TEMPFAIL of sysexits.h)
	exitInterrupted = 130
)

// exit is an error with an exit code of its own. A nil err prints nothing.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage marks an error as the caller's: exit code 2.
func usage(err error) error { return exit{exitUsage, err} }

// app is what the commands share: the streams and the flags that every command has.
type app struct {
	machine  fs.FS // its files, from the root
	in       io.Reader
	out, err io.Writer
	stop     <-chan struct{} // closed by the first interrupt
	outDir   string
	dbFile   string
	dataDir  string
	nearby   dataset.Nearby // brings data to this machine; nil where they are read where they are
}

// Main runs the command line and returns the exit code. The first interrupt
// ends the work gracefully; a second one ends the program at once.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	ctx, stop := interruptible(context.Background())
	defer stop()
	a := &app{machine: os.DirFS("/"), in: in, out: &output{to: out}, err: &output{to: err}, stop: ctx.Done()}
	root := a.root()
	offerShells(root)
	root.SetArgs(args)
	return a.code(a.execute(ctx, root))
}

// execute runs a command. A panic, and output that could not be written, are errors.
func (a *app) execute(ctx context.Context, root *cobra.Command) (err error) {
	err = panics.Caught(func() error { return root.ExecuteContext(ctx) })
	var p panics.Error
	if errors.As(err, &p) {
		return a.panicked(err, p)
	}
	var e exit
	if lost := a.unwritten(); lost != nil && (err == nil || errors.As(err, &e) && e.err == nil) {
		return lost
	}
	return err
}

// code prints an error, if there is one, and gives the exit code for it.
func (a *app) code(err error) int {
	if err == nil {
		return exitOK
	}
	var bad source.Errors
	errors.As(err, &bad)
	if message := strings.ReplaceAll(err.Error(), context.Canceled.Error(), "interrupted"); message != "" {
		if bad != nil { // these name their file, line and column themselves
			if terminal(a.err) {
				for i := range bad {
					bad[i].File, bad[i].Message = harmless(bad[i].File), harmless(bad[i].Message)
				}
				fmt.Fprintln(raw(a.err), bad.Render(os.Getenv("NO_COLOR") == ""))
			} else {
				fmt.Fprintln(a.err, message)
			}
		} else {
			fmt.Fprintln(a.err, "nightshift:", message)
		}
	}
	return codeOf(err)
}

// codeOf is the exit code of a command that has ended so.
func codeOf(err error) int {
	var e exit
	var bad source.Errors
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &bad):
		return exitUsage
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitError
}

// terminal says whether somebody reads what is written.
func terminal(w io.Writer) bool {
	f, ok := raw(w).(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "nightshift",
		Short: "Train grids of multilayer perceptrons overnight and report what they show",
		Long: `Nightshift reads a study (a YAML file that spans a grid of networks), trains every
combination on this machine's cores, keeps the results in one SQLite file and
turns them into figures and an HTML report.`,
		Example:       "  nightshift run quickstart\n  nightshift plan my-study.yaml\n  nightshift report my-study",
		Version:       runner.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("nightshift {{.Version}}\n")
	root.DisableAutoGenTag = true // its date would be that of the day
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(wrongFlag)
	flags := root.PersistentFlags()
	flags.StringVar(&a.outDir, "out", "results", "folder for the database and the reports")
	flags.StringVar(&a.dbFile, "db", "", "database file (default OUT/nightshift.db)")
	flags.StringVar(&a.dataDir, "data", "", "folder with real data sets, looked at before $NIGHTSHIFT_DATA and the user cache")
	for _, folder := range []string{"out", "data"} {
		root.MarkPersistentFlagDirname(folder)
	}
	root.MarkPersistentFlagFilename("db", "db")
	root.PersistentPreRunE = placesNamed
	for _, command := range commands {
		a.add(root, command(a))
	}
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args, help.Run, help.RunE = knownTopic, nil, helpTopic
		help.Example = "  nightshift help run\n  nightshift help export weights"
	}
	return root
}

// placesNamed refuses flags that name no place: an empty variable would stand for the default, or the folder one is in.
func placesNamed(cmd *cobra.Command, _ []string) error {
	for _, name := range []string{"out", "db", "data"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed && f.Value.String() == "" {
			return usage(fmt.Errorf("--%s names nothing; is a variable empty?", name))
		}
	}
	return nil
}

// commands lists the commands; help sorts them.
var commands = [...]func(*app) *cobra.Command{
	(*app).benchCommand,
	(*app).dataCommand,
	(*app).diffCommand,
	(*app).exportCommand,
	(*app).fsckCommand,
	(*app).gcCommand,
	(*app).gradcheckCommand,
	(*app).importCommand,
	(*app).initCommand,
	(*app).leaderboardCommand,
	(*app).listCommand,
	(*app).manCommand,
	(*app).mergeCommand,
	(*app).migrateCommand,
	(*app).noteCommand,
	(*app).planCommand,
	(*app).predictCommand,
	(*app).queryCommand,
	(*app).reportCommand,
	(*app).rmCommand,
	(*app).runCommand,
	(*app).schemaCommand,
	(*app).serveCommand,
	(*app).showCommand,
	(*app).slurmCommand,
	(*app).statusCommand,
	(*app).tagCommand,
	(*app).verifyCommand,
	(*app).versionCommand,
}

// dataDirs lists the folders in which real data is looked for, in order.
func (a *app) dataDirs() []string { return dataset.Dirs(a.dataDir) }

func (a *app) dbPath() string {
	if a.dbFile != "" {
		return a.dbFile
	}
	return filepath.Join(a.outDir, "nightshift.db")
}

// openRead opens the database for reading; that it has to exist is said in terms of the commands.
func (a *app) openRead() (*store.DB, error) {
	if err := a.present(); err != nil {
		return nil, err
	}
	return store.OpenReadOnly(a.dbPath())
}

// openWrite opens the database, which has to exist, for writing.
func (a *app) openWrite() (*store.DB, error) {
	if err := a.present(); err != nil {
		return nil, err
	}
	return store.Open(a.dbPath())
}

func (a *app) present() error {
	path := a.dbPath()
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no database %s yet; train a study first (nightshift run quickstart) or name another with --db",
			path)
	}
	return nil
}
