package experiments

import (
	"flag"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nightshift/internal/generated"
	"nightshift/internal/study"
)

//go:generate go test . -run ^TestLecturePage$ -update

var update = flag.Bool("update", false, "write the tables of docs/lecture.md")

// shipped reads a study.
func shipped(t *testing.T, name string) *study.Study {
	t.Helper()
	text, err := Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := study.Parse(name+".yaml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// All 26 topics have a study that ships, a figure and a claim that this study has, and an outcome.
func TestTopics(t *testing.T) {
	t.Parallel()
	topics := Topics()
	if len(topics) != 26 {
		t.Errorf("%d topics", len(topics))
	}
	for i, topic := range topics {
		s := shipped(t, topic.Study)
		if topic.Number != i+1 || topic.Name == "" || topic.Outcome == "" {
			t.Errorf("topic %d is %+v", i+1, topic)
		}
		if !slices.ContainsFunc(s.Figures, func(f study.Figure) bool { return f.Kind == topic.Figure }) {
			t.Errorf("topic %d: %s shows no figure %s", topic.Number, topic.Study, topic.Figure)
		}
		if !slices.ContainsFunc(s.Expect, func(e study.Expectation) bool { return e.Text == topic.Claim }) {
			t.Errorf("topic %d: %s does not claim that %s", topic.Number, topic.Study, topic.Claim)
		}
		if classes[topic.Study].time == "" {
			t.Errorf("nothing says how long %s takes", topic.Study)
		}
		claims := 0
		for _, count := range regexp.MustCompile(`\d+`).FindAllString(classes[topic.Study].claims, -1) {
			n, _ := strconv.Atoi(count)
			claims += n
		}
		if claims > 0 && claims != len(s.Expect) {
			t.Errorf("%s has %d outcomes in the table and %d claims", topic.Study, claims, len(s.Expect))
		}
	}
}

// Every study that ships is one of the lecture, but the ones to begin with.
func TestLecture(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var names, taught []string
	for _, f := range files {
		if name := strings.TrimSuffix(f, ".yaml"); name != "quickstart" && name != "seeds" {
			names = append(names, name)
		}
	}
	for _, l := range Lecture() {
		taught = append(taught, l.Study)
		if !slices.IsSorted(l.Topics) {
			t.Errorf("%s has the topics %v", l.Study, l.Topics)
		}
	}
	slices.Sort(taught)
	if slices.Sort(names); !slices.Equal(taught, names) {
		t.Errorf("the lecture has %q, there are %q", taught, names)
	}
}

// found is what a run of a study took and came to, on two cores.
type found struct{ time, claims string }

var classes = map[string]found{
	"lecture-net": {"S", "3 held"}, "seeds-landscape": {"M", "11 held"}, "loss-surface": {"S", "4 held"},
	"saturation": {"S", "16 held"}, "mse-vs-ce": {"M", "4 held, 1 not held"},
	"quickdraw": {"M", "needs its files"}, "zero-init": {"S", "13 held"}, "xor": {"S", "7 held"}, "activations": {"S", "5 held, 2 undecided"},
	"init-norm": {"S", "10 held, 1 not held"}, "lecture-mnist": {"M", "16 held, 2 undecided"}, "dead-neurons": {"S", "12 held"},
	"wide-deep": {"M", "5 held, 2 undecided"}, "capacity-data": {"M", "11 held"}, "bias-variance": {"S", "8 held, 1 not held, 2 undecided"},
	"hyperparameters": {"S", "2 held, 2 undecided"}, "loader": {"S", "2 held"}, "evaluation": {"S", "2 held, 1 undecided"},
	"leaderboard": {"S", "4 held, 1 undecided"}, "search": {"S", "2 held, 1 undecided"},
}

// The tables of docs/lecture.md are those of the topics and of the studies.
func TestLecturePage(t *testing.T) {
	generated.Parts(t, "../docs/lecture.md", map[string]string{"topics": topicsTable(), "studies": studiesTable(t)}, *update)
}

func topicsTable() string {
	text := "| | topic | study | figure | statement | known outcome | time |\n| --- | --- | --- | --- | --- | --- | --- |\n"
	for _, t := range Topics() {
		text += fmt.Sprintf("| %d | %s | `%s` | `%s` | `%s` | %s | %s |\n", t.Number, t.Name, t.Study, t.Figure, t.Claim, t.Outcome,
			classes[t.Study].time)
	}
	return text
}

func studiesTable(t *testing.T) string {
	text := "| study | question | topics | runs | time | claims |\n| --- | --- | --- | --- | --- | --- |\n"
	for _, l := range Lecture() {
		s := shipped(t, l.Study)
		runs := 0
		for _, c := range s.Cells {
			runs += len(c.Seeds)
		}
		topics := strings.Trim(strings.ReplaceAll(fmt.Sprint(l.Topics), " ", ", "), "[]")
		text += fmt.Sprintf("| `nightshift run %s` | %s | %s | %d | %s | %s |\n", l.Study, s.Question, topics, runs, classes[l.Study].time,
			classes[l.Study].claims)
	}
	return text
}
