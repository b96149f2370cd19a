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
	text, err := os.ReadFile("../../../docs/nights.md")
	check(t, err)
	blocks := regexp.MustCompile("(?s)```(yaml|sh)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	dir := t.TempDir()
	commands := 0
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
	}
	if commands < 6 {
		t.Errorf("only %d commands were found", commands)
	}
	// No example has taken a run from the study.
	said := p.do(t, 0, "list", "widths", "--json", "--out", filepath.Join(dir, "results"))
	if n := strings.Count(said, `"status": "done"`); n != 12 {
		t.Errorf("the study has %d runs that are done, of 12:\n%s", n, said)
	}
	p.do(t, 0, "report", "widths", "--out", filepath.Join(dir, "results"))
}
