package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/experiments"
	"nightshift/internal/dataset"
	"nightshift/internal/file"
	"nightshift/internal/nearest"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// studies reads what the arguments name: a file, a folder or glob of files, or
// a study that ships with the program. The errors of all files are reported at once.
func (a *app) studies(args, set []string, look study.Look) ([]*study.Study, error) {
	var list []*study.Study
	var bad source.Errors
	from := map[string]string{} // study name -> file
	for _, arg := range args {
		files, err := a.studyFiles(arg)
		var stopped exit
		if errors.As(err, &stopped) {
			return nil, err
		}
		if err != nil {
			return nil, usage(err)
		}
		if arg == lecture {
			files = a.withData(files, look)
		}
		for _, f := range files {
			s, err := study.LoadOn(beside(f.name, look), f.name, f.text, set, f.read)
			var errs source.Errors
			switch {
			case errors.As(err, &errs):
				bad = append(bad, errs...)
				continue
			case err != nil:
				return nil, err
			}
			if other, taken := from[s.Name]; taken {
				if other == f.name {
					continue // the same file named twice
				}
				return nil, usage(fmt.Errorf("%s and %s are both called %q; give each study a name of its own", other, f.name,
					s.Name))
			}
			from[s.Name] = f.name
			for i := range s.Cells {
				s.Cells[i].Config.Data.Dir = filepath.Dir(f.name)
			}
			list = append(list, s)
		}
	}
	if len(bad) > 0 {
		return nil, bad
	}
	return list, nil
}

// storedStudy finds a study of the database by its name, or by the file or embedded study
// that has it.
func (a *app) storedStudy(ctx context.Context, db *store.DB, arg string) (store.Study, error) {
	all, err := db.Studies(ctx)
	if err != nil {
		return store.Study{}, err
	}
	name := arg
	var known []string
	for _, s := range all {
		if s.Study == arg {
			return s, nil
		}
		known = append(known, s.Study)
	}
	if files, err := a.studyFiles(arg); err == nil && len(files) == 1 {
		s, err := study.LoadOn(nil, files[0].name, files[0].text, nil, files[0].read)
		if err != nil {
			return store.Study{}, err
		}
		name = s.Name
	}
	if at := slices.Index(known, name); at >= 0 {
		return all[at], nil
	}
	return store.Study{}, usage(fmt.Errorf("no study %q in %s; it holds %s%s", arg, a.dbPath(), quoted(known),
		nearest.Suggest(arg, known)))
}

// beside looks for files in the folder of the study first.
func beside(file string, look study.Look) study.Look {
	if look == nil {
		return nil
	}
	return func(s dataset.Spec) (dataset.About, error) {
		s.Dir = filepath.Dir(file)
		return look(s)
	}
}

type studyFile struct {
	name string
	text []byte
	read func(name string) ([]byte, error) // those that it begins from
}

func (a *app) studyFiles(arg string) ([]studyFile, error) {
	paths := []string{arg}
	switch info, err := os.Stat(arg); {
	case err == nil && info.IsDir():
		paths, _ = filepath.Glob(filepath.Join(escapeGlob(arg), "*.y*ml"))
		if len(paths) == 0 {
			return nil, fmt.Errorf("no study (*.yaml) in the folder %s", arg)
		}
	case err == nil:
	case strings.ContainsAny(arg, "*?["):
		paths, err = filepath.Glob(arg)
		if err != nil {
			return nil, fmt.Errorf("pattern %s: %w", arg, err)
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("no study matches %s", arg)
		}
	default:
		known, unknown := embedded(arg)
		path := arg + ".yaml" // as commands name a study, which have its name alone
		if _, err := os.Stat(path); err != nil {
			return known, unknown
		}
		if unknown == nil {
			if mine, err := file.Read(a.stop, path, maxStudy); err != nil || len(known) > 1 || !bytes.Equal(mine, known[0].text) {
				return nil, fmt.Errorf("%s comes with nightshift, and %s is here, too: if that is meant, name it so; else be in another "+
					"folder", arg, path)
			}
		}
		paths[0] = path
	}
	var files []studyFile
	for _, path := range paths {
		text, err := file.Read(a.stop, path, maxStudy)
		if err != nil {
			return nil, unread("study", err)
		}
		files = append(files, studyFile{path, text, a.readStudy(filepath.Dir(path))})
	}
	return files, nil
}

// maxStudy is the size of a study's file, in bytes, at most.
const maxStudy = 1 << 20

// unread is the error of a study or a sweep that could not be read.
func unread(what string, err error) error {
	if errors.Is(err, file.ErrStopped) {
		return exit{exitInterrupted, fmt.Errorf("interrupted while reading the %s", what)}
	}
	return usage(fmt.Errorf("cannot read the %s: %w", what, err))
}

// readStudy reads what a study file in a folder begins from: another file there or below, to which no
// link leads out, or a study that ships with the program by its name.
func (a *app) readStudy(folder string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
			return readEmbedded(name)
		}
		within, err := filepath.Rel(folder, name)
		if err != nil {
			return nil, err
		}
		return file.ReadIn(a.stop, folder, within, maxStudy)
	}
}

// lecture names all studies of the lecture at once.
const lecture = "lecture"

// embedded finds a study that ships with the program, or those of the lecture.
func embedded(name string) ([]studyFile, error) {
	if name == lecture {
		var all []studyFile
		for _, l := range experiments.Lecture() {
			one, err := embedded(l.Study)
			if err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	}
	text, err := readEmbedded(name)
	if err != nil {
		return nil, err
	}
	return []studyFile{{"experiments/" + embeddedFile(name), text, readEmbedded}}, nil
}

// withData leaves out the studies whose data are not on this machine, and says so.
func (a *app) withData(files []studyFile, look study.Look) []studyFile {
	if look == nil {
		return files
	}
	return slices.DeleteFunc(files, func(f studyFile) bool {
		s, err := study.LoadOn(nil, f.name, f.text, nil, f.read)
		if err != nil || len(s.Cells) == 0 {
			return false // which is told where it is read
		}
		if _, err = beside(f.name, look)(s.Cells[0].Config.Data); err != nil {
			fmt.Fprintf(a.err, "%s is left out of the lecture: %v\n", s.Name, err)
		}
		return err != nil
	})
}

func readEmbedded(name string) ([]byte, error) {
	text, err := experiments.Files.ReadFile(embeddedFile(name))
	if err != nil {
		near := nearest.Name(name, append(embeddedNames(), lecture))
		if beside := nearestFile(name); beside != "" && strings.Contains(name, ".") {
			near = beside
		}
		return nil, fmt.Errorf("no study %s: neither a file nor one of the studies that come with nightshift (%s; %s is all of the "+
			"lecture)%s", name, strings.Join(embeddedNames(), ", "), lecture, nearest.DidYouMean(near))
	}
	return text, nil
}

// nearestFile is the study file in the same folder whose name is nearly this one; "" where there is none.
func nearestFile(name string) string {
	there, _ := filepath.Glob(filepath.Join(filepath.Dir(name), "*.y*ml")) // a name that is no pattern finds none
	return nearest.Name(filepath.Clean(name), there)
}

func embeddedFile(name string) string {
	return strings.TrimPrefix(strings.TrimSuffix(name, ".yaml"), "experiments/") + ".yaml"
}

func embeddedNames() []string {
	files, _ := fs.Glob(experiments.Files, "*.yaml")
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	slices.Sort(files)
	return files
}

func escapeGlob(path string) string {
	return strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
