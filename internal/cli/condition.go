package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"nightshift/internal/metric"
	"nightshift/internal/nearest"
	"nightshift/internal/store"
)

// columns finds those that a listing can have by their names.
type columns struct {
	list []store.Column
	uses []store.Column // that were asked for
}

// add adds a column, where none has its name already.
func (c *columns) add(one store.Column) {
	if !slices.ContainsFunc(c.list, func(other store.Column) bool { return other.Name == one.Name }) {
		c.list = append(c.list, one)
	}
}

func (c *columns) named(name string) (store.Column, error) {
	at := slices.IndexFunc(c.list, func(one store.Column) bool { return strings.EqualFold(one.Name, name) })
	if _, computed := metric.DerivedNamed(name); computed {
		return store.Column{}, fmt.Errorf("%s is computed of the outputs of each run: it can be shown with --columns, and with --json "+
			"sorted and chosen by a program of your own", name)
	}
	if at < 0 {
		names := make([]string, len(c.list))
		for i, one := range c.list {
			names[i] = one.Name
		}
		all := "; there are "
		if near := nearest.Suggest(name, names); near != "" {
			all = near + " There are "
		}
		return store.Column{}, fmt.Errorf("there is no column %q%s%s", name, all, strings.Join(names, ", "))
	}
	c.uses = append(c.uses, c.list[at])
	return c.list[at], nil
}

// conditionWords are those of SQL that a condition may have.
var conditionWords = []string{"and", "or", "not", "in", "like", "between", "is", "null", "glob"}

// condition turns what --where says into SQL: numbers, percent as in 5 %, texts in quotes, columns, comparisons, and, or, not.
// Nothing else passes, so that it can be nothing but a condition.
func (c *columns) condition(text string) (string, error) {
	var sql strings.Builder
	var last store.Column // whose value is still to come
	depth := 0
	for rest := text; rest != ""; {
		token, kind := nextToken(rest)
		rest = rest[len(token):]
		switch kind {
		case blank:
			sql.WriteByte(' ')
			continue
		case word:
			if slices.Contains(conditionWords, strings.ToLower(token)) {
				sql.WriteString(strings.ToUpper(token))
				continue
			}
			column, err := c.named(token)
			if err != nil && last.Name == "status" {
				return "", fmt.Errorf("a text stands in quotes, as in status = '%s'", token)
			}
			if err != nil {
				return "", err
			}
			last = column
			sql.WriteString(column.SQL())
		case quotation:
			inner := token[1 : len(token)-1]
			if last.Kind != store.Plain {
				return "", fmt.Errorf("%s is a number, and %s a text: numbers stand without quotes, such as 0.05 or 5 %%", last.Name, token)
			}
			inner = strings.ReplaceAll(inner, token[:1]+token[:1], token[:1])
			last = store.Column{}
			sql.WriteString("'" + strings.ReplaceAll(inner, "'", "''") + "'")
		case numeral:
			last = store.Column{}
			sql.WriteString(token)
		case percentage:
			sql.WriteString("(" + strings.TrimRight(token, " %\u00a0") + " / 100.0)")
		case sign:
			depth += strings.Count(token, "(") - strings.Count(token, ")")
			if depth < 0 {
				return "", fmt.Errorf("a bracket is closed that was not opened: %s", text)
			}
			sql.WriteString(token)
		default:
			return "", fmt.Errorf("%q means nothing in a condition, which is made of columns, numbers, texts in quotes, "+
				"comparisons, and, or, not", token)
		}
	}
	if depth > 0 {
		return "", fmt.Errorf("a bracket is not closed: %s", text)
	}
	return sql.String(), nil
}

// tokenKind is what a piece of a condition is.
type tokenKind int

const (
	unknownToken tokenKind = iota
	blank
	word
	quotation
	numeral
	percentage
	sign
)

// nextToken is the first piece of a condition.
func nextToken(text string) (string, tokenKind) {
	first := rune(text[0])
	letter := func(r rune) bool { return r == '_' || unicode.IsLetter(r) }
	part := func(r rune) bool { return letter(r) || unicode.IsDigit(r) || r == '.' }
	switch {
	case unicode.IsSpace(first):
		return text[:1], blank
	case strings.HasPrefix(text, "\u00a0"):
		return "\u00a0", blank
	case first == '\'' || first == '"' || first == '`':
		return quotedToken(text)
	case unicode.IsDigit(first) || first == '.':
		return numberToken(text)
	}
	for i, r := range text {
		if i == 0 && !letter(r) {
			break
		}
		if !part(r) {
			return text[:i], word
		}
		if i+len(string(r)) == len(text) {
			return text, word
		}
	}
	for _, s := range []string{"<=", ">=", "!=", "<>", "==", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/"} {
		if strings.HasPrefix(text, s) && !strings.HasPrefix(text, "--") && !strings.HasPrefix(text, "/*") {
			return s, sign
		}
	}
	return string([]rune(text)[:1]), unknownToken
}

// quotedToken ends with the quote that it begins with; doubled it stands for itself.
func quotedToken(text string) (string, tokenKind) {
	for i := 1; i < len(text); i++ {
		if text[i] != text[0] {
			continue
		}
		if i+1 < len(text) && text[i+1] == text[0] {
			i++
			continue
		}
		return text[:i+1], quotation
	}
	return text, unknownToken
}

func numberToken(text string) (string, tokenKind) {
	n := 0
	for n < len(text) {
		b := text[n]
		exponent := (b == '-' || b == '+') && n > 0 && (text[n-1] == 'e' || text[n-1] == 'E')
		if !(b >= '0' && b <= '9' || b == '.' || b == 'e' || b == 'E' || exponent) {
			break
		}
		n++
	}
	after := strings.TrimLeft(text[n:], " \u00a0")
	if strings.HasPrefix(after, "%") {
		return text[:len(text)-len(after)+1], percentage
	}
	return text[:n], numeral
}

// order turns what --sort says into SQL: columns with commas between, a minus before one for the largest first. What has no
// value comes last.
func (c *columns) order(text string) (string, error) {
	var terms []string
	for name := range strings.SplitSeq(text, ",") {
		name, down := strings.CutPrefix(strings.TrimSpace(name), "-")
		column, err := c.named(name)
		if err != nil {
			return "", err
		}
		direction := " ASC"
		if down {
			direction = " DESC"
		}
		terms = append(terms, column.SQL()+direction+" NULLS LAST")
	}
	return strings.Join(terms, ", "), nil
}
