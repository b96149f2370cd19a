package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/runner/slurm"
)

// nearbyIn brings files and folders of data to a folder of this machine, each once for all tasks that ever run on it: what is
// there with the same path, size and time of its last change is not copied again.
func nearbyIn(ctx context.Context, root string) dataset.Nearby {
	return func(paths []string) (string, error) {
		files, err := dataFiles(paths)
		if err != nil {
			return "", err
		}
		sum := sha256.New()
		for _, f := range files {
			fmt.Fprintf(sum, "%s\x00%s\x00%d\x00%d\x00", f.path, f.name, f.size, f.changed.UnixNano())
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
		if complete(folder, files) {
			return folder, nil
		}
		return folder, copyInto(folder, files)
	}
}

// dataFile is a file of data: where it is, and its name below the folder that it is brought to.
type dataFile struct {
	path, name string
	size       int64
	changed    time.Time
}

// dataFiles lists files, and what is in folders, each below the name of what was named.
func dataFiles(paths []string) (files []dataFile, err error) {
	for _, path := range paths {
		above, err := filepath.Abs(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		root := filepath.Join(above, filepath.Base(path))
		if real, err := filepath.EvalSymlinks(root); err == nil {
			root = real // WalkDir does not follow a link
		}
		err = filepath.WalkDir(root, func(at string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := os.Stat(at)
			if err == nil && !info.Mode().IsRegular() {
				err = fmt.Errorf("%s is neither a file nor a folder", at)
			}
			if err != nil {
				return err
			}
			below, err := filepath.Rel(root, at)
			files = append(files, dataFile{at, filepath.Join(filepath.Base(path), below), info.Size(), info.ModTime()})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// complete says whether a folder has all files, and all of each.
func complete(folder string, files []dataFile) bool {
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(folder, f.name)); err != nil || info.Size() != f.size {
			return false
		}
	}
	return true
}

// copyInto copies files to a folder, which then exists completely or not at all.
func copyInto(folder string, files []dataFile) error {
	part := folder + ".part" // of one that was killed, perhaps
	err := os.RemoveAll(part)
	if err == nil {
		err = os.MkdirAll(part, 0o700) // whoever else is on the node need not read the data
	}
	for _, f := range files {
		if err == nil {
			err = copyData(f.path, filepath.Join(part, f.name))
		}
	}
	if err == nil && !complete(part, files) {
		err = errors.New("data have changed while they were copied")
	}
	if err == nil {
		err = os.RemoveAll(folder)
	}
	if err == nil {
		err = os.Rename(part, folder)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return nil
}

// copyData copies one file, and makes the folders above the copy.
func copyData(from, to string) error {
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
