package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
)

func (a *app) rmCommand() *cobra.Command {
	var f listFlags
	var yes, dry bool
	c := &cobra.Command{
		Use:   "rm STUDY",
		Short: "Delete a study, or take some of its runs out of it",
		Long: `Deletes a study with its runs, or takes those runs out of it of which a condition is true (as in
list). Runs that another study has stay there. Nothing is deleted before it was asked for: on a
terminal, or by --yes. What the file of the study still lists is trained again by the next run.`,
		Example: `  nightshift rm my-study --dry-run
  nightshift rm my-study --where "lr > 1" --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openDelete(dry)
			if err != nil {
				return err
			}
			defer db.Close()
			of, err := a.storedStudy(cmd.Context(), db, args[0])
			if err != nil {
				return err
			}
			return a.remove(cmd.Context(), db, of.Study, f, yes, dry)
		},
	}
	c.Flags().StringVar(&f.where, "where", "", "only runs of which this is true")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be deleted, and delete nothing")
	return c
}

// openDelete opens the database for a command that deletes. Where it is only to say what it would delete, a database of an older
// version is refused, as by commands that read: it would be brought up to date.
func (a *app) openDelete(dry bool) (*store.DB, error) {
	if dry {
		db, err := a.openRead()
		if err != nil {
			return nil, err
		}
		if err := db.Close(); err != nil {
			return nil, err
		}
	}
	return a.openWrite()
}

func (a *app) remove(ctx context.Context, db *store.DB, study string, f listFlags, yes, dry bool) error {
	alive, err := aliveOwners(ctx, db)
	if err != nil {
		return err
	}
	var ids []string
	if f.where != "" {
		if ids, err = f.runsOf(ctx, db, study, alive); err != nil {
			return err
		}
		if len(ids) == 0 {
			fmt.Fprintf(a.out, "%s has no run of which %s is true\n", study, f.where)
			return nil
		}
	}
	would, err := db.Remove(ctx, study, ids, alive, true)
	if err != nil {
		return err
	}
	if dry {
		fmt.Fprintf(a.out, "would take out %s\n", removal(study, would))
		return nil
	}
	if err := a.confirm("Take out "+removal(study, would)+"?", yes); err != nil {
		return err
	}
	done, err := db.Remove(ctx, study, ids, alive, false)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "took out %s; nightshift gc gives the room back\n", removal(study, done))
	return nil
}

// removal words what is taken out.
func removal(study string, r store.Removal) string {
	text := number.Count(r.Runs, "run") + " of " + study
	if r.Study {
		text = "the study " + study + " with " + number.Count(r.Runs, "run")
	}
	if r.Deleted < r.Runs {
		return fmt.Sprintf("%s, of which %d are deleted and %d stay, since other studies have them", text, r.Deleted, r.Runs-r.Deleted)
	}
	return text + ", which no other study has"
}

// confirm asks the question unless --yes was given. It returns an error where the answer is no.
func (a *app) confirm(question string, yes bool) error {
	if yes {
		return nil
	}
	if !terminal(a.out) {
		return usage(errors.New("nothing was deleted: --yes says that it may be, --dry-run shows what would be"))
	}
	fmt.Fprintf(a.out, "%s [y/N] ", question)
	answer, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && answer == "" || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y") {
		return errors.New("nothing was deleted")
	}
	return nil
}

// runsOf are the identities of the runs of a study of which the condition is true.
func (f listFlags) runsOf(ctx context.Context, db *store.DB, study string, alive []string) ([]string, error) {
	f.columns = []string{"id"}
	l := store.Listing{Study: study, Alive: alive}
	if _, err := f.ask(ctx, db, &l); err != nil {
		return nil, err
	}
	ids := []string{}
	err := db.List(ctx, l, func(values []any) error {
		ids = append(ids, fmt.Sprint(values[0]))
		return nil
	})
	return ids, whereMistake(f.where, err)
}

// aliveOwners are the processes that go on with what they hold.
func aliveOwners(ctx context.Context, db *store.DB) ([]string, error) {
	owners, err := night.Owners(ctx, db, time.Now(), night.Lease)
	if err != nil {
		return nil, err
	}
	var alive []string
	for _, o := range owners {
		if o.Alive {
			alive = append(alive, o.ID)
		}
	}
	return alive, nil
}
