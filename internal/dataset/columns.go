package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// role is what a column of a table is used for.
type role int

const (
	unused   role = iota
	asInput       // a number
	asWords       // one input for each word
	asLabel       // a class
	asTarget      // of a regression
	asGroup       // equal values stay in one split
)

// layout is how the columns of a table are used.
type layout struct {
	header []string // names of the columns; nil where the file has none
	roles  []role
	labels []int // columns of the label, or of the targets in the order asked for
	named  bool  // the study says which is the label
	mark   string
}

// labelNames are the names by which a column says that it is the label.
var labelNames = []string{"label", "labels", "class", "classes", "target", "targets", "y"}

// arrange gives every column of a table its role.
func arrange(r Spec, header []string, columns int) (layout, error) {
	l := layout{header: header, roles: make([]role, columns)}
	for i := range l.roles {
		l.roles[i] = asInput
	}
	if r.Columns != "" {
		clear(l.roles)
		if err := l.assign("columns", r.Columns.Names(), asInput); err != nil {
			return l, err
		}
	}
	for _, set := range []struct {
		key   string
		names []string
		to    role
	}{
		{"drop", r.Drop.Names(), unused},
		{"one_hot", r.OneHot.Names(), asWords},
		{"group", List(r.Group).Names(), asGroup},
	} {
		if err := l.assign(set.key, set.names, set.to); err != nil {
			return l, err
		}
	}
	if err := l.findLabels(r); err != nil {
		return l, err
	}
	if !slices.Contains(l.roles, asInput) && !slices.Contains(l.roles, asWords) {
		return l, errors.New("no column is left to be an input")
	}
	l.mark = l.marks(r)
	return l, nil
}

// assign gives a role to the columns that a key names.
func (l *layout) assign(key string, names []string, to role) error {
	for _, name := range names {
		i, err := column(key, name, l.header, len(l.roles))
		if err != nil {
			return err
		}
		l.roles[i] = to
	}
	return nil
}

// findLabels finds the label column: by name or number, or the last that is
// used, if no other claims by its name to be it.
func (l *layout) findLabels(r Spec) error {
	to := asLabel
	if r.Task == "regression" {
		to = asTarget
	}
	names := r.Label.Names()
	l.named = len(names) > 0
	if len(names) > 1 && to == asLabel {
		return fmt.Errorf("%d label columns, and only a regression has more than one: say task: regression", len(names))
	}
	for _, name := range names {
		i, err := column("label", name, l.header, len(l.roles))
		if err != nil {
			return err
		}
		if slices.Contains(l.labels, i) {
			return fmt.Errorf("the label column %d is named twice", i+1)
		}
		l.labels = append(l.labels, i)
	}
	if len(names) == 0 {
		last := len(l.roles) - 1
		for last > 0 && (l.roles[last] == asGroup || l.roles[last] == unused && r.Columns == "") {
			last--
		}
		if err := l.refuseLast(last); err != nil {
			return err
		}
		if group := slices.Index(l.roles, asGroup); group > last && !l.isLabelName(last) {
			return fmt.Errorf("the last column, %s, is that of group, so which is the label is not known: say label: %s, or another",
				l.name(group), l.key(last))
		}
		l.labels = []int{last}
	}
	for _, i := range l.labels {
		l.roles[i] = to
	}
	return nil
}

// isLabelName says whether a column is called as labels are.
func (l *layout) isLabelName(column int) bool {
	return column < len(l.header) && isLabelName(l.header[column])
}

func isLabelName(name string) bool { return slices.Contains(labelNames, strings.ToLower(name)) }

// refuseLast refuses the last column as the label where another is called so. A
// column y behind a column x is a coordinate.
func (l *layout) refuseLast(last int) error {
	if len(l.header) <= last || l.isLabelName(last) {
		return nil
	}
	for i, name := range l.header[:last] {
		low := strings.ToLower(name)
		coordinate := low == "y" && i > 0 && strings.EqualFold(l.header[i-1], "x")
		if slices.Contains(labelNames, low) && !coordinate && l.roles[i] != unused {
			return fmt.Errorf("column %d is called %s, but the label is the last column, %s, unless the study says otherwise: say "+
				"label: %s, or label: %s",
				i+1, shortened(name), shortened(l.header[last]), shortened(name), shortened(l.header[last]))
		}
	}
	return nil
}

// marks is what the identity of the examples needs besides the text: the
// label's column, and how the layout differs from the usual one.
func (l *layout) marks(r Spec) string {
	numbers := func(of role) []int {
		var list []int
		for i, have := range l.roles {
			if have == of {
				list = append(list, i+1)
			}
		}
		return list
	}
	at := make([]string, len(l.labels))
	for k, i := range l.labels {
		at[k] = fmt.Sprint(i + 1)
	}
	text := " label=" + strings.Join(at, "+")
	if r.Task == "regression" {
		text += " regression"
	}
	for _, m := range []struct {
		name string
		of   role
	}{{"unused", unused}, {"one_hot", asWords}, {"group", asGroup}} {
		if list := numbers(m.of); len(list) > 0 {
			text += fmt.Sprintf(" %s=%s", m.name, strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", ","))
		}
	}
	return text
}

// place names a cell in an error message.
func (l *layout) place(line, column int) string {
	return fmt.Sprintf("line %d, column %d%s", line, column+1, l.called(column))
}

// called is the name of a column in parentheses; empty where it has none.
func (l *layout) called(column int) string {
	if column < len(l.header) && l.header[column] != "" {
		return " (" + shortened(l.header[column]) + ")"
	}
	return ""
}

// key is how a study names a column: by its name, or by its number where that
// is not unique, or could be a number.
func (l *layout) key(column int) string {
	if column < len(l.header) {
		name := l.header[column]
		others := slices.Clone(l.header)
		if _, err := strconv.Atoi(name); err != nil && name != "" && !slices.Contains(slices.Delete(others, column, column+1), name) {
			return shortened(name)
		}
	}
	return fmt.Sprint(column + 1)
}

// name is a column's name in what is shown: its header or "column 3".
func (l *layout) name(column int) string {
	if column < len(l.header) && l.header[column] != "" {
		return printable(l.header[column])
	}
	return fmt.Sprintf("column %d", column+1)
}
