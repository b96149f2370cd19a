package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// documents are the pages whose command lines are run.
func documents(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/howto/*.md"} {
		found, err := filepath.Glob("../../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			pages = append(pages, strings.TrimPrefix(filepath.ToSlash(f), "../../"))
		}
	}
	return pages
}

// step is a command line of a page, or a file that the page shows.
type step struct {
	at         int    // its line
	command    string // with its continuations
	file, text string
}

var (
	fileName  = regexp.MustCompile("`([A-Za-z0-9._-]+)`:$")
	studyName = regexp.MustCompile(`(?m)^study: (\S+)`)
)

// steps are the command lines and files of a page, in its order. Command lines stand in blocks called sh, or indented by four
// blanks. A file is a block below a line that ends with its name and a colon; a study without that is in NAME.yaml.
func steps(page string) []step {
	var list []step
	lines := strings.Split(page, "\n")
	lead := "" // the last line of text
	for i := 0; i < len(lines); i++ {
		switch language, fenced := strings.CutPrefix(lines[i], "```"); {
		case fenced:
			begin := i + 1
			for i++; i < len(lines) && lines[i] != "```"; i++ {
			}
			text := strings.Join(lines[begin:i], "\n") + "\n"
			name := fileName.FindStringSubmatch(lead)
			study := studyName.FindStringSubmatch(text)
			switch {
			case language == "sh":
				list = append(list, commandLines(lines[begin:i], begin)...)
			case name != nil:
				list = append(list, step{at: begin, file: name[1], text: text})
			case language == "yaml" && study != nil:
				list = append(list, step{at: begin, file: study[1] + ".yaml", text: text})
			}
			lead = ""
		case strings.HasPrefix(lines[i], "    ") && (i == 0 || lines[i-1] == ""):
			begin := i
			for ; i < len(lines) && strings.HasPrefix(lines[i], "    "); i++ {
			}
			list = append(list, commandLines(lines[begin:i], begin)...)
		case lines[i] != "":
			lead = lines[i]
		}
	}
	return list
}

var loopBegins, loopEnds = regexp.MustCompile(`\bdo\b`), regexp.MustCompile(`\bdone\b`)

// commandLines are the commands of a block: a line each, unless a backslash or a loop goes on.
func commandLines(lines []string, at int) []step {
	var list []step
	for i := 0; i < len(lines); i++ {
		command, begin := strings.TrimSpace(lines[i]), i
		for strings.HasSuffix(command, `\`) && i+1 < len(lines) {
			i++
			command = strings.TrimSuffix(command, `\`) + strings.TrimSpace(lines[i])
		}
		for len(loopBegins.FindAllString(command, -1)) > len(loopEnds.FindAllString(command, -1)) && i+1 < len(lines) {
			i++
			command += "\n" + strings.TrimSpace(lines[i])
		}
		if command != "" && !strings.HasPrefix(command, "#") {
			list = append(list, step{at: at + begin + 1, command: command})
		}
	}
	return list
}

// stepsOf reads a page. Lines that are no commands are left out.
func stepsOf(t *testing.T, page string) []step {
	t.Helper()
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(steps(string(text)), func(s step) bool { return slices.Contains(noCommands, s.command) })
}

// TestDocumentedCommands: every call of nightshift in README.md and docs, in a text too, has flags and arguments that the command
// takes, and every line that is not run is one of a list that says why.
func TestDocumentedCommands(t *testing.T) {
	n, used := 0, map[string]bool{}
	for _, page := range documents(t) {
		shown := studiesShown(t, page)
		for _, call := range spoken(t, page) {
			if c := strings.Fields(call); len(c) > 1 && !names(c) {
				if err := possible(call, shown); err != nil {
					t.Errorf("%s: `%s`: %v", page, call, err)
				}
			}
		}
		for _, s := range stepsOf(t, page) {
			if s.file != "" {
				continue
			}
			n++
			if rule := leftOut(page, s.command); rule != "" {
				used[rule] = true
			}
			for _, call := range calls(s.command) {
				if err := possible(call, shown); err != nil {
					t.Errorf("%s:%d: %s: %v", page, s.at, call, err)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d command lines were found", n)
	}
	for _, rule := range slices.Sorted(maps.Keys(notRun)) {
		if !used[rule] {
			t.Errorf("no line is left out by %q", rule)
		}
	}
}

// studiesShown are the studies that the reader of a page has: those that it shows or makes, and those of their own.
func studiesShown(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{"STUDY", "FILE", "RUN", "3f2a"}
	for _, study := range studyName.FindAllStringSubmatch(string(text), -1) {
		shown = append(shown, study[1])
	}
	for _, made := range regexp.MustCompile(`nightshift init (\S+)`).FindAllStringSubmatch(string(text), -1) {
		shown = append(shown, made[1])
	}
	for file := range standIns(t, page) {
		shown = append(shown, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
	return shown
}

// possible is an error where a call of nightshift has flags or arguments that it does not take, or names a study that neither
// comes with the program nor is one of those of the reader.
func possible(call string, shown []string) error {
	named, err := studiesOf(call, &cobra.Command{})
	for _, study := range named {
		name := strings.TrimSuffix(filepath.Base(study), ".yaml")
		pattern := strings.ContainsAny(study, "*[ ") // or a piece of a line that is cut within quotes
		if !pattern && !slices.Contains(slices.Concat(shown, embeddedNames(), setNames(), []string{lecture}), name) {
			return fmt.Errorf("there is no study %s", study)
		}
	}
	return err
}

// spoken are the calls of nightshift within the text of a page.
func spoken(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile("(?s)```.*?\n```").ReplaceAllString(string(text), "")
	var list []string
	for _, code := range regexp.MustCompile("`(nightshift [^`]+)`").FindAllStringSubmatch(plain, -1) {
		list = append(list, strings.Join(strings.Fields(code[1]), " "))
	}
	return list
}

// names says whether words only name a command, as the title of a table does.
func names(words []string) bool {
	root := (&app{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).root()
	_, args, err := root.Find(words[1:])
	return err == nil && (len(args) == 0 || args[0] == "COMMAND")
}

// calls are the calls of nightshift in a command line.
func calls(line string) []string {
	var list []string
	for _, part := range regexp.MustCompile(`\s(?:&&|\|)\s|\$\(`).Split(line, -1) {
		at := regexp.MustCompile(`^(?:\./)?nightshift `).FindStringIndex(strings.TrimSpace(part))
		if at != nil {
			part, _, _ = strings.Cut(strings.TrimSpace(part), " #")
			list = append(list, strings.TrimPrefix(strings.TrimSuffix(part, ")"), "./"))
		}
	}
	return list
}

// leftOut is the rule by which a line is not run, if there is one.
func leftOut(page, command string) string {
	for rule := range notRun {
		of, pattern, ofPage := strings.Cut(rule, ": ")
		if !ofPage {
			of, pattern = page, rule
		}
		if of == page && regexp.MustCompile(pattern).MatchString(command) {
			return rule
		}
	}
	return ""
}

// TestDocumentedLinks: what a page links to within the project is there, and so is the heading that a link ends with.
func TestDocumentedLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]+))?\)`)
	read := func(file string) string {
		text, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	for _, page := range documents(t) {
		for _, l := range link.FindAllStringSubmatch(read(page), -1) {
			to := filepath.ToSlash(filepath.Join(filepath.Dir(page), l[1]))
			if l[1] == "" {
				to = page
			}
			if _, err := os.Stat(filepath.Join("../..", to)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, to)
			} else if l[2] != "" && !slices.Contains(anchors(read(to)), l[2]) {
				t.Errorf("%s links to %s#%s; %[2]s has no such heading", page, to, l[2])
			}
		}
	}
}

// anchors are what links call the headings of a page.
func anchors(page string) []string {
	var list []string
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(h[1]), "")
		list = append(list, strings.ReplaceAll(name, " ", "-"))
	}
	return list
}
