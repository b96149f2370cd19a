package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page does what docs/nights.md says, in its order.
func (p program) page(t *testing.T) {
	text, err := os.ReadFile(nightsPage)
	check(t, err)
	blocks := regexp.MustCompile("(?s)```(yaml|sh)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	dir := t.TempDir()
	commands, done := 0, 0
	for _, block := range blocks {
		if block[1] == "yaml" {
			check(t, os.WriteFile(filepath.Join(dir, "widths.yaml"), []byte(block[2]), 0o666))
			continue
		}
		for line := range strings.Lines(block[2]) {
			command, remark, _ := strings.Cut(strings.TrimSpace(line), "#")
			want := 0
			if code := regexp.MustCompile(`exit code (\d+)`).FindStringSubmatch(remark); code != nil {
				want, err = strconv.Atoi(code[1])
				check(t, err)
			}
			args := strings.Fields(command)
			c := exec.Command(p.path, args[1:]...)
			c.Dir = dir
			out, err := c.CombinedOutput()
			if got := c.ProcessState.ExitCode(); got != want || args[0] != "nightshift" {
				t.Fatalf("%s: %v, want exit code %d\n%s", command, err, want, out)
			}
			commands++
		}
		done = p.grown(t, dir, done)
	}
	if commands < 6 {
		t.Errorf("only %d commands were found", commands)
	}
	if done != 24 {
		t.Errorf("the study has %d runs that are done, of 12 with 40 epochs and 12 with 60", done)
	}
}

// grown lists and reports the study after an example, which must not have taken a run from it: so many were done before.
func (p program) grown(t *testing.T, dir string, before int) (done int) {
	t.Helper()
	out := filepath.Join(dir, "results")
	if _, err := os.Stat(filepath.Join(out, "nightshift.db")); err != nil {
		return 0
	}
	said := p.do(t, 0, "list", "widths", "--json", "--out", out)
	if done = strings.Count(said, `"status": "done"`); done < before {
		t.Errorf("the study has %d runs that are done, before the example it had %d:\n%s", done, before, said)
	}
	p.do(t, 0, "report", "widths", "--scale", "0.25", "--out", out)
	page, err := os.ReadFile(filepath.Join(out, "widths", "index.html"))
	check(t, err)
	if !strings.Contains(string(page), "</html>") {
		t.Error("the page is not whole")
	}
	return done
}
