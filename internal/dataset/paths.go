package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// Dirs lists the folders in which real data is looked for, in order: the one
// given on the command line (empty for none), the environment variable
// NIGHTSHIFT_DATA, nightshift in the user's cache folder, and the folder that the
// program was started in.
func Dirs(flag string) []string {
	var dirs []string
	for _, dir := range []string{flag, os.Getenv("NIGHTSHIFT_DATA")} {
		if dir != "" {
			dirs = append(dirs, dir)
		}
	}
	if cache, err := os.UserCacheDir(); err == nil {
		dirs = append(dirs, filepath.Join(cache, "nightshift"))
	}
	return append(dirs, ".")
}

// expanded is a path in which ~ at its beginning is the home folder and ${NAME}
// the environment variable of that name.
func expanded(path string) (string, error) {
	if path == "~" || strings.HasPrefix(path, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		path = home + path[1:]
	}
	var unset []string
	path = variables.ReplaceAllStringFunc(path, func(name string) string {
		value, ok := os.LookupEnv(name[2 : len(name)-1])
		if !ok {
			unset = append(unset, name)
		}
		return value
	})
	if len(unset) > 0 {
		return "", fmt.Errorf("the environment has no %s", strings.Join(unset, ", "))
	}
	return path, nil
}

var variables = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// find returns the first of the places, each absolute or below a data folder,
// that exists. Where files are named it is a folder that holds one of them.
func find(what string, places, dirs []string, files ...string) (string, error) {
	var looked []string
	places = slices.Clone(places)
	for i, place := range places {
		var err error
		if places[i], err = expanded(place); err != nil {
			return "", fmt.Errorf("%s: %w", what, err)
		}
	}
	for _, place := range places {
		if filepath.IsAbs(place) {
			looked = append(looked, place)
		}
	}
	for _, dir := range dirs {
		for _, place := range places {
			if !filepath.IsAbs(place) {
				looked = append(looked, filepath.Join(dir, place))
			}
		}
	}
	holding := files
	if len(holding) == 0 {
		holding = []string{""} // the place itself
	}
	for _, path := range looked {
		for _, file := range holding {
			_, err := os.Stat(filepath.Join(path, file))
			if err == nil {
				return path, nil
			}
			if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
				return "", fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	where := "there is no data folder"
	if len(looked) > 0 {
		where = "looked for " + strings.Join(looked, ", ")
		if len(files) > 0 {
			where += " with " + strings.Join(files, " or ")
		}
	}
	return "", fmt.Errorf("%s not found: %s; put it there, or say where your data is with --data DIR or NIGHTSHIFT_DATA", what, where)
}
