package export

import (
	"strings"
	"testing"
)

// Whatever stands in names, a table has the columns that it has, and a line of LaTeX does not reach into the next.
func TestPaperTables(t *testing.T) {
	t1 := paperTable{head: []string{"a_b", "n"}, numbers: []bool{false, true}, best: 1, notes: []string{"95 %."},
		rows: [][]string{{`x|y\|z`, "3"}, {"50% & #1 {$x$} ~^<>", "4"}, {"[16, 16]", "σ² ≤ 10⁻³"}}}
	markdown := strings.Split(t1.markdown(), "\n")
	for i, want := range []string{`| a_b | n |`, "| --- | ---: |", `| x\|y\\\|z | 3 |`, "| **50% & #1 {$x$} ~^&lt;>** | **4** |"} {
		if markdown[i] != want {
			t.Errorf("Markdown: %s, want %s", markdown[i], want)
		}
	}
	latex := t1.latex("my_study")
	for _, want := range []string{
		`a\_b & n \\`, `x\textbar{}y\textbackslash{}\textbar{}z & 3 \\`,
		`\textbf{50\% \& \#1 \{\$x\$\} \textasciitilde{}\textasciicircum{}\textless{}\textgreater{}} & \textbf{4} \\`,
		`{}[16, 16] & $\sigma$$^2$ $\leq$ 10$^-$$^3$ \\`, `\label{tab:my-study}`,
	} {
		if !strings.Contains(latex, want+"\n") {
			t.Errorf("LaTeX lacks %s:\n%s", want, latex)
		}
	}
}
