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
	beside := strings.TrimSuffix(path, ".gz")
	folders := []string{folder, filepath.Dir(path), strings.TrimSuffix(beside, filepath.Ext(beside))}
	at := func(name string) string { return imageIn(folders, name) }
	files, err := labelTable(text, s, func(cell string) bool { return imageName(cell) || at(cell) != "" })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range files {
		file := &files[i]
		if file.path = at(file.name); file.path == "" {
			return nil, fmt.Errorf("%s: there is no %s; looked for it in %s", path, shortened(file.name),
				strings.Join(slices.Compact(folders), ", "))
		}
	}
	return files, nil
}

// imageIn finds the file that a table calls so, perhaps as Windows writes
// paths, or without the end of its name; empty if there is none.
func imageIn(folders []string, name string) string {
	names := []string{name}
	if strings.Contains(name, `\`) {
		names = append(names, strings.ReplaceAll(name, `\`, "/"))
	}
	ends := []string{""}
	if !imageName(name) {
		ends = []string{".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG"}
	}
	for _, folder := range folders {
		for _, name := range names {
			for _, end := range ends {
				if at := filepath.Join(folder, name+end); exists(at) {
					return at
				}
			}
		}
	}
	return ""
}

// compareTables warns of files that tables name more than once, and of images
// in their folders that they do not name.
func (c *corpus) compareTables(train, test []labelled) {
	named := map[string]int{} // how often
	repeated, left := 0, 0
	for _, file := range slices.Concat(train, test) {
		named[file.path]++
		if named[file.path] == 2 {
			repeated++
		}
	}
	folders := map[string]bool{}
	for path := range named {
		folders[filepath.Dir(path)] = true
	}
	for folder := range folders {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			if imageName(e.Name()) && e.Name()[0] != '.' && named[filepath.Join(folder, e.Name())] == 0 {
				left++
			}
		}
	}
	switch repeated {
	case 0:
	case 1:
		c.warnings = append(c.warnings, "the tables name an image more than once, which may be in two splits then")
	default:
		c.warnings = append(c.warnings,
			fmt.Sprintf("the tables name %d images more than once, which may be in two splits then", repeated))
	}
	switch left {
	case 0:
	case 1:
		c.warnings = append(c.warnings, "an image beside the others is in no table and is not used")
	default:
		c.warnings = append(c.warnings, fmt.Sprintf("%d images beside the others are in no table and are not used", left))
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// nameColumn is the column whose cells are names of images in all lines below the
// first, and the most different ones where several are; -1 for none.
func nameColumn(first []record, isImage func(string) bool) int {
	best, most := -1, 0
	below := first[min(1, len(first)-1):]
	for i := range below[len(below)-1].cells {
		different := map[string]bool{}
		for _, rec := range below {
			if i < len(rec.cells) && isImage(rec.cells[i]) {
				different[rec.cells[i]] = true
				continue
			}
			different = nil
			break
		}
		if len(different) > most {
			best, most = i, len(different)
		}
	}
	return best
}

// labelTable reads a table of file names and labels. The label is the other of
// two columns, or a study names it.
func labelTable(text []byte, s Spec, isImage func(string) bool) (files []labelled, err error) {
	t := &csvTable{}
	text, first, err := t.begin(text, s)
	if err != nil {
		return nil, err
	}
	last := first[len(first)-1].cells
	names := nameColumn(first, imageName)
	if names < 0 { // names without their ends, which a label could be, too
		names = nameColumn(first, isImage)
	}
	if names < 0 {
		return nil, fmt.Errorf("line %d names no PNG or JPEG file that is there", first[len(first)-1].line)
	}
	var header []string
	skip, label := 0, 0
	if names >= len(first[0].cells) || !isImage(first[0].cells[names]) {
		header, skip = first[0].cells, 1
	}
	switch {
	case s.Label != "":
		label, err = column("label", string(s.Label), header, len(last))
	case len(last) == 2:
		label = 1 - names
	case slices.ContainsFunc(header, isLabelName):
		label = slices.IndexFunc(header, isLabelName)
	default:
		err = fmt.Errorf("it has %d columns; say which is the label with label: NAME (of one-hot columns make one)", len(last))
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
