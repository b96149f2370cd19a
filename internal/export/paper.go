package export

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
)

// PaperFormats are the forms of a table for a paper.
var PaperFormats = []string{"latex", "markdown"}

// paperTable is a table for a paper: the cells of a study with their means.
type paperTable struct {
	head    []string
	numbers []bool // columns of numbers
	rows    [][]string
	best    int // the row that validation chooses; -1 for none
	notes   []string
}

// Paper writes the cells of a study as a table in LaTeX (for booktabs) or Markdown: the axes, units, and on validation and test
// the mean with its 95 % interval. The cell that validation chooses is bold, never one that test chooses.
func Paper(ctx context.Context, db *store.DB, study, format string) (string, error) {
	r, err := verdict.Read(ctx, db, study)
	if err != nil {
		return "", err
	}
	t, err := paper(ctx, r)
	if err != nil {
		return "", err
	}
	if format == "markdown" {
		return t.markdown(), nil
	}
	return t.latex(study), nil
}

func paper(ctx context.Context, r *verdict.Results) (paperTable, error) {
	t := paperTable{best: -1}
	if len(r.Cells) == 0 {
		return t, fmt.Errorf("the study %s has no cells", r.Study.Study)
	}
	axes := axesOf(r.Cells)
	for _, a := range axes {
		t.head, t.numbers = append(t.head, a), append(t.numbers, false)
	}
	if len(axes) == 0 {
		t.head, t.numbers = append(t.head, "cell"), append(t.numbers, false)
	}
	chosenBy, quality := r.Selection(r.Cells[0]), r.Cells[0].Quality()
	t.head = append(t.head, "n", title("validation", chosenBy), title("test", quality))
	t.numbers = append(t.numbers, true, true, true)
	best := r.Choose(r.Cells)
	var measured []verdict.Estimate
	for i, c := range r.Cells {
		if c == best && len(r.Cells) > 1 {
			t.best = i
		}
		var row []string
		for _, a := range axes {
			row = append(row, place(c, a))
		}
		if len(axes) == 0 {
			row = append(row, c.Label)
		}
		onValid, err := r.Mean(ctx, c, chosenBy.Of("valid"))
		if err != nil {
			return t, err
		}
		onTest, err := r.Mean(ctx, c, quality.Of("test"))
		if err != nil {
			return t, err
		}
		t.rows = append(t.rows, append(row, lost(c, onTest.Design.Units()), mean(onValid, chosenBy), mean(onTest, quality)))
		if onTest.N > 0 {
			measured = append(measured, onTest)
		}
	}
	if len(measured) == 0 {
		t.notes = append(t.notes, "No run has a result.")
	} else {
		t.notes = append(t.notes, "Mean and 95"+number.Space+"% interval over units ("+verdict.UnitsOf(measured)+
			"), on test over the test examples too where their outputs are stored.")
	}
	if t.best >= 0 {
		t.notes = append(t.notes, "Bold: the best "+title("validation", chosenBy)+"; test chose nothing.")
	}
	if slices.ContainsFunc(r.Cells, func(c *verdict.Cell) bool { return len(c.With(store.Diverged)) > 0 }) {
		t.notes = append(t.notes, "×: runs that diverged, in no mean.")
	}
	return t, nil
}

// axesOf are the axes of cells in the order of the study.
func axesOf(cells []*verdict.Cell) []string {
	var axes []string
	for _, c := range cells {
		for _, a := range c.Axes {
			if !slices.Contains(axes, a.Axis) {
				axes = append(axes, a.Axis)
			}
		}
	}
	return axes
}

// nowhere is the place of a cell on an axis that it does not have.
const nowhere = "–"

func place(c *verdict.Cell, axis string) string {
	for _, a := range c.Axes {
		if a.Axis == axis {
			return a.Label
		}
	}
	return nowhere
}

func title(split string, m metric.Metric) string {
	text := split + " " + m.Title
	if m.Percent {
		text += " (%)"
	}
	return text
}

// lost is the number of units, with the runs that diverged.
func lost(c *verdict.Cell, units int) string {
	text := fmt.Sprint(units)
	if n := len(c.With(store.Diverged)); n > 0 {
		text += fmt.Sprintf(" (%d×)", n)
	}
	return text
}

