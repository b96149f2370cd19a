package runner

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

const (
	harnessDB     = "NIGHTSHIFT_TEST_HARNESS"        // database of the night in TestHarnessNight
	harnessEpochs = "NIGHTSHIFT_TEST_HARNESS_EPOCHS" // of its longest runs
)

// TestHarnessNight is a night in a process of its own, with a checkpoint every
// few milliseconds. Its log goes to standard output.
func TestHarnessNight(t *testing.T) {
	path := os.Getenv(harnessDB)
	if path == "" {
		t.Skip("a part of the tests below")
	}
	epochs, err := strconv.Atoi(os.Getenv(harnessEpochs))
	check(t, err)
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	_, err = Night(ctx, db, harnessStudies(t, epochs), harnessOptions())
	check(t, err)
}

func harnessOptions() Options {
	return Options{Workers: 2, period: everySteps(40), Log: slog.New(slog.NewTextHandler(os.Stdout, nil))}
}

// harnessStudies are eventful, with runs that take long enough to be killed
// within, and one that prunes, some of whose runs another wants to their end.
func harnessStudies(t testing.TB, epochs int) []Study {
	studies := eventful(t)
	for i, s := range studies {
		var configs []study.Config
		for _, r := range s.Runs[:len(s.Runs)/2] {
			if r.EarlyStop.Patience == 0 {
				r.Config.Epochs = epochs
			}
			configs = append(configs, r.Config)
		}
		longer := studyOf(s.Name, 4, configs...)
		longer.Keep = s.Keep
		if s.Keep.Every > 0 {
			longer.Keep.Every = max(1, epochs/5)
		}
		studies[i] = longer
	}
	c := studies[0].Runs[0].Config
	race := studyOf("race", 3, c, withLR(c, 0.01), withLR(c, 0.3), withLR(c, 1e-4), withLR(c, 1e30), withLR(c, 0.1), withLR(c, 0.03))
	race.Keep.Weights = "best"
	return append(studies, pruning(race, 0.4, max(1, epochs/10), epochs/3))
}

func harnessNight(path string, epochs int) *exec.Cmd {
	night := exec.Command(os.Args[0], "-test.run=^TestHarnessNight$")
	night.Env = append(os.Environ(), harnessDB+"="+path, fmt.Sprintf("%s=%d", harnessEpochs, epochs))
	return night
}

// A study that is killed at random instants, within runs, while it writes,
// while it starts, leaves what an undisturbed one leaves, row for row.
func TestKilledAgainAndAgain(t *testing.T) {
	kills, epochs := 8, 600
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		kills, epochs = 100, 5000
	}
	whole := wholeNight(t, epochs)
	path := filepath.Join(t.TempDir(), "nightshift.db")
	random := rand.New(rand.NewPCG(1, uint64(kills)))
	killed, within := 0, 0
	for killed < kills {
		night := harnessNight(path, epochs)
		out, err := night.StdoutPipe()
		check(t, err)
		check(t, night.Start())
		if killed%8 > 0 { // else while it starts
			bufio.NewScanner(out).Scan()
		}
		time.Sleep(time.Duration(random.IntN(60_000)) * time.Microsecond)
		check(t, night.Process.Kill())
		if night.Wait() == nil {
			t.Fatalf("the study was over after %d kills", killed)
		}
		killed++
		if _, err := os.Stat(path); err != nil {
			continue // killed before there was a database
		}
		intact(t, path)
		db, err := store.Open(path)
		check(t, err)
		checkpoints, err := db.Checkpoints(ctx)
		check(t, err)
		within += len(checkpoints)
		check(t, db.Close())
	}
	out, err := harnessNight(path, epochs).CombinedOutput()
	if err != nil {
		t.Fatalf("the last night: %v\n%s", err, out)
	}
	t.Logf("%d kills; %d times a run had a checkpoint then", killed, within)
	if within == 0 {
		t.Error("no run was killed within: the test shows little")
	}
	intact(t, path)
	equal(t, "the database", tables(t, path), tables(t, whole))
}

// Four processes work on one database at once: every run is trained once.
func TestFourProcesses(t *testing.T) {
	epochs := 500
	whole := wholeNight(t, epochs)
	path := filepath.Join(t.TempDir(), "nightshift.db")
	var logs [4]bytes.Buffer
	var nights sync.WaitGroup
	for i := range logs {
		nights.Go(func() {
			night := harnessNight(path, epochs)
			night.Stdout, night.Stderr = &logs[i], &logs[i]
			if err := night.Run(); err != nil {
				t.Errorf("process %d: %v\n%s", i, err, logs[i].String())
			}
		})
	}
	nights.Wait()
	trained := map[string]int{}
	workers := 0
	for i := range logs {
		lines := regexp.MustCompile(`msg=run run=(\w+)`).FindAllStringSubmatch(logs[i].String(), -1)
		for _, line := range lines {
			trained[line[1]]++
		}
		if len(lines) > 0 {
			workers++
		}
	}
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	if n := stored(t, db); len(trained) != n || n == 0 {
		t.Errorf("%d runs were trained, %d are stored", len(trained), n)
	}
	for run, n := range trained {
		if n != 1 {
			t.Errorf("run %s was trained %d times", run, n)
		}
	}
	t.Logf("%d processes trained", workers)
	nothingIsLeftOver(t, db)
	intact(t, path)
	equal(t, "the database", tables(t, path), tables(t, whole))
}

// wholeNight gives the database of a night that nothing has disturbed.
func wholeNight(t testing.TB, epochs int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "whole.db")
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	sum, err := Night(ctx, db, harnessStudies(t, epochs), Options{Workers: 2})
	check(t, err)
	if sum.Left > 0 || sum.Failed > 0 {
		t.Fatalf("%+v", sum)
	}
	return path
}

func intact(t testing.TB, path string) {
	t.Helper()
	for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
		if got := query(t, path, "PRAGMA "+pragma); len(got) > 0 && got[0] != "integrity_check=ok" {
			t.Fatalf("%s: %v", pragma, got)
		}
	}
}

// tables gives every row of every table and view, without what times, hosts and
// the order of writing have made of it, and without the nights, of which an
// interruption makes two.
func tables(t testing.TB, path string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range query(t, path, `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT IN ('night', 'nights')`) {
		name = strings.TrimPrefix(name, "name=")
		all[name] = query(t, path, `SELECT * FROM "`+name+`"`)
	}
	return all
}

// passes names the columns that differ from night to night.
var passes = []string{"seconds", "started_at", "finished_at", "at", "host"}

// query gives rows as text, sorted. Long values are told by their sum.
func query(t testing.TB, path, text string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	check(t, err)
	defer db.Close()
	rows, err := db.Query(text)
	check(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(t, err)
	var list []string
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		check(t, rows.Scan(targets...))
		var row []string
		for i, v := range values {
			if slices.Contains(passes, columns[i]) || columns[i] == "key" && strings.Contains(text, `"dataset"`) {
				continue
			}
			if b, ok := v.([]byte); ok {
				v = fmt.Sprintf("%x", sha256.Sum256(b))
			}
			row = append(row, fmt.Sprintf("%s=%v", columns[i], v))
		}
		list = append(list, strings.Join(row, " "))
	}
	check(t, rows.Err())
	slices.Sort(list)
	return list
}
