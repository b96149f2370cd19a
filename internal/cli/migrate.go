package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"nightshift/internal/store"
)

func (a *app) migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring a database of an older version up to date",
		Long: `Brings a database that an older version of nightshift wrote to the schema of this one, all of it or
nothing; no result changes. Commands that only read refuse such a database and name this command;
run and the others that write do the same by themselves. The older version cannot open the database
afterwards: copy the file first where both are used, and let none of its nights go on meanwhile.`,
		Example: "  nightshift migrate\n  nightshift migrate --db results/nightshift.db",
		RunE: func(*cobra.Command, []string) error {
			db, err := a.openRead()
			if err == nil {
				fmt.Fprintf(a.out, "%s is up to date\n", a.dbPath())
				return db.Close()
			}
			if !errors.Is(err, store.ErrOlderSchema) {
				return err
			}
			if db, err = a.openWrite(); err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s was brought up to date\n", a.dbPath())
			return db.Close()
		},
	}
}
