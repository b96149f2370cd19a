package cli

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// panicked is a panic as an error of one line. Its stack is in the log where there is one, and
// else in a file for temporary ones.
func (a *app) panicked(value any) error {
	stack := string(debug.Stack())
	line, _, _ := strings.Cut(fmt.Sprint(value), "\n")
	path := filepath.Join(a.outDir, "nightshift.log")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		if f, err = os.CreateTemp("", "nightshift-*.log"); err != nil {
			return fmt.Errorf("panic: %s: this is a mistake of the program; please report it", line)
		}
		path = f.Name()
	}
	defer f.Close()
	slog.New(slog.NewTextHandler(f, nil)).Error("panic", "value", line, "stack", stack)
	return fmt.Errorf("panic: %s: this is a mistake of the program; please report it with the stack in %s", line, path)
}
