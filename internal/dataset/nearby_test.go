package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Data that were brought have the examples, fingerprint and record that they have where they are, and are read nowhere else.
func TestBring(t *testing.T) {
	far, near := t.TempDir(), t.TempDir()
	table := "x,y,label\n"
	for i := range 30 {
		table += string(rune('0'+i%10)) + "," + string(rune('0'+i/10)) + "," + string(rune('a'+i%2)) + "\n"
	}
	for name, text := range map[string]string{"data.csv": table, "test.csv": table} {
		if err := os.WriteFile(filepath.Join(far, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	spec := Spec{Set: "csv", Path: "data.csv", Train: 20, Valid: 5, Test: 5, Scale: "none"}
	spec.TestPath = "test.csv"
	there, here := NewFiles([]string{far}), NewFiles([]string{far})
	var brought []string
	here.Bring(func(files []string) (string, error) {
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			if err := os.WriteFile(filepath.Join(near, filepath.Base(path)), text, 0o644); err != nil {
				return "", err
			}
			brought = append(brought, filepath.Base(path))
		}
		return near, nil
	})
	want, err := there.Describe(spec)
	if err != nil {
		t.Fatal(err)
	}
	got, err := here.Describe(spec)
	if err != nil || got.Fingerprint != want.Fingerprint {
		t.Errorf("brought: %+v, %v, want %+v", got, err, want)
	}
	if !slices.Equal(brought, []string{"data.csv", "test.csv"}) {
		t.Errorf("brought are %v", brought)
	}
	a, errA := there.Record(spec)
	b, errB := here.Record(spec)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the record is %s, want %s (%v, %v)", b, a, errB, errA)
	}
}

// Folders of images are brought as a whole, and tables of labels are found where they are found without.
func TestBringImages(t *testing.T) {
	picture := func(shade uint8) []byte {
		var out bytes.Buffer
		m := image.NewGray(image.Rect(0, 0, 2, 2))
		m.Pix[0] = shade
		if err := png.Encode(&out, m); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	far, near := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(far, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	table := "file,label\n"
	for i := range 8 {
		write(fmt.Sprintf("set/pictures/train/%c/%d.png", 'a'+i%2, i), string(picture(uint8(i))))
		write(fmt.Sprintf("set/pictures/test/%c/%d.png", 'a'+i%2, i), string(picture(uint8(10+i))))
		table += fmt.Sprintf("train/%c/%d.png,%c\n", 'a'+i%2, i, 'a'+i%2)
	}
	write("set/table.csv", table)
	for name, spec := range map[string]Spec{
		"by class": {Set: "images", Path: "set/pictures", Train: 4, Valid: 2, Test: 8, Scale: "unit"},
		"by table": {Set: "images", Path: "set/pictures", Format: Format{Labels: "table.csv"}, Train: 4, Valid: 2, Test: 2,
			Scale: "unit"},
	} {
		there, here := NewFiles([]string{far}), NewFiles([]string{far})
		calls := 0
		here.Bring(func(paths []string) (string, error) {
			calls++
			to := filepath.Join(near, name)
			return to, os.CopyFS(filepath.Join(to, filepath.Base(paths[0])), os.DirFS(paths[0]))
		})
		want, err := there.Describe(spec)
		if err != nil {
			t.Fatal(err)
		}
		got, err := here.Describe(spec)
		if err != nil || got.Fingerprint != want.Fingerprint || calls != 1 {
			t.Errorf("%s, brought %d times: %+v, %v, want %+v", name, calls, got, err, want)
		}
	}
}