// mean writes a mean with its interval, a mean without one below three units, of two outcomes their medians.
func mean(e verdict.Estimate, m metric.Metric) string {
	scale := 1.0
	if m.Percent {
		scale = 100
	}
	if e.N == 0 {
		return "–"
	}
	if groups := e.Groups(scale); groups != "" {
		return groups
	}
	d := e.Difference.Times(scale)
	write := number.Digits(d.Mean, d.CI)
	if !d.CI.Known() || number.Constant(d.Mean, d.CI) {
		return write(d.Mean)
	}
	below, above := write(d.Mean-d.CI.Lo), write(d.CI.Hi-d.Mean)
	if below == above {
		return write(d.Mean) + " ± " + below
	}
	return fmt.Sprintf("%s [%s, %s]", write(d.Mean), write(d.CI.Lo), write(d.CI.Hi))
}

func (t paperTable) markdown() string {
	var b strings.Builder
	line := func(fields []string, bold bool) {
		for _, f := range fields {
			f = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "`", "\\`").Replace(f)
			if bold {
				f = "**" + f + "**"
			}
			b.WriteString("| " + f + " ")
		}
		b.WriteString("|\n")
	}
	line(t.head, false)
	for _, isNumber := range t.numbers {
		b.WriteString(map[bool]string{true: "| ---: ", false: "| --- "}[isNumber])
	}
	b.WriteString("|\n")
	for i, row := range t.rows {
		line(row, i == t.best)
	}
	b.WriteString("\n" + strings.Join(t.notes, " ") + "\n")
	return b.String()
}

func (t paperTable) latex(study string) string {
	var b strings.Builder
	line := func(fields []string, bold bool) {
		for i, f := range fields {
			if i > 0 {
				b.WriteString(" & ")
			}
			switch f = latexText(f); {
			case bold:
				f = `\textbf{` + f + `}`
			case strings.HasPrefix(f, "[") || strings.HasPrefix(f, "*"):
				f = "{}" + f // which the end of the line before would take for its argument
			}
			b.WriteString(f)
		}
		b.WriteString(" \\\\\n")
	}
	b.WriteString("% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n  \\begin{tabular}{")
	for _, isNumber := range t.numbers {
		b.WriteString(map[bool]string{true: "r", false: "l"}[isNumber])
	}
	b.WriteString("}\n\\toprule\n")
	line(t.head, false)
	b.WriteString("\\midrule\n")
	for i, row := range t.rows {
		line(row, i == t.best)
	}
	fmt.Fprintf(&b, "\\bottomrule\n  \\end{tabular}\n  \\caption{%s}\n  \\label{tab:%s}\n\\end{table}\n",
		latexText(strings.Join(t.notes, " ")), strings.NewReplacer("_", "-", "{", "", "}", "", "%", "", "#", "", "\\",
			"").Replace(study))
	return b.String()
}

// latexText is text as LaTeX sets it, with the letters and signs of formulas that its usual fonts lack.
func latexText(s string) string { return latexSigns().Replace(s) }

func latexSigns() *strings.Replacer {
	signs := []string{
		`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "#", `\#`, "_", `\_`, "$", `\$`,
		"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`,
		"`", `\textasciigrave{}`, number.Space, "~", "\n", " ", "–", "--", "−", "$-$", "µ", `$\mu$`, "²", "$^2$", "³",
		"$^3$", "¹", "$^1$",
	}
	for sign, name := range map[string]string{
		"±": "pm", "×": "times", "·": "cdot", "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "→": "to", "∞": "infty", "Δ": "Delta",
		"Σ": "Sigma", "Ω": "Omega", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "η": "eta", "θ": "theta",
		"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi",
		"χ": "chi", "ψ": "psi", "ω": "omega",
	} {
		signs = append(signs, sign, `$\`+name+"$")
	}
	for i, digit := range []string{"⁰", "", "", "", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"} {
		if digit != "" {
			signs = append(signs, digit, fmt.Sprintf("$^%d$", i))
		}
	}
	return strings.NewReplacer(append(signs, "⁻", "$^-$")...)
}
