package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// openLog opens OUT/nightshift.log, to which every night adds its lines. Several
// processes may write to it at once: a line is written whole, and says whose it is.
func (a *app) openLog() (*slog.Logger, io.Closer, error) {
	if err := os.MkdirAll(a.outDir, 0o777); err != nil {
		return nil, nil, fmt.Errorf("folder for the log: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(a.outDir, "nightshift.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot write the log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, nil)).With("pid", os.Getpid()), f, nil
}
