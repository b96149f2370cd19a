package dataset

import (
	"cmp"
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

// lookups are the places in which something is looked for, in order: the
// absolute ones, then each place below each of the data folders.
func lookups(what string, places, dirs []string) ([]string, error) {
	var looked, below []string
	for _, place := range places {
		place, err := expanded(place)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		if filepath.IsAbs(place) {
			looked = append(looked, place)
		} else {
			below = append(below, place)
		}
	}
	for _, dir := range dirs {
		for _, place := range below {
			if path := filepath.Join(dir, place); !slices.Contains(looked, path) {
				looked = append(looked, path)
			}
		}
	}
	return looked, nil
}

// find returns the first of the places, each absolute or below a data folder,
// that exists.
func find(what string, places, dirs []string) (string, error) {
	looked, err := lookups(what, places, dirs)
	if err != nil {
		return "", err
	}
	for _, path := range looked {
		_, err := os.Stat(path)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return "", fmt.Errorf("%s: %w", what, err)
		}
	}
	return "", notFound(what, looked, otherPlaces(places[0], looked))
}

// otherPlaces is what may be meant by a path that is not there: what is wrong with
// how it is written, or the files of its kind in the first folder that is there.
func otherPlaces(place string, looked []string) string {
	switch {
	case strings.Contains(place, "://"):
		return " (the program fetches nothing from addresses: download the file and give its path)"
	case strings.Contains(place, `\`):
		return ` (write / for \ in paths)`
	case strings.Contains(place, "$"):
		return " (variables of the environment are written ${HOME})"
	}
	for _, path := range looked {
		folder, name := filepath.Split(filepath.Clean(path))
		entries, err := os.ReadDir(cmp.Or(folder, "."))
		if err != nil {
			continue
		}
		var like []string
		for _, e := range entries {
			if strings.EqualFold(filepath.Ext(e.Name()), filepath.Ext(name)) && e.Name()[0] != '.' &&
				e.IsDir() == (filepath.Ext(name) == "") {
				like = append(like, e.Name())
			}
		}
		if len(like) > 0 {
			return fmt.Sprintf(" (the folder %s holds %s)", filepath.Clean(folder), Listed(like))
		}
	}
	return ""
}

// notFound says where something was looked for, what is there instead, and
// which of some files would have done.
func notFound(what string, looked []string, there string, files ...string) error {
	where := "there is no data folder"
	if len(looked) > 0 {
		where = "looked for " + strings.Join(looked, ", ")
		if len(files) > 0 {
			where += " with " + strings.Join(files, " or ")
		}
	}
	get := ""
	for _, path := range looked {
		if name := published[filepath.Base(path)]; name != "" {
			get = "; nightshift data get " + name + " fetches it"
			break
		}
	}
	return fmt.Errorf("%s not found: %s%s; put it there, or say where your data is with --data DIR or NIGHTSHIFT_DATA%s", what,
		where, there, get)
}

// published are the folders of data sets that the program can fetch, with what it calls them then.
var published = map[string]string{
	"mnist": "mnist", "fashion-mnist": "fashion-mnist", "kmnist": "kmnist", "quickdraw": "quickdraw:bird,pizza,screwdriver",
}
