// Package wandb makes studies of Weights & Biases sweep files. A parameter of a
// sweep is looked up among the keys of a study (names.go), its values and
// distributions become a base, a grid and seeds (space.go), entries are made to
// go together (fit.go), and the study is written with comments that say what is
// lost (write.go); what the parser of studies refuses is left out.
package wandb

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// Study is a study that was made of a sweep file.
type Study struct {
	Name string
	Text []byte        // the study file
	Lost source.Errors // what the study cannot say, or says otherwise, with its place in the other file

	Empty bool // all parameters of the sweep are lost
}

// Import makes a study of a Weights & Biases sweep file. The study can be
// parsed; whatever of the sweep it does not say is in Lost and in its comments.
// The error is Errors where the file is no sweep.
func Import(file string, text []byte) (*Study, error) {
	src := source.NewFile(file, text)
	f := &source.Faults{File: src}
	root := source.Read(text, f)
	if root == nil || len(f.List) > 0 {
		return nil, f.Err()
	}
	if root.Kind != source.Mapping || !root.Has("parameters") || root.Field("parameters").Value.Kind != source.Mapping {
		f.Add(root.At, "a sweep is a mapping with parameters: in it; see docs.wandb.ai, Sweep configuration")
		return nil, f.Err()
	}
	s := &sweep{Faults: &source.Faults{File: src}, name: nameOf(file), question: "Which of these configurations is best?"}
	s.read(root)
	for {
		made := s.write()
		_, err := study.Parse("study.yaml", made, nil)
		if err == nil {
			lost := s.Err()
			errs, _ := lost.(source.Errors)
			return &Study{Name: s.name, Text: made, Lost: errs, Empty: s.empty()}, nil
		}
		if !s.leaveOut(err.(source.Errors)) {
			f.Add(root.At, "no study can be made of the sweep: %s", err.(source.Errors)[0].Message)
			return nil, f.Err()
		}
	}
}

// sweep is a sweep on its way to a study.
type sweep struct {
	*source.Faults
	name, question string
	drawn          bool // the values are drawn; else every combination is a cell
	layers         []layer
	entries        []*sweepEntry
}

// sweepEntry is a line of the study.
type sweepEntry struct {
	part  string // base, grid, or the part itself
	key   string // within base, data and grid
	value string // YAML on one line
	from  string // what the sweep calls it
	at    source.Position
	line  int // of the study that was written last
}

func (s *sweep) put(part, key, value, from string, at source.Position) {
	s.entries = append(s.entries, &sweepEntry{part: part, key: key, value: value, from: from, at: at})
}

// empty says whether no parameter of the sweep is in the study.
func (s *sweep) empty() bool {
	return !slices.ContainsFunc(s.entries, func(e *sweepEntry) bool {
		return e.from != "" && slices.Contains([]string{"base", "grid", "data", "seeds"}, e.part)
	})
}

func (s *sweep) entry(part, key string) *sweepEntry {
	i := slices.IndexFunc(s.entries, func(e *sweepEntry) bool { return e.part == part && e.key == key })
	if i < 0 {
		return nil
	}
	return s.entries[i]
}

// notOurs are the keys of a sweep that have no counterpart, and why.
var notOurs = map[string]string{
	"program": "nightshift trains its own networks and runs no program",
	"command": "nightshift trains its own networks and runs no command",
	"project": "results are in a database of your own, which has no projects",
	"entity":  "results are in a database of your own, which has no owners",
	"job":     "nightshift trains its own networks and runs no jobs",
}

