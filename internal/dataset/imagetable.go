package dataset

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tabledImages lists the images that a table names, with their labels. The
// files are beside the table, in the folder, or in the folder that is called as
// the table is.
func tabledImages(s Spec, place, folder string, dirs []string) ([]labelled, error) {
	path, text, err := tableText("csv file of labels", place, append([]string{folder, filepath.Dir(folder)}, dirs...))
	if err != nil {
		return nil, err
	}
	files, err := labelTable(text, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	beside := strings.TrimSuffix(path, ".gz")
	folders := []string{folder, filepath.Dir(path), strings.TrimSuffix(beside, filepath.Ext(beside))}
	for i := range files {
		file := &files[i]
		for _, f := range folders {
			if at := filepath.Join(f, file.name); file.path == "" && exists(at) {
				file.path = at
			}
		}
		if file.path == "" {
			return nil, fmt.Errorf("%s: there is no %s; looked for it in %s", path, shortened(file.name),
				strings.Join(slices.Compact(folders), ", "))
		}
	}
	return files, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// labelTable reads a table of file names and labels. The label is the other of two columns, or a study names it.
func labelTable(text []byte, s Spec) (files []labelled, err error) {
	t := &csvTable{}
	text, first, err := t.begin(text, s)
	if err != nil {
		return nil, err
	}
	last := first[len(first)-1].cells
	names := slices.IndexFunc(last, imageName)
	if names < 0 {
		return nil, fmt.Errorf("line %d names no PNG or JPEG file", first[len(first)-1].line)
	}
	var header []string
	skip, label := 0, 0
	if !slices.ContainsFunc(first[0].cells, imageName) {
		header, skip = first[0].cells, 1
	}
	switch {
	case s.Label != "":
		label, err = column("label", string(s.Label), header, len(last))
	case len(last) == 2:
		label = 1 - names
	default:
		err = fmt.Errorf("it has %d columns; say which is the label with label: NAME", len(last))
	}
	if err != nil {
		return nil, err
	}
	records := newRecords(text, t.sep, t.edge)
	for k := 0; ; k++ {
		rec, err := records.next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if k < skip {
			continue
		}
		if len(rec.cells) != len(last) {
			return nil, fmt.Errorf("line %d has %d cells, but line %d has %d", rec.line, len(rec.cells), first[len(first)-1].line,
				len(last))
		}
		file := labelled{name: strings.Clone(rec.cells[names]), label: strings.Clone(rec.cells[label])}
		if missing(file.label) {
			return nil, fmt.Errorf("line %d: the label is missing%s", rec.line, inParentheses(file.label))
		}
		files = append(files, file)
	}
}
