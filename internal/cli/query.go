package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/nearest"
	"nightshift/internal/panics"
	"nightshift/internal/store"
)

func (a *app) queryCommand() *cobra.Command {
	format := "table"
	var limit time.Duration
	c := &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the database in SQL, reading only",
		Long: `Runs a statement of SQL on the views that docs/store.md describes (runs, study_runs, epochs,
layers, studies, nights and more) and prints what it gives. Nothing can be written, whatever the
statement says. With - as SQL the statement is read from the standard input.

In JSON, NaN and the infinities are the strings "NaN", "+Inf" and "-Inf", and bytes are hexadecimal.`,
		Example: `  nightshift query "select label, avg(test_error) from runs where status = 'done' group by cell"
  nightshift query "select * from epochs where split = 'test'" --format csv > epochs.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(queryFormats, format) {
				return usage(fmt.Errorf("--format %s is none of %s", format, strings.Join(queryFormats, ", ")))
			}
			if limit <= 0 {
				return usage(errors.New("--limit has to be longer than nothing, such as 60s"))
			}
			statement := args[0]
			if statement == "-" {
				text, err := io.ReadAll(io.LimitReader(a.in, maxStatement))
				if err != nil {
					return fmt.Errorf("reading the statement: %w", err)
				}
				statement = string(text)
			}
			if strings.TrimSpace(statement) == "" {
				return usage(errors.New(`the statement is empty; try "select * from studies"`))
			}
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.query(cmd.Context(), db, statement, format, limit)
		},
	}
	c.Flags().StringVar(&format, "format", format, "table, markdown, csv, or json (a list of objects)")
	c.Flags().DurationVar(&limit, "limit", time.Minute, "how long the statement may take, also in one call of a function")
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(queryFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// maxStatement is the length of a statement in bytes beyond which none is read.
const maxStatement = 1 << 20

var queryFormats = []string{"table", "markdown", "csv", "json"}

func (a *app) query(ctx context.Context, db *store.DB, statement, format string, limit time.Duration) error {
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	to := a.rowPrinter(format)
	columns := func(names []string) error {
		if len(names) == 0 { // BEGIN, and a PRAGMA that sets something
			return errNoRows
		}
		return to.columns(names)
	}
	row := func(values []any) error {
		if err := timed.Err(); err != nil { // the caller has stopped waiting
			return err
		}
		return to.row(values)
	}
	asked := make(chan error, 1)
	go func() {
		asked <- panics.Caught(func() error { return db.Query(timed, statement, columns, row) })
	}()
	err := answered(timed, asked)
	switch {
	case err == nil:
		return to.end()
	case ctx.Err() != nil:
		return ctx.Err()
	case timed.Err() != nil:
		return fmt.Errorf("the statement was not done after %s; --limit gives it longer", limit)
	}
	return queryMistake(ctx, db, statement, err)
}

// queryGrace is how long an end of the time is waited for. SQLite looks for it between the steps of a statement, but one call of
// a function, such as instr on two long texts, is one step of up to hours.
const queryGrace = 200 * time.Millisecond

// answered waits for a statement, beyond the end of ctx no longer than the grace: what only reads may be left alone with itself
// until the program ends, which it then does.
func answered(ctx context.Context, asked <-chan error) error {
	select {
	case err := <-asked:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-asked:
		return err
	case <-time.After(queryGrace):
		return ctx.Err()
	}
}

// errNoRows is about a statement that does something else than to ask.
var errNoRows = errors.New("it asks for nothing")

// sqliteSays is what SQLite puts around its messages.
var sqliteSays = regexp.MustCompile(`^SQL logic error: | \(\d+\)$`)

// queryMistake says what can be done about a statement that SQLite does not take.
func queryMistake(ctx context.Context, db *store.DB, statement string, err error) error {
	pragma := strings.HasPrefix(strings.ToLower(strings.TrimSpace(statement)), "pragma") // one that sets something
	said := err.Error()
	if errors.Is(err, store.ErrReadOnly) || errors.Is(err, errNoRows) || pragma ||
		strings.Contains(said, "too many attached databases") || strings.Contains(said, "cannot modify") {
		return usage(errors.New("query only reads; it changes no database and writes no file"))
	}
	if _, name, missing := strings.Cut(said, "no such table: "); missing {
		var views []string
		listed := db.Query(ctx, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name",
			func([]string) error { return nil },
			func(v []any) error { views = append(views, fmt.Sprint(v[0])); return nil })
		if listed != nil {
			return listed
		}
		name, _, _ = strings.Cut(name, " ")
		views = append(views, store.StudyCells)
		hint := ""
		if n := nearest.Name(name, views); n != "" {
			hint = fmt.Sprintf(" (did you mean %s?)", n)
		}
		return usage(fmt.Errorf("there is no view %q%s; there are %s", name, hint, strings.Join(views, ", ")))
	}
	return usage(fmt.Errorf("the statement: %s; docs/store.md names the columns", sqliteSays.ReplaceAllString(said, "")))
}
