package cli

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// widthOf is how many columns a terminal has: $COLUMNS, or what the terminal says itself. It is 0 where that is not known, and
// where out is none, so that what programs read is never cut.
func widthOf(out io.Writer) int {
	if !terminal(out) {
		return 0
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	width, _, err := term.GetSize(int(raw(out).(*os.File).Fd()))
	if err != nil {
		return 0
	}
	return width
}

// textTable is a table in the style of all the commands. One that is wider than its terminal leaves out what it may, breaks cells
// between words, and if that is not enough says of each row a line for each cell.
type textTable struct {
	width int // of the terminal; 0 for as wide as it is
	head  table.Row
	rows  []table.Row
	right []bool   // columns of numbers
	spare []string // columns that may be left out, the first one first
	short string   // a column whose cells are cut and not broken

	natural, least []int // widths that columns have, and can have without breaking words; only where there is a terminal
}

// newTable starts a table for a terminal of this width, or of none for 0; columns named in right hold numbers.
func newTable(width int, head table.Row, right ...string) *textTable {
	t := &textTable{width: width, head: head, right: make([]bool, len(head))}
	for i, name := range head {
		t.right[i] = slices.Contains(right, fmt.Sprint(name))
	}
	return t
}

func (a *app) newTable(head table.Row, right ...string) *textTable {
	return newTable(widthOf(a.out), head, right...)
}

// AppendRow adds a row, which has a cell for each column.
func (t *textTable) AppendRow(row table.Row) { t.rows = append(t.rows, row) }

// RenderMarkdown is the table for Markdown, whatever the terminal.
func (t *textTable) RenderMarkdown() string { return t.writer(nil).RenderMarkdown() }

// Render is the table as text.
func (t *textTable) Render() string {
	if t.width == 0 {
		return t.writer(nil).Render()
	}
	t.measure()
	left, without := *t, []string{}
	for {
		if widths, ok := left.fitted(); ok {
			rendered := left.writer(widths).Render()
			if len(without) > 0 {
				rendered += fmt.Sprintf("\nwithout %s, for which the terminal is too narrow", strings.Join(without, ", "))
			}
			return rendered
		}
		if len(without) == len(t.spare) {
			return t.records()
		}
		without = t.spare[:len(without)+1]
		left = left.without(without[len(without)-1])
	}
}

const (
	longestWord = 24 // words that are longer are broken, too
	shortest    = 20 // what is left at least of a column that is cut
	leastRoom   = 10 // behind the names of records; what is narrower is left to the terminal
)

// fitted are widths of the columns with which the table is no wider than the terminal; the widest give way first. It is false
// where words would be broken.
func (t *textTable) fitted() (widths []int, ok bool) {
	least := t.least
	if at := slices.IndexFunc(t.head, t.cut); at >= 0 { // nothing else gives way to it
		least = slices.Clone(t.natural)
		least[at] = min(least[at], shortest)
	}
	if tableWidth(least) > t.width {
		return nil, false
	}
	widths = slices.Clone(t.natural)
	for most := slices.Max(widths); tableWidth(widths) > t.width; most-- {
		for i := range widths {
			widths[i] = min(t.natural[i], max(least[i], most))
		}
	}
	return widths, true
}

// cut says whether the cells of the column of this name are cut.
func (t *textTable) cut(name any) bool { return t.short != "" && name == t.short }

// measure finds the widths of the columns.
func (t *textTable) measure() {
	t.natural, t.least = make([]int, len(t.head)), make([]int, len(t.head))
	for _, row := range slices.Concat([]table.Row{t.head}, t.rows) {
		for i, cell := range row {
			s := fmt.Sprint(cell)
			t.natural[i] = max(t.natural[i], text.StringWidth(s))
			for _, word := range words.FindAllString(s, -1) {
				t.least[i] = max(t.least[i], min(longestWord, text.StringWidth(word)))
			}
		}
	}
}

// tableWidth is the width of a table with a blank on either side of each column.
func tableWidth(widths []int) int {
	sum := 0
	for _, w := range widths {
		sum += w + 2
	}
	return sum
}

// without is the table without a column.
func (t *textTable) without(name string) textTable {
	at := slices.Index(t.head, any(name))
	left := *t
	left.head = slices.Delete(slices.Clone(t.head), at, at+1)
	left.right = slices.Delete(slices.Clone(t.right), at, at+1)
	left.natural = slices.Delete(slices.Clone(t.natural), at, at+1)
	left.least = slices.Delete(slices.Clone(t.least), at, at+1)
	left.rows = make([]table.Row, len(t.rows))
	for i, row := range t.rows {
		left.rows[i] = slices.Delete(slices.Clone(row), at, at+1)
	}
	return left
}

// writer draws the table with columns of these widths, nil for those that they have.
func (t *textTable) writer(widths []int) table.Writer {
	w := table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault
	style.Options = table.OptionsNoBordersAndSeparators
	w.SetStyle(style)
	w.AppendHeader(t.head)
	w.AppendRows(t.rows)
	configs := make([]table.ColumnConfig, len(t.head))
	for i, name := range t.head {
		configs[i] = table.ColumnConfig{Number: i + 1}
		if t.right[i] {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
		if widths != nil {
			configs[i].WidthMax, configs[i].WidthMaxEnforcer = widths[i], broken
			if t.cut(name) {
				configs[i].WidthMaxEnforcer = fit
			}
		}
	}
	w.SetColumnConfigs(configs)
	return w
}

// records says of each row a line for each cell that is not empty, with a blank line between two.
func (t *textTable) records() string {
	names := 0
	for _, name := range t.head {
		names = max(names, text.StringWidth(fmt.Sprint(name)))
	}
	var b strings.Builder
	for i, row := range t.rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for k, cell := range row {
			if s := fmt.Sprint(cell); s != "" {
				indented := strings.ReplaceAll(broken(s, max(t.width-names-3, leastRoom)), "\n", "\n"+strings.Repeat(" ", names+3))
				fmt.Fprintf(&b, " %s  %s\n", text.Pad(fmt.Sprint(t.head[k]), names, ' '), indented)
			}
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

var (
	words  = regexp.MustCompile(`\S+( %)?`)               // a number keeps its unit
	groups = regexp.MustCompile(`\([^()]*\)\S*|\S+( %)?`) // an interval is broken only where it has to be
)

// broken breaks a line between words where it is wider, and words where they are.
func broken(line string, width int) string {
	if text.StringWidth(line) <= width {
		return line
	}
	parts := groups.FindAllString(line, -1)
	var lines []string
	for i := 0; i < len(parts); i++ {
		part := parts[i]
		if inner := words.FindAllString(part, -1); text.StringWidth(part) > width && len(inner) > 1 {
			parts = slices.Insert(parts, i+1, inner...)
			continue
		}
		if n := len(lines) - 1; n >= 0 && text.StringWidth(lines[n]+" "+part) <= width {
			lines[n] += " " + part
			continue
		}
		lines = append(lines, strings.Split(text.WrapHard(part, width), "\n")...)
	}
	return strings.Join(lines, "\n")
}
