package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"nightshift/internal/number"
	"nightshift/runner"
)

// notification is how a night has ended, for the command of --notify: as JSON, and each entry but the lists in the environment.
type notification struct {
	Outcome  string   `json:"outcome"` // done, failed, deadline, requeue or interrupted
	Message  string   `json:"message"` // all of it in one line
	Studies  []string `json:"studies"`
	Runs     int      `json:"runs"`
	Done     int      `json:"done"`
	Diverged int      `json:"diverged"`
	Pruned   int      `json:"pruned"`
	Failed   int      `json:"failed"`
	Left     int      `json:"left"`
	Trained  int      `json:"trained"` // in this night
	Reused   int      `json:"reused"`
	Seconds  float64  `json:"seconds"`
	Host     string   `json:"host"`
	Database string   `json:"database"`
	Reports  []string `json:"reports"`
	Error    string   `json:"error"`  // "" where all is well
	Resume   string   `json:"resume"` // command that goes on; "" where nothing is left
}

// notificationOf puts together how a night went.
func (a *app) notificationOf(plan []runner.Study, s runner.Summary, took time.Duration, err error, resume string) notification {
	n := notification{Outcome: "done", Studies: []string{}, Runs: s.Total, Done: s.Done, Diverged: s.Diverged, Pruned: s.Pruned,
		Failed: s.Failed, Left: s.Remaining, Trained: s.Trained, Reused: s.Reused, Seconds: math.Round(took.Seconds()*10) / 10,
		Database: a.dbPath(), Reports: []string{}}
	n.Host, _ = os.Hostname()
	for _, p := range plan {
		n.Studies = append(n.Studies, p.Name)
		if exists(a.reportPath(p.Name)) {
			n.Reports = append(n.Reports, a.reportPath(p.Name))
		}
	}
	if err != nil {
		n.Outcome, n.Error = "failed", err.Error()
		var e exit
		switch errors.As(err, &e); e.code {
		case exitInterrupted:
			n.Outcome = "interrupted"
		case exitDeadline:
			n.Outcome = "deadline"
		case exitRequeue:
			n.Outcome = "requeue"
		}
	}
	if n.Left > 0 {
		n.Resume = resume
	}
	parts := []string{fmt.Sprintf("%d done", s.Done)}
	for _, p := range []struct {
		n    int
		what string
	}{{s.Diverged, "diverged"}, {s.Pruned, "pruned"}, {s.Failed, "failed"}, {s.Remaining, "left"}, {s.Reused, "reused"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	n.Message = fmt.Sprintf("nightshift on %s, %s: %s after %s; %s: %s", n.Host, strings.Join(n.Studies, ", "), n.Outcome,
		number.Approx(took), number.Count(s.Total, "run"), strings.Join(parts, ", "))
	return n
}

// environment gives the entries as NIGHTSHIFT_OUTCOME and so on; lists as words.
func (n notification) environment(asJSON []byte) ([]string, error) {
	var entries map[string]any
	if err := json.Unmarshal(asJSON, &entries); err != nil {
		return nil, err
	}
	var all []string
	for name, value := range entries {
		text := fmt.Sprint(value)
		if list, ok := value.([]any); ok {
			text = strings.Trim(fmt.Sprint(list), "[]")
		}
		all = append(all, "NIGHTSHIFT_"+strings.ToUpper(name)+"="+strings.ReplaceAll(text, "\x00", ""))
	}
	return all, nil
}

// notifyWithin is how long the command of --notify may take.
const notifyWithin = 30 * time.Second

// notify runs the command, and says in one line where it fails: the night has ended as it has.
func (a *app) notify(ctx context.Context, command string, n notification) {
	if err := runNotifier(ctx, command, n, notifyWithin); err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
		fmt.Fprintf(a.err, "the notification failed, which changes nothing of the night: %s\n", line)
	}
}

// runNotifier runs a shell command with a notification on its standard input, for at most the given time.
func runNotifier(ctx context.Context, command string, n notification, within time.Duration) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	environment, err := n.environment(text)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	c := exec.CommandContext(limited, shell, flag, command)
	c.Env = append(os.Environ(), environment...)
	c.Stdin = bytes.NewReader(append(text, '\n'))
	said := tailWriter{}
	c.Stdout, c.Stderr = &said, &said
	c.WaitDelay = time.Second // for what it has started, and what holds its output open
	ownGroup(c)
	err = c.Run()
	switch {
	case limited.Err() != nil:
		return fmt.Errorf("it did not end within %s", within)
	case errors.Is(err, exec.ErrWaitDelay): // it has ended well, and left something running
		return nil
	case err != nil && said.line() != "":
		return fmt.Errorf("%w: %s", err, said.line())
	}
	return err
}

// tailWriter keeps the end of what a command says.
type tailWriter struct{ text []byte }

func (w *tailWriter) Write(p []byte) (int, error) {
	const most = 1000
	w.text = append(w.text, p...)
	w.text = w.text[max(0, len(w.text)-most):]
	return len(p), nil
}

// line is the last one.
func (w *tailWriter) line() string {
	lines := strings.Split(strings.TrimSpace(string(w.text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