// read takes the top level of the sweep.
func (s *sweep) read(root *source.Node) {
	points := 30
	method := root.Field("method")
	if method != nil {
		s.drawn = method.Value.Text == "random" || method.Value.Text == "bayes"
	}
	for _, f := range root.Fields {
		switch f.Name {
		case "parameters", "metric", "early_terminate":
		case "method":
			s.method(f.Value)
		case "name":
			s.called(f.Value)
		case "description":
			if f.Value.Kind == source.Scalar && strings.TrimSpace(f.Value.Text) != "" {
				s.question = strings.TrimSpace(f.Value.Text)
			}
		case "run_cap":
			if n, ok := f.Value.Number(); ok && n >= 1 && n <= study.MaxValues && s.drawn {
				points = int(n)
			} else if ok && n >= 1 {
				s.put("budget", "", "{max_runs: "+number(math.Floor(n))+"}", f.Name, f.At)
			} else {
				s.Add(f.At, "run_cap is a number of runs; found %v", f.Value)
			}
		default:
			reason := notOurs[f.Name]
			if reason == "" {
				reason = "nothing in a study is like it"
			}
			s.Add(f.At, "%s is left out: %s", plain(f.Name), reason)
		}
	}
	s.parameters(nil, root.Field("parameters").Value)
	s.putLayers()
	s.fit()
	if s.entry("data", "set") == nil {
		s.Add(root.At, "a sweep does not say on what data; the study has the drawn digits of glyphs, so change data")
		s.put("data", "set", "glyphs", "", root.At)
	}
	if slices.ContainsFunc(s.entries, func(e *sweepEntry) bool {
		return e.part == "grid" && strings.HasPrefix(e.value, "{") && !strings.HasPrefix(e.value, "{from")
	}) {
		at, from := root.At, ""
		if f := root.Field("run_cap"); f != nil && s.drawn {
			at, from = f.At, f.Name
		} else {
			s.Add(root.At, "a sweep without run_cap goes on until it is stopped; the study draws %d points, so change sample",
				points)
		}
		s.put("sample", "", fmt.Sprintf("{n: %d, seed: 0}", points), from, at)
	}
	if f := root.Field("metric"); f != nil {
		s.metric(f.Value)
	}
	if f := root.Field("early_terminate"); f != nil {
		s.terminate(f)
	}
}

func (s *sweep) method(n *source.Node) {
	switch n.Text {
	case "grid", "random":
	case "bayes":
		s.Add(n.At, "bayes chooses each run by the results of others; the study draws from the same space at random")
	default:
		s.Add(n.At, "a method is grid, random or bayes; found %v", n)
	}
}

// nameOf is the name of a study that is made of a file.
func nameOf(file string) string {
	name := safe(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	if study.CheckName(name) != nil {
		return "sweep"
	}
	return name
}

// safe makes what may name a study of words.
func safe(words string) string {
	name := strings.ToLower(strings.TrimSpace(words))
	name = strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.ContainsRune("._-", c) {
			return c
		}
		return '-'
	}, name), "._-")
	return name[:min(len(name), 60)]
}

// called makes a name of a study.
func (s *sweep) called(n *source.Node) {
	name := safe(n.Text)
	if n.Kind != source.Scalar || study.CheckName(name) != nil || name == "null" {
		s.Add(n.At, "%v does not name a study; it is called %s", n, s.name)
		return
	}
	if s.name = name; name != n.Text {
		s.Add(n.At, "the name of a study is that of a folder, too: %s", name)
	}
}

// leaveOut takes the entries that the parser refuses out; false without any.
func (s *sweep) leaveOut(errs source.Errors) bool {
	found := false
	for _, e := range errs {
		i := slices.IndexFunc(s.entries, func(entry *sweepEntry) bool {
			return entry.line == e.Line && (entry.part != "data" || entry.from != "")
		})
		if i < 0 {
			continue
		}
		found = true
		out := s.entries[i]
		s.entries = slices.Delete(s.entries, i, i+1)
		what := out.from
		if what == "" {
			what = out.part
		}
		s.Add(out.at, "%s is left out: %s", plain(what), e.Message)
		if out.part == "data" && out.key == "set" {
			s.put("data", "set", "glyphs", "", out.at)
		}
		if e := s.entry("sample", ""); e != nil && out.part == "grid" &&
			!slices.ContainsFunc(s.entries,
				func(e *sweepEntry) bool { return e.part == "grid" && strings.HasPrefix(e.value, "{") }) {
			s.entries = slices.DeleteFunc(s.entries, func(other *sweepEntry) bool { return other == e })
		}
	}
	return found
}

// number writes one as short as it can be.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// plain is a word of the sweep in a message or a comment.
func plain(word string) string {
	if len(word) > 60 {
		word = word[:60] + "..."
	}
	if quoted := strconv.QuoteToASCII(word); quoted != `"`+word+`"` || word == "" {
		return quoted
	}
	return word
}
