package cli

import (
	"context"
	"errors"
	"fmt"

	"nightshift/internal/file"
	"nightshift/internal/store"
)

// saveUnlinked saves the content of a database whose file was removed while it was in use, beside the path where it was. The
// error that it returns says where, or why that failed.
func (a *app) saveUnlinked(ctx context.Context, place *store.Place, gone error) error {
	for n := 1; ; n++ {
		saved := fmt.Sprintf("%s.saved-%d", a.dbPath(), n)
		if exists(saved) {
			continue
		}
		if err := place.SaveAs(ctx, saved); err != nil {
			return errors.Join(gone, fmt.Errorf("what it held could not be saved either: %w", err))
		}
		return fmt.Errorf("%w while it was in use; what it held, all results until now included, is in %s: rename that to %s and run "+
			"the same command again", gone, file.ShellWord(saved), file.ShellWord(a.dbPath()))
	}
}
