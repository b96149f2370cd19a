package runner

import (
	"os"
	"path/filepath"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

func TestLibraryLoadsOnceAndForgets(t *testing.T) {
	c := small(t, "xor")
	var jobs []job
	for _, r := range studyOf("s", 3, c, withLR(c, 0.5)).Runs {
		jobs = append(jobs, job{run: &r})
	}
	jobs[5].run.Seeds.Data = 8
	lib := newLibrary(dataset.NewFiles(nil), jobs)
	first, err := lib.get(jobs[0])
	check(t, err)
	for _, j := range jobs[:5] {
		d, err := lib.get(j)
		check(t, err)
		if d != first {
			t.Error("loaded again")
		}
	}
	other, err := lib.get(jobs[5])
	check(t, err)
	if other == first {
		t.Error("another seed has the same data")
	}
	for i, j := range jobs {
		if len(lib.entries) != 2 && i < 5 {
			t.Errorf("forgotten with %d jobs to go", 5-i)
		}
		lib.release(j)
	}
	if len(lib.entries) != 0 {
		t.Errorf("%d data sets are kept after the last job", len(lib.entries))
	}
}

// The numbers of inputs and classes come from the table or, for files, from the file.
func TestParameters(t *testing.T) {
	dir := t.TempDir()
	text := "a,b,c,label\n"
	for _, row := range []string{"1,2,3,x\n", "2,3,4,y\n", "3,4,5,z\n", "4,4,1,x\n", "5,1,2,y\n", "6,0,0,z\n"} {
		text += row + row
	}
	check(t, os.WriteFile(filepath.Join(dir, "three.csv"), []byte(text), 0o666))
	csv := small(t, "xor")
	csv.Data, _ = dataset.Default("csv")
	csv.Data.Path, csv.Data.Train, csv.Data.Valid, csv.Data.Test = "three.csv", 6, 0, 3
	glyphs := small(t, "glyphs")
	glyphs.Hidden = []int{100}
	parameters := NewSources([]string{dir}).Parameters
	n, err := parameters(csv)
	check(t, err)
	if want := 3*4 + 4 + 4*3 + 3; n != want {
		t.Errorf("csv: %d parameters, want %d", n, want)
	}
	n, err = parameters(glyphs)
	check(t, err)
	if n != 79510 { // 784-100-10
		t.Errorf("glyphs: %d parameters, want 79510", n)
	}
	csv.Data.Path = "nowhere.csv"
	if _, err := parameters(csv); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func TestProvenance(t *testing.T) {
	p := Provenance()
	if p.Go == "" || p.OS == "" || p.CPU == "" || p.Kernel != mlp.Kernel() {
		t.Errorf("%+v", p)
	}
}
