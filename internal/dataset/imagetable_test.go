package dataset

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Folders that are splits are no classes, and a table beside them is asked for.
func TestFoldersOfSplitsAreNoClasses(t *testing.T) {
	dir := t.TempDir()
	for i := range 4 {
		writePNG(t, filepath.Join(dir, "digits_train", fmt.Sprint(i, ".png")), byte(i), 0)
		writePNG(t, filepath.Join(dir, "digits_test", fmt.Sprint(i, ".png")), byte(i), 0)
	}
	s := Spec{Set: "images", Path: dir, Scale: "unit"}
	_, err := NewFiles(nil).Load(s, 0)
	wantError(t, err, "(digits_test, digits_train) are called as splits are", "a folder for each class in these")
	write(t, filepath.Join(dir, "digits_train.csv"), []byte("file,label\n"))
	_, err = NewFiles(nil).Load(s, 0)
	wantError(t, err, "(digits_train.csv) with labels:")
}

func TestTrainingAndTestingFolders(t *testing.T) {
	dir := t.TempDir()
	for i := range 6 {
		writePNG(t, filepath.Join(dir, "Training", []string{"cat", "dog"}[i%2], fmt.Sprint(i, ".png")), byte(i), 0)
		writePNG(t, filepath.Join(dir, "Testing", []string{"cat", "dog"}[i%2], fmt.Sprint(i, ".png")), byte(100+i), 0)
	}
	d := mustLoad(t, Spec{Set: "images", Path: dir, Scale: "unit"}, 0, nil)
	if d.Train.N != 6 || d.Test.N != 6 || strings.Join(d.Classes, " ") != "cat dog" || len(d.Warnings) > 0 {
		t.Errorf("%d and %d images of %q, warnings %q", d.Train.N, d.Test.N, d.Classes, d.Warnings)
	}
}

// Numbers without the ends of names are those of images in the column in which most differ; a column called
// label is the label among several.
func TestTablesOfLabelsInOtherForms(t *testing.T) {
	dir := t.TempDir()
	heads := map[string]string{"ids": "id,label\n", "last": "label,id\n", "three": "id,label,note\n", "names": "a,b\n"}
	rows := map[string]string{"ids": "%d,%d\n", "last": "%[2]d,%[1]d\n", "three": "%d.png,%d,x\n", "names": "%d.png,%[1]d\n"}
	texts := map[string]string{}
	for i := range 24 {
		writePNG(t, filepath.Join(dir, fmt.Sprint(i, ".png")), byte(i), byte(i%2))
		for name, form := range rows {
			texts[name] += strings.SplitN(fmt.Sprintf(form, i, i%2), "%!", 2)[0]
		}
	}
	for name, text := range texts {
		write(t, filepath.Join(dir, name+".csv"), []byte(heads[name]+text))
		s := Spec{Set: "images", Path: dir, Scale: "none", Format: Format{Labels: name + ".csv"}}
		if name == "names" {
			_, err := NewFiles(nil).Load(s, 0)
			wantError(t, err, "24 images have 24 different labels", "names and no classes")
			continue
		}
		d := mustLoad(t, s, 0, nil)
		for i, label := range d.Train.Labels {
			if int32(d.Train.X[2*i+1]) != label {
				t.Errorf("%s: image %v is of class %d", name, d.Train.X[2*i:2*i+2], label)
			}
		}
	}
}
