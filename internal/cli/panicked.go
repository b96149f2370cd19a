package cli

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"nightshift/internal/panics"
)

// panicked is an error in which a panic is said in one line. The panic's stack is in the log where there is one, and
// else in a file for temporary ones.
func (a *app) panicked(err error, p panics.Error) error {
	path := filepath.Join(a.outDir, "nightshift.log")
	f, lost := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if lost != nil {
		if f, lost = os.CreateTemp("", "nightshift-*.log"); lost != nil {
			return fmt.Errorf("%w: this is a mistake of the program; please report it", err)
		}
		path = f.Name()
	}
	defer f.Close()
	slog.New(slog.NewTextHandler(f, nil)).Error("panic", "value", p.Error(), "stack", p.Stack)
	return fmt.Errorf("%w: this is a mistake of the program; please report it with the stack in %s", err, path)
}
