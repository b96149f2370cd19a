package cli

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"nightshift/internal/store"
)

// standings is a table as a leaderboard's, for a terminal of a width.
func standings(width int) *textTable {
	t := newTable(width, table.Row{"rank", "cell", "error %", "p"}, "rank", "error %", "p")
	t.AppendRow(table.Row{1, "lr=0.1, width=100", "16.8 (15.0 to 18.5)", ""})
	t.AppendRow(table.Row{2, "lr=1, width=8", "17.0 (16.2 to 18.0)", "0.04"})
	return t
}

func TestTableOfATerminal(t *testing.T) {
	for width, want := range map[int]string{
		0: `
 rank  cell                           error %     p 
    1  lr=0.1, width=100  16.8 (15.0 to 18.5)       
    2  lr=1, width=8      17.0 (16.2 to 18.0)  0.04 `,
		52: `
 rank  cell                           error %     p 
    1  lr=0.1, width=100  16.8 (15.0 to 18.5)       
    2  lr=1, width=8      17.0 (16.2 to 18.0)  0.04 `,
		46: `
 rank  cell                     error %     p 
    1  lr=0.1,                     16.8       
       width=100         (15.0 to 18.5)       
    2  lr=1, width=8               17.0  0.04 
                         (16.2 to 18.0)       `,
		30: `
 rank     1
 cell     lr=0.1, width=100
 error %  16.8 (15.0 to 18.5)

 rank     2
 cell     lr=1, width=8
 error %  17.0 (16.2 to 18.0)
 p        0.04`,
		22: `
 rank     1
 cell     lr=0.1,
          width=100
 error %  16.8 (15.0
          to 18.5)

 rank     2
 cell     lr=1,
          width=8
 error %  17.0 (16.2
          to 18.0)
 p        0.04`,
	} {
		if got := "\n" + standings(width).Render(); got != want {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}

// TestTableLeavesOut: a long text is cut as long as something of it can be shown; then it goes, and is named.
func TestTableLeavesOut(t *testing.T) {
	for width, want := range map[int]string{
		40: `
 study  runs  question                  
 xor     530  What does the hidden lay… `,
		35: `
 study  runs  question             
 xor     530  What does the hidde… `,
		34: `
 study  runs 
 xor     530 
without question, for which the terminal is too narrow`,
		12: `
 study     xor
 runs      530
 question  What does
           the hidden
           layer's
           non-linear
           ity buy?`,
	} {
		s := newTable(width, table.Row{"study", "runs", "question"}, "runs")
		s.short, s.spare = "question", []string{"question"}
		s.AppendRow(table.Row{"xor", 530, "What does the hidden layer's non-linearity buy?"})
		if got := "\n" + s.Render(); !strings.HasPrefix(got, want) {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}

// TestTableOfAnyWidth: no line of a table is wider than the terminal, and no word of it is lost.
func TestTableOfAnyWidth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string { return strings.Repeat(string(rune('a'+r.IntN(26))), 1+r.IntN(9)) }
	for width := 34; width < 100; width++ {
		s := newTable(width, table.Row{word(), word() + " " + word(), word(), "("})
		var all []string
		for range 3 {
			one, two, three := word(), word(), word()
			s.AppendRow(table.Row{r.IntN(1e6), one, fmt.Sprintf("%s (%s %s)", two, three, one), two + " " + three + " %"})
			all = append(all, one, two, three+" %")
		}
		got := s.Render()
		for _, line := range strings.Split(got, "\n") {
			if text.StringWidth(line) > width {
				t.Fatalf("at %d columns:\n%s", width, got)
			}
		}
		for _, one := range all {
			if !strings.Contains(got, one) {
				t.Fatalf("at %d columns %s is lost:\n%s", width, one, got)
			}
		}
	}
}

// TestWideCharacters: columns stand below each other where characters take two columns of a terminal.
func TestWideCharacters(t *testing.T) {
	rows := alignedRows{heads: []string{"cell", "n"}}
	columns := []store.Column{{Name: "label", Kind: store.Plain}, {Name: "n", Kind: store.Measure}}
	rows.add(columns, []any{"宽度=8", int64(10)})
	rows.add(columns, []any{"width=16", int64(9)})
	var out strings.Builder
	if err := rows.print(&out); err != nil {
		t.Fatal(err)
	}
	want := " cell       n \n 宽度=8    10 \n width=16   9 \n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
