package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Format says how files are to be read where what they hold does not tell, and
// what of them is used. The zero value leaves everything to the readers.
type Format struct {
	Sep      string `json:"sep,omitempty" since:"2" identity:"data" doc:"csv: what separates cells: comma, semicolon, tab, blank or one character; found by itself"`
	Header   string `json:"header,omitempty" since:"2" enum:"true false" identity:"data" doc:"csv: true if the first line names the columns, false if it is an example; found by itself"`
	Task     string `json:"task,omitempty" since:"2" enum:"classification regression" identity:"data" doc:"classification (default) or regression, whose labels are numbers"`
	Columns  List   `json:"columns,omitempty" since:"2" identity:"data" doc:"csv: the columns that are inputs, by name or number; default is all but the label"`
	Drop     List   `json:"drop,omitempty" since:"2" identity:"data" doc:"csv: columns that are left out, by name or number"`
	OneHot   List   `json:"one_hot,omitempty" since:"2" identity:"data" doc:"csv: columns of words, each word of which becomes an input of 0 and 1"`
	Group    string `json:"group,omitempty" since:"2" identity:"data" doc:"csv: column whose equal values (one patient) stay in one split; no input"`
	TestPath string `json:"test_path,omitempty" since:"2" identity:"data" doc:"file or folder of the test examples, instead of a part of path"`
	Labels   string `json:"labels,omitempty" since:"2" identity:"data" doc:"images: CSV of file names and labels; npy: .npy file of labels"`
	Size     int    `json:"size,omitempty" since:"2" range:"[0, inf)" identity:"data" doc:"images: rows and columns that every image is brought to; default: as they are"`
}

// problems lists what is wrong with the keys of a spec's format, without looking at any file.
func (s Spec) formatProblems(of set) []Problem {
	var problems []Problem
	bad := func(key, format string, args ...any) {
		problems = append(problems, Problem{key, fmt.Sprintf(format, args...)})
	}
	for _, k := range []struct {
		key   string
		set   bool
		taken []string // sets that know the key
	}{
		{"sep", s.Sep != "", []string{"csv"}},
		{"header", s.Header != "", []string{"csv"}},
		{"task", s.Task != "", []string{"csv"}},
		{"target_scale", s.TargetScale != "", []string{"csv"}},
		{"columns", s.Columns != "", []string{"csv"}},
		{"drop", s.Drop != "", []string{"csv"}},
		{"one_hot", s.OneHot != "", []string{"csv"}},
		{"group", s.Group != "", []string{"csv"}},
		{"test_path", s.TestPath != "", []string{"csv", "images"}},
		{"labels", s.Labels != "", []string{"images", "npy"}},
		{"size", s.Size != 0, []string{"images"}},
	} {
		if k.set && !slices.Contains(k.taken, of.Name) {
			like := ""
			if k.key == "labels" && of.Name == "csv" {
				like = "; the column of the label is label"
			}
			bad(k.key, "%s takes no %s; only %s%s", of.Name, k.key, strings.Join(k.taken, " and "), like)
		}
	}
	if _, err := separator(s.Sep); err != nil {
		bad("sep", "%v", err)
	}
	if !slices.Contains([]string{"", "true", "false"}, s.Header) {
		bad("header", "%q is not one of true, false", s.Header)
	}
	if !slices.Contains([]string{"", "classification", "regression"}, s.Task) {
		bad("task", "%q is no task; there are classification, regression", s.Task)
	}
	if !slices.Contains([]string{"", "none", "standard"}, s.TargetScale) {
		bad("target_scale", "%q is no scaling of targets; there are none, standard", s.TargetScale)
	}
	if s.TargetScale == "standard" && of.Name == csvFile.Name && s.Task != "regression" {
		bad("target_scale", "classes are not scaled; say task: regression if the label is a number to predict")
	}
	if s.Columns != "" && s.Drop != "" {
		bad("drop", "columns says what is used and drop what is not: give one of them")
	}
	if s.Size < 0 || s.Size > maxSide {
		bad("size", "%d is no size: 1 to %d", s.Size, maxSide)
	}
	return problems
}

// separator is the character that a key sep names; 0 for the empty word.
func separator(sep string) (rune, error) {
	switch sep {
	case "":
		return 0, nil
	case "comma", "commas":
		return ',', nil
	case "semicolon", "semicolons":
		return ';', nil
	case "tab", "tabs", `\t`:
		return '\t', nil
	case "blank", "blanks", "space", "spaces", "whitespace", `\s+`, `\s`:
		return ' ', nil
	case "pipe", "pipes":
		return '|', nil
	}
	r, size := utf8.DecodeRuneInString(sep)
	if size != len(sep) || r == utf8.RuneError || strings.ContainsRune("\"\r\n", r) {
		return 0, fmt.Errorf("%q separates no cells: comma, semicolon, tab, blank or one character", sep)
	}
	return r, nil
}

// separatorName is the name of a separator in messages.
func separatorName(sep rune) string {
	switch sep {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "pipes"
	case ' ':
		return "blanks"
	}
	return strconv.QuoteRune(sep)
}

// List is a list of names of columns as one comparable value: the names, each
// on its line. In JSON it is a list, or a single name.
type List string

// NewList makes a list of names.
func NewList(names ...string) List { return List(strings.Join(names, "\n")) }

// Names are the members of a list.
func (l List) Names() []string {
	if l == "" {
		return nil
	}
	return strings.Split(string(l), "\n")
}

// MarshalJSON writes a single name as a string, so that a key that became a
// list reads as it did, and any other list as an array.
func (l List) MarshalJSON() ([]byte, error) {
	if names := l.Names(); len(names) != 1 {
		return json.Marshal(names)
	}
	return json.Marshal(string(l))
}

// UnmarshalJSON reads a name or an array of names.
func (l *List) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*l = List(one)
		return nil
	}
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return errors.New("a list of columns is an array of names, or one name")
	}
	*l = NewList(names...)
	return nil
}
