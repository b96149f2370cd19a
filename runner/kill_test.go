package runner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// killedNight names the database of the night that TestKilledProcess kills.
const killedNight = "NIGHTSHIFT_TEST_KILLED_NIGHT"

// TestNightToKill is that night, in a process of its own. It says when a run is
// in the store, and hangs in the middle of its fourth and fifth.
func TestNightToKill(t *testing.T) {
	path := os.Getenv(killedNight)
	if path == "" {
		t.Skip("a part of TestKilledProcess")
	}
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	var begun atomic.Int32
	o := Options{Workers: 2, Observe: func(e Event) {
		if e.Kind == Finished {
			fmt.Println("finished")
		}
	}}
	o.start = func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
		n := begun.Add(1)
		t, err := mlp.Start(c, d, seeds)
		return &scripted{Training: t, before: func(epoch int) {
			if n >= 4 && epoch == 1 {
				os.Stdin.Read(make([]byte, 1))
			}
		}}, err
	}
	_, err = Night(ctx, db, []Study{mixed(t)}, o)
	check(t, err)
}

// A process may be killed at any instant, again and again: what it said to be
// stored is there, and the night after leaves what an undisturbed one leaves.
func TestKilledProcess(t *testing.T) {
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{mixed(t)}, Options{})
	check(t, err)

	path := filepath.Join(t.TempDir(), "nightshift.db")
	before := 0
	for kill := range 4 {
		night := exec.Command(os.Args[0], "-test.run=^TestNightToKill$")
		night.Env = append(os.Environ(), killedNight+"="+path)
		out, err := night.StdoutPipe()
		check(t, err)
		_, err = night.StdinPipe() // nothing ever comes through it
		check(t, err)
		check(t, night.Start())
		lines := bufio.NewScanner(out)
		for n := 0; n < 2+kill%2 && lines.Scan() && lines.Text() == "finished"; n++ {
			before++
		}
		check(t, night.Process.Kill())
		if err := night.Wait(); err == nil {
			t.Fatal("the night was over before it was killed")
		}
		db, err := store.Open(path)
		check(t, err)
		if n := stored(t, db); n < before {
			t.Errorf("%d results are left of %d that were stored", n, before)
		} else {
			before = n
		}
		check(t, db.Close())
	}
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	sum, err := Night(context.Background(), db, []Study{mixed(t)}, Options{})
	check(t, err)
	if sum.Reused != before || sum.Left != 0 {
		t.Errorf("the last night: %+v, %d were stored", sum, before)
	}
	equal(t, "the database", read(t, db), read(t, whole))
}

// stored counts the runs that have a result.
func stored(t *testing.T, db *store.DB) (n int) {
	statuses, err := db.Statuses(ctx)
	check(t, err)
	for _, s := range statuses {
		if s == store.Done || s == store.Diverged || s == store.Pruned {
			n++
		}
	}
	return n
}
