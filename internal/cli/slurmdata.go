package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/runner/slurm"
)

// nearbyIn brings files of data to a folder of this machine, each once for all tasks that ever run on it: what is there with the
// same path, size and time of its last change is not copied again.
func nearbyIn(ctx context.Context, root string) dataset.Nearby {
	return func(files []string) (string, error) {
		sum := sha256.New()
		for _, path := range files {
			info, err := os.Stat(path)
			if err != nil {
				return "", err
			}
			abs, err := filepath.Abs(path)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(sum, "%s\x00%d\x00%d\x00", abs, info.Size(), info.ModTime().UnixNano())
		}
		folder := filepath.Join(root, hex.EncodeToString(sum.Sum(nil)[:12]))
		if err := os.MkdirAll(root, 0o700); err != nil {
			return "", err
		}
		lock, err := slurm.LockFile(ctx, folder+".lock") // others wait for the one that copies
		if err != nil {
			return "", err
		}
		defer lock.Close()
		for _, path := range files {
			to := filepath.Join(folder, filepath.Base(path))
			if exists(to) {
				continue
			}
			if err := copyFile(to, path); err != nil {
				return "", err
			}
		}
		return folder, nil
	}
}

// copyFile copies a file in one step: under its name there is never half of it.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return file.ReplaceBy(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}
