package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFoldersOfImagesWithMoreInThem(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		for _, part := range []string{"Train", "TEST", "val"} {
			writePNG(t, filepath.Join(dir, part, []string{"a", "b"}[i%2], fmt.Sprint(i, ".png")), byte(i), 100)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "c"), 0o755); err != nil {
		t.Fatal(err)
	}
	d := mustLoad(t, Spec{Set: "images", Path: dir, Scale: "none"}, 0, nil)
	if all := strings.Join(d.Warnings, "; "); d.Train.N != 8 || d.Test.N != 8 ||
		!strings.Contains(all, "beside train are not used: c;") || !strings.Contains(all, "the images of val are not used") {
		t.Errorf("%d + %d images, warnings %q", d.Train.N, d.Test.N, all)
	}
	write(t, filepath.Join(dir, "gif", "a", "1.gif"), []byte("GIF89a"))
	_, err := NewFiles(nil).Load(Spec{Set: "images", Path: filepath.Join(dir, "gif"), Scale: "none"}, 0)
	wantError(t, err, "it holds a/, which hold a/1.gif")
}

// Tables name images as Windows writes paths, without the end of their names,
// twice, or not at all.
func TestTablesOfImages(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		writePNG(t, filepath.Join(dir, "im", fmt.Sprint("n", i, ".png")), byte(i), 100)
	}
	for form, warning := range map[string]string{`im\n%d.png`: "", "n%d": "", "im/n%d.png": "",
		"twice n%d.png": "name 2 images more than once",
		"some n%d.png":  "2 images beside the others are in no table"} {
		text := "id,label\n"
		rows := map[bool]int{true: 6, false: 8}[strings.HasPrefix(form, "some ")]
		name := form[strings.LastIndexByte(form, ' ')+1:]
		for i := range rows {
			text += fmt.Sprintf(name+",%d\n", i, i%2)
		}
		if strings.HasPrefix(form, "twice") {
			text += fmt.Sprintf(name+",0\n"+name+",1\n", 0, 1)
		}
		write(t, filepath.Join(dir, "l.csv"), []byte(text))
		d, err := NewFiles(nil).Load(Spec{Set: "images", Path: filepath.Join(dir, "im"), Scale: "none",
			Format: Format{Labels: "l.csv"}}, 0)
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		if all := strings.Join(d.Warnings, "; "); d.Out != 2 || !strings.Contains(all, warning) || warning == "" && all != "" {
			t.Errorf("%s: classes %q, warnings %q", form, d.Classes, all)
		}
	}
}

// Folders and files of images with what programs leave in them, and files that are none.
func TestFoldersOfImagesThatAreNotClean(t *testing.T) {
	for name, want := range map[string]string{
		"a/.DS_Store": "", "a/Thumbs.db": "", "b/desktop.ini": "", "a/._0.png": "", "__MACOSX/a/0.png": "",
		"c/.keep":  "are no classes: c",
		"a/q.webp": "no PNG or JPEG images: a/q.webp", "a/more/0.png": "no PNG or JPEG images: a/more/",
		"a/empty.png": "error: a/empty.png: the file is empty",
		"a/cut.png":   "error: a/cut.png: it is no PNG or JPEG image, or a damaged one",
		"a/gif.png":   "error: a/gif.png: it is a GIF image",
	} {
		dir := t.TempDir()
		for i := range 8 {
			writePNG(t, filepath.Join(dir, "im", []string{"a", "b"}[i%2], fmt.Sprint(i, ".PNG")), byte(i), 100)
		}
		content := map[string]string{"a/gif.png": "GIF89a\x01\x00", "a/empty.png": ""}[name]
		if name == "a/cut.png" {
			content = "\x89PNG\r\n\x1a\n\x00"
		}
		write(t, filepath.Join(dir, "im", name), []byte(content))
		d, err := NewFiles([]string{dir}).Load(Spec{Set: "images", Path: "im", Scale: "none"}, 0)
		if fail, is := strings.CutPrefix(want, "error: "); is {
			wantError(t, err, fail)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if all := strings.Join(d.Warnings, "; "); d.Train.N+d.Test.N != 8 || !strings.Contains(all, want) || want == "" && all != "" {
			t.Errorf("%s: %d + %d images, warnings %q", name, d.Train.N, d.Test.N, all)
		}
	}
	for name, want := range map[string]string{"im/a/0.gif": "convert them to PNG",
		"im/a/b/0.png": "stand directly in the folder of their class"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, name), nil)
		_, err := NewFiles([]string{dir}).Load(Spec{Set: "images", Path: "im", Scale: "none"}, 0)
		wantError(t, err, want)
	}
}
