package faults

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// killedCommands shows that commands which write can be killed at any instant too: the
// database and its report are then what an undisturbed command leaves after another try.
func (p program) killedCommands(t *testing.T) {
	kills := 5
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
		page  bool // a report is what it writes
	}{
		"merge":     {"", []string{"merge", from}, false},
		"migration": {"../../store/testdata/schema3.db", []string{"fsck", "--repair"}, false},
		"fsck":      {damaged, []string{"fsck", "--repair"}, false},
		"report":    {from, []string{"report"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			out, whole := t.TempDir(), t.TempDir()
			for _, folder := range []string{out, whole} {
				if c.start != "" {
					copyFile(t, c.start, database(folder))
				}
			}
			began := time.Now()
			p.do(t, 0, append(c.args, "--out", whole)...)
			takes := time.Since(began)
			for range kills {
				command := exec.Command(p.path, append(c.args, "--out", out)...)
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
				if exists(database(out)) {
					intact(t, database(out))
				}
			}
			p.do(t, 0, append(c.args, "--out", out)...)
			sameRows(t, database(out), database(whole))
			if !c.page {
				return
			}
			pages, err := filepath.Glob(filepath.Join(whole, "*", "index.html"))
			check(t, err)
			for _, page := range pages {
				want, err := os.ReadFile(page)
				check(t, err)
				got, err := os.ReadFile(filepath.Join(out, filepath.Base(filepath.Dir(page)), "index.html"))
				check(t, err)
				if string(got) != string(want) {
					t.Errorf("%s is another page", page)
				}
			}
		})
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	check(t, err)
	check(t, os.WriteFile(to, content, 0o666))
}
