package cli

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	programs := map[string]func(){
		"nightshift": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"stubborn":   stubborn,
	}
	maps.Copy(programs, fakeSlurm)
	testscript.Main(leakless{m}, programs)
}

// leakless are tests that leave no goroutine behind.
type leakless struct{ *testing.M }

func (m leakless) Run() int {
	code := m.M.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}

// TestScripts runs the commands as a user would; each file of testdata/script is one story.
func TestScripts(t *testing.T) {
	studies, err := filepath.Abs("../study/testdata")
	if err != nil {
		t.Fatal(err)
	}
	experiments, err := filepath.Abs("../../experiments")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("GOGC", "200") // hundreds of short processes; memory that is touched anew costs them more than collecting it
			e.Setenv("NIGHTSHIFT_DATA", "")
			e.Setenv("STUDIES", studies)
			e.Setenv("EXPERIMENTS", experiments)
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Getuid() == 0, nil
			case "terminals": // that a script can open
				f, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
				return runtime.GOOS == "linux" && err == nil && f.Close() == nil, nil
			}
			return false, fmt.Errorf("no condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCode, "setrun": setRun, "signal": sendSignal, "waitfor": waitFor, "sql": editDatabase, "damage": damage,
		},
	})
}

// exitCode runs a command and checks its exit code: exitcode 2 nightshift run ...
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var e *exec.ExitError
		if !errors.As(err, &e) {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// setRun sets RUN to the first run of a list in JSON: setrun stdout
func setRun(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: setrun FILE")
	}
	var runs []struct {
		ID string `json:"id"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &runs))
	if len(runs) == 0 {
		ts.Fatalf("no runs")
	}
	ts.Setenv("RUN", runs[0].ID)
}

// editDatabase changes a database behind the program's back: sql FILE STATEMENT
func editDatabase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	result, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := result.RowsAffected(); n == 0 || err != nil {
		ts.Fatalf("%s changed %d rows (%v)", args[1], n, err)
	}
}

// damage overwrites the page of a database where a table begins: damage FILE TABLE
func damage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: damage FILE TABLE")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	var at, size int64
	ts.Check(db.QueryRow(`SELECT rootpage - 1, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?`,
		args[1]).Scan(&at, &size))
	ts.Check(db.Close())
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteAt(make([]byte, size), at*size)
	ts.Check(errors.Join(err, f.Close()))
}

// stubborn ends neither with its work nor with the first signal.
func stubborn() {
	ctx, _ := interruptible(context.Background())
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("stopping")
	time.Sleep(time.Minute)
}

var signals = map[string]os.Signal{"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}

// sendSignal sends a signal to the process whose number is in a file: signal HUP pid
func sendSignal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || signals[args[0]] == nil {
		ts.Fatalf("usage: signal NAME FILE")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile(args[1])))
	ts.Check(err)
	process, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Check(process.Signal(signals[args[0]]))
}

// patience is how long a script waits for another process, on a machine that has
// twenty others to serve.
const patience = 5 * time.Minute

// waitFor waits until a file has something: waitfor FILE REGEXP
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor FILE REGEXP")
	}
	want := regexp.MustCompile(args[1])
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if text, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && want.Match(text) {
			return
		}
	}
	ts.Fatalf("%s has no %s after %v", args[0], args[1], patience)
}
