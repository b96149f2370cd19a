package slurm

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestForeignArguments(t *testing.T) {
	for text, want := range map[string]string{
		"--account=x -A y --mem 8G --time-min=5 --wait-all-nodes=1 --export=ALL --ntasks-per-node=1 -C a&b --nice -5": "",
		"--array=1-3": "--array", "--arr=1-3": "--array", "-a1-3": "--sbatch and --merge-sbatch may not have -a", "-Q": "-Q",
		"--wai": "--wait", "--comm=x": "--comment", "-Mbeta": "SLURM_CLUSTERS", "--test-only": "--dry-run", "-t5": "--time",
		"--part=x": "--partition", "-o/dev/null": "nightshift slurm logs",
	} {
		words, err := Words(text)
		check(t, err)
		err = Options{CPUs: 1, Extra: words}.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestCheckPath(t *testing.T) {
	for path, fine := range map[string]bool{
		"/a b/100%/ä \"x\" 'y' $z": true, "/a\nb": false, `/a\b`: false, "/a\rb": false, "/m\xfcller": false,
		strings.Repeat("/long", 500): true,
	} {
		if err := CheckPath(path); (err == nil) != fine {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// A script starts the program under whatever name, and says so where a node does not see it.
func TestScript(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" { // where no file has such a name
		t.Skip("no sh here")
	}
	program := filepath.Join(t.TempDir(), `it's "a" $(b) %s & 100%`)
	o := Options{CPUs: 1, Program: program}
	s := Submission{Token: "tok", Batches: []Batch{{Study: "s", Tasks: make([]Task, 1)}}, Jobs: []Job{{Batch: 1, Tasks: []int{1}}}}
	f := Folder("/results/a 'b'\tc")
	run := func() (string, int) {
		cmd := exec.Command(sh, "-c", o.arrayScript(f, s, 1).Text)
		cmd.Env = append(os.Environ(), "SLURM_ARRAY_TASK_ID=7")
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	said, code := run()
	want := " has no " + program + ": all nodes have to see the program under the same name"
	if code != 127 || !strings.Contains(said, want) {
		t.Errorf("without the program: %d, %s, want %s", code, said, want)
	}
	check(t, os.WriteFile(program, []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o755))
	if said, code := run(); said != "<slurm><task><"+string(f)+"><1><7>" || code != 0 {
		t.Errorf("it is called with %s, %d", said, code)
	}
}

// FuzzQuote quotes words and has shells take them apart again.
func FuzzQuote(f *testing.F) {
	var shells []string
	for _, name := range []string{"sh", "bash"} {
		if path, err := exec.LookPath(name); err == nil {
			shells = append(shells, path)
		}
	}
	if len(shells) == 0 {
		f.Skip("no sh here")
	}
	for _, word := range []string{
		"", "plain", `it's`, `''`, `'\''`, `\`, `a\`, "a\nb", "\n", "\t ", "$HOME`date`$(date)", "*?[x]{a,b}~#!x", "&;|<>()", "a=b",
		"-n", "--", "%1", "ä €", "\xff\xfe'", "\x01\x7f\x1b[0m", "\u2028 \ufeff", "~root/x", "a'b\"c`d$e\\f\ng",
	} {
		f.Add(word, word+"'")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.ContainsRune(a+b, 0) {
			return // no argument has that
		}
		for _, shell := range shells {
			out, err := exec.Command(shell, "-c", quoteAll("printf", "%s|%s.", a, b)).Output()
			if want := a + "|" + b + "."; err != nil || string(out) != want {
				t.Errorf("%s takes %s for %q, want %q (%v)", shell, quoteAll(a, b), out, want, err)
			}
		}
		back, err := Words(quoteAll(a, b))
		if fine := utf8.ValidString(a) && utf8.ValidString(b); fine && err == nil && slices.Equal(back, []string{a, b}) {
			return
		} else if fine || err == nil {
			t.Errorf("Words takes %s for %q, %v", quoteAll(a, b), back, err)
		}
	})
}

// FuzzWords compares words with those of a shell, for texts without what only a shell knows. Without new lines, too, behind which
// it would take words for commands.
func FuzzWords(f *testing.F) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("no sh here")
	}
	for _, text := range []string{`a b`, `"a\b\"c\\" '\'`, `x""y '' z`, `a\ b "\ "`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\x00\r\n$`*?[]{}~#&;|<>()!=%") {
			return
		}
		got, err := Words(text)
		if err != nil {
			return
		}
		out, err := exec.Command(sh, "-c", "for w in "+text+"\ndo printf '<%s>' \"$w\"; done").Output()
		if want := "<" + strings.Join(got, "><") + ">"; err == nil && string(out) != want && !(len(got) == 0 && len(out) == 0) {
			t.Errorf("%q is %q, and for a shell %q", text, want, out)
		}
	})
}
