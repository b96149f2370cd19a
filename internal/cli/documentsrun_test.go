package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestDocuments runs the command lines of each page in their order, in a folder of its own.
func TestDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	tools := stubs(t)
	for _, page := range documents(t) {
		list := stepsOf(t, page)
		if elsewhere[page] != "" || !slices.ContainsFunc(list, func(s step) bool { return s.command != "" }) {
			continue
		}
		t.Run(page, func(t *testing.T) {
			if !slices.Contains(quick, page) && os.Getenv("NIGHTSHIFT_LONG") == "" {
				t.Skip("set NIGHTSHIFT_LONG=1: it takes minutes to run every page")
			}
			t.Parallel()
			newVisitor(t, tools, page).follow(list)
		})
	}
}

// stubs is a folder with programs that send or show something, none of which does, and with the Python that has pandas.
func stubs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"mail", "curl", "less"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\ncat > /dev/null\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		return dir // no page that is run needs it
	}
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(python)
		if err == nil && exec.Command(path, "-c", "import pandas").Run() == nil {
			if err := os.WriteFile(filepath.Join(dir, "python3"), []byte("#!/bin/sh\nexec "+path+" \"$@\"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	return dir
}

// visitor does what a page says.
type visitor struct {
	*testing.T
	page, dir, tools string
	env              []string
	study            string // the last one of the page
}

func newVisitor(t *testing.T, tools, page string) *visitor {
	dir := t.TempDir()
	v := &visitor{T: t, page: page, dir: dir, tools: tools, study: "my-study"}
	v.env = append(os.Environ(), "HOME="+dir, "NIGHTSHIFT_DATA=", "XDG_CACHE_HOME="+dir, "PATH="+tools+":"+os.Getenv("PATH"))
	for name, text := range standIns(t, page) {
		v.write(name, text)
	}
	for _, command := range before[page] {
		if out, err := v.shell(command).CombinedOutput(); err != nil {
			t.Fatalf("%s: before it: %s: %v\n%s", page, command, err, out)
		}
	}
	return v
}

func (v *visitor) write(name string, text []byte) {
	v.Helper()
	path := filepath.Join(v.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		v.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		v.Fatal(err)
	}
}

// shell is a line as the shell of Debian runs it.
func (v *visitor) shell(line string) *exec.Cmd {
	c := exec.Command("sh", "-c", line)
	c.Dir, c.Env = v.dir, v.env
	return c
}

var exitCodeSaid = regexp.MustCompile(`# .*exit code (\d+)`)

func (v *visitor) follow(list []step) {
	for _, s := range list {
		switch {
		case s.file != "":
			v.write(s.file, []byte(s.text))
			if name := studyName.FindStringSubmatch(s.text); name != nil {
				v.study = name[1]
			}
			continue
		case leftOut(v.page, s.command) != "":
			continue
		case v.missing(s.command) != "":
			v.Logf("%s:%d: not run, there is no %s: %s", v.page, s.at, v.missing(s.command), s.command)
			continue
		}
		want := 0
		if code := exitCodeSaid.FindStringSubmatch(s.command); code != nil {
			want, _ = strconv.Atoi(code[1])
		}
		line := v.small(v.named(s.command))
		out, err := v.shell(line).CombinedOutput()
		got := 0
		if e, failed := err.(*exec.ExitError); failed {
			got = e.ExitCode()
		} else if err != nil {
			v.Fatal(err)
		}
		if got != want && !(line != s.command && got == exitDeadline) || bytes.Contains(out, []byte("panic:")) {
			v.Errorf("%s:%d: %s: exit code %d, want %d\n%s", v.page, s.at, line, got, want, out)
		}
	}
}

var placeholder = regexp.MustCompile(`\b(?:RUN|3f2a|91bc)\b`)

// named puts runs that are there in place of those that a line names for example.
func (v *visitor) named(line string) string {
	names := placeholder.FindAllString(line, -1)
	if len(names) == 0 {
		return line
	}
	out, err := v.shell("nightshift list " + v.study + " --json").Output()
	if err != nil {
		v.Fatalf("%s: the runs for %q: %v", v.page, line, err)
	}
	var runs []struct{ ID string }
	if err := json.Unmarshal(out, &runs); err != nil || len(runs) < 2 {
		v.Fatalf("%s: the runs for %q: %v\n%s", v.page, line, err, out)
	}
	return placeholder.ReplaceAllStringFunc(line, func(name string) string {
		if name == "91bc" {
			return runs[1].ID
		}
		return runs[0].ID
	})
}

// small ends the training of studies that take minutes after a second.
func (v *visitor) small(line string) string {
	for _, study := range large {
		if regexp.MustCompile(`\bnightshift run ` + study + `\b`).MatchString(line) {
			command, remark, _ := strings.Cut(line, " #")
			return strings.TrimSpace(command) + " --for 1s --no-report #" + remark
		}
	}
	return line
}

// missing is a program that a line needs and this machine has not.
func (v *visitor) missing(line string) string {
	if strings.HasPrefix(line, "python3 ") {
		if _, err := os.Stat(filepath.Join(v.tools, "python3")); err != nil {
			return "python3 with pandas"
		}
		return ""
	}
	program, _, _ := strings.Cut(line, " ")
	if _, err := exec.LookPath(program); slices.Contains([]string{"sqlite3", "Rscript", "pdflatex"}, program) && err != nil {
		return program
	}
	return ""
}
