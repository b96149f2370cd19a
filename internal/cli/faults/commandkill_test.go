package faults

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// killedCommands shows that commands which write can be killed at any instant too: the
// database and its report are then what an undisturbed command leaves after another try.
func (p program) killedCommands(t *testing.T) {
	kills := 3
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		kills = 250
	}
	dir := t.TempDir()
	from := filepath.Join(dir, "from.db")
	p.do(t, 0, "run", "testdata/killed", "--out", dir, "--db", from, "--no-report", "--set=base.epochs=20")
	damaged := filepath.Join(dir, "damaged.db")
	copyFile(t, from, damaged)
	db, err := sql.Open("sqlite", damaged)
	check(t, err)
	_, err = db.Exec(`DELETE FROM epoch WHERE run = 2; UPDATE place SET label = 'elsewhere' WHERE key = 1`)
	check(t, err)
	check(t, db.Close())
	for name, c := range map[string]struct {
		start string // the database before the command, "" for none
		args  []string
		files string // that it writes, under its folder, each in one step; "" for none
	}{
		"merge":     {"", []string{"merge", from}, ""},
		"migration": {oldSchema, []string{"fsck", "--repair"}, ""},
		"fsck":      {damaged, []string{"fsck", "--repair"}, ""},
		"report":    {from, []string{"report", "--scale", "0.25"}, "*/index.html"},
		"export":    {from, []string{"export", "epochs", "every", "--force", "-o", "OUT/epochs.csv"}, "epochs.csv"},
		"tracker":   {from, []string{"export", "tensorboard", "every", "--force", "-o", "OUT/tracker"}, "tracker/*/*/*/events*"},
	} {
		t.Run(name, func(t *testing.T) {
			out, whole := t.TempDir(), t.TempDir()
			for _, folder := range []string{out, whole} {
				if c.start != "" {
					copyFile(t, c.start, database(folder))
				}
			}
			began := time.Now()
			p.do(t, 0, into(whole, c.args)...)
			takes := time.Since(began)
			for range kills {
				command := exec.Command(p.path, into(out, c.args)...)
				check(t, command.Start())
				over := make(chan struct{})
				go func() {
					command.Wait()
					close(over)
				}()
				select {
				case <-time.After(rand.N(takes)):
				case <-over:
				}
				command.Process.Kill()
				<-over
				sameFiles(t, out, whole, c.files, false)
				if exists(database(out)) {
					intact(t, database(out))
				}
			}
			p.do(t, 0, into(out, c.args)...)
			sameRows(t, database(out), database(whole))
			sameFiles(t, out, whole, c.files, true)
		})
	}
}

// into is a command with a folder as OUT.
func into(out string, args []string) []string {
	args = append(slices.Clone(args), "--out", out)
	for i := range args {
		args[i] = strings.Replace(args[i], "OUT", out, 1)
	}
	return args
}

// sameFiles compares the files of a pattern in two folders; of those that are not all to be there, the ones that are.
func sameFiles(t *testing.T, out, whole, pattern string, all bool) {
	t.Helper()
	if pattern == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join(whole, pattern))
	check(t, err)
	if len(files) == 0 {
		t.Errorf("no %s", pattern)
	}
	for _, file := range files {
		want, err := os.ReadFile(file)
		check(t, err)
		got, err := os.ReadFile(out + strings.TrimPrefix(file, whole))
		if (err == nil || all) && !bytes.Equal(got, want) {
			t.Errorf("%s is another: %v", file, err)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	check(t, err)
	check(t, os.WriteFile(to, content, 0o666))
}
