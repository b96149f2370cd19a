package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"nightshift/internal/store"
)

// A night on a machine with little memory trains one run after the other, says
// so, and comes to the same results; who asks for more workers gets them.
func TestFewerWorkers(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "off") // a night would set the limit of this process, for all tests after it
	out := t.TempDir()
	small := fstest.MapFS{"proc/meminfo": {Data: []byte("MemAvailable: 900 kB\n")}}
	night := func(dir string, machine fstest.MapFS, args ...string) string {
		t.Helper()
		var said strings.Builder
		a := &app{machine: machine, out: &said, err: &said}
		root := a.root()
		root.SetArgs(append([]string{"run", "xor", "--no-report", "--set=base.epochs=2", "--set=seeds=2", "--out",
			filepath.Join(out, dir)}, args...))
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(filepath.Join(out, dir, "nightshift.log"))
		if err != nil {
			t.Fatal(err)
		}
		return said.String() + "\n" + string(log)
	}
	if said := night("asked", small, "--workers=7"); strings.Contains(said, "at a time") || !strings.Contains(said, "workers=7") {
		t.Errorf("asked for 7 workers:\n%s", said)
	}
	said := night("small", small)
	if !strings.Contains(said, "workers=1") {
		t.Errorf("with 900 kB:\n%s", said)
	}
	db, err := store.Open(filepath.Join(out, "small", "nightshift.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m, err := store.Merge(context.Background(), db, filepath.Join(out, "asked", "nightshift.db"), nil)
	if err != nil || m.Same == 0 || m.Added+m.Completed+len(m.Conflicts) > 0 {
		t.Errorf("merging the two: %+v, %v; want the same results", m, err)
	}
}

// TestPlanOfHugeNetworks: 60 million parameters with their gradients and a batch of activations fit into 30 GB alone, and two of
// them one after the other do not; plan says so without training any.
func TestPlanOfHugeNetworks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "wide.yaml")
	text := "study: wide\ndata: {set: blobs, train: 100, test: 100}\nbase: {width: 10_000_000}\nseeds: 3\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for gigabytes, says := range map[string]string{"10": "3 runs need more memory than there is",
		"30": "warning: it may take up to ", "300": ""} {
		var said strings.Builder
		machine := fstest.MapFS{"proc/meminfo": {Data: []byte("MemAvailable: " + gigabytes + "000000 kB\n")}}
		a := &app{machine: machine, out: &said, err: &said}
		root := a.root()
		root.SetArgs([]string{"plan", file, "--out", dir})
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		if got := said.String(); !strings.Contains(got, says) || says == "" && strings.Contains(got, "are free") {
			t.Errorf("with %s GB: %s; want %q", gigabytes, got, says)
		}
	}
}
