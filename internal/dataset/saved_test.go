package dataset

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// saved is how a program saves a table of a whole number, a fraction, a large or small number, a truth value and a word.
type saved struct {
	program       string
	head, row     string // of one format each; the arguments are the number of the row from 0 and from 1, and the five cells
	comma         bool   // of decimals
	yes, no       string
	large         string // how 1.5e-05 is written, with a point
	end, mark     string
	index, latin1 bool
}

// Tables as pandas 2.2, Excel (English and German), LibreOffice and R 4.3 save them: the same numbers and classes of all.
func TestTablesAsProgramsSaveThem(t *testing.T) {
	const names, quoted = "n,x,small,wet,Baum", `"n","x","small","wet","Baum"`
	with := func(sep, text string) string { return strings.ReplaceAll(text, ",", sep) }
	for _, p := range []saved{
		{program: "pandas to_csv(index=False)", head: names, row: "%[3]s,%[4]s,%[5]s,%[6]s,%[7]s"},
		{program: "pandas to_csv()", head: "," + names, row: "%[1]d,%[3]s,%[4]s,%[5]s,%[6]s,%[7]s", index: true},
		{program: `pandas to_csv(sep=";", decimal=",")`, head: with(";", ","+names), comma: true, index: true,
			row: "%[1]d;%[3]s;%[4]s;%[5]s;%[6]s;%[7]s"},
		{program: `pandas to_csv(sep="\t")`, head: with("\t", ","+names), row: "%[1]d\t%[3]s\t%[4]s\t%[5]s\t%[6]s\t%[7]s", index: true},
		{program: `pandas encoding="utf-8-sig", quoting=QUOTE_NONNUMERIC`, head: quoted, row: `%[3]s,%[4]s,%[5]s,%[6]s,"%[7]s"`,
			mark: "\ufeff"},
		{program: "pandas to_string(index=False)", head: "  n     x   small   wet  Baum", row: "%3[3]s %5[4]s %7[5]s %5[6]s %5[7]s"},
		{program: "Excel, CSV UTF-8", head: names, row: "%[3]s,%[4]s,%[5]s,%[6]s,%[7]s", mark: "\ufeff", end: "\r\n",
			yes: "TRUE", no: "FALSE",
			large: "1.5E-05"},
		{program: "Excel, CSV of Windows", head: names, row: "%[3]s,%[4]s,%[5]s,%[6]s,%[7]s", latin1: true, end: "\r\n",
			yes: "TRUE", no: "FALSE",
			large: "1.5E-05"},
		{program: "Excel, text with tabs", head: with("\t", names), row: "%[3]s\t%[4]s\t%[5]s\t%[6]s\t%[7]s", end: "\r\n", yes: "TRUE",
			no: "FALSE", large: "1.5E-05"},
		{program: "Excel, German CSV", head: with(";", names), row: "%[3]s;%[4]s;%[5]s;%[6]s;%[7]s", comma: true,
			latin1: true, end: "\r\n",
			yes: "WAHR", no: "FALSCH", large: "1.5E-05"},
		{program: "Excel of old Macs", head: with(";", names), row: "%[3]s;%[4]s;%[5]s;%[6]s;%[7]s", comma: true,
			end: "\r", yes: "WAHR",
			no: "FALSCH"},
		{program: "LibreOffice, text quoted", head: quoted, row: `%[3]s,%[4]s,%[5]s,%[6]s,"%[7]s"`, yes: "TRUE", no: "FALSE"},
		{program: "R write.csv", head: `"",` + quoted, row: `"%[2]d",%[3]s,%[4]s,%[5]s,%[6]s,"%[7]s"`, index: true,
			yes: "TRUE", no: "FALSE"},
		{program: "R write.csv(row.names = FALSE)", head: quoted, row: `%[3]s,%[4]s,%[5]s,%[6]s,"%[7]s"`, yes: "TRUE", no: "FALSE"},
		{program: "R write.csv2", head: `"";` + with(";", quoted), row: `"%[2]d";%[3]s;%[4]s;%[5]s;%[6]s;"%[7]s"`,
			comma: true, index: true,
			yes: "TRUE", no: "FALSE"},
		{program: "R write.table", head: with(" ", quoted), row: `"%[2]d" %[3]s %[4]s %[5]s %[6]s "%[7]s"`, index: true,
			yes: "TRUE", no: "FALSE"},
		{program: `R write.table(sep = "\t", quote = FALSE)`, head: with("\t", names), row: "%[2]d\t%[3]s\t%[4]s\t%[5]s\t%[6]s\t%[7]s",
			index: true, yes: "TRUE", no: "FALSE"},
		{program: `R write.table(sep = "\t", col.names = NA)`, head: with("\t", `"",`+quoted),
			row: "\"%[2]d\"\t%[3]s\t%[4]s\t%[5]s\t%[6]s\t\"%[7]s\"", index: true, yes: "TRUE", no: "FALSE"},
	} {
		text, want := p.text()
		s := Spec{}
		if p.index {
			s.Drop = "1"
		}
		c, err := readTable(text, s)
		if err != nil {
			t.Errorf("%s: %v", p.program, err)
			continue
		}
		var got []float64
		x := make([]float64, c.train.in)
		for i := range c.train.n {
			c.train.row(i, x)
			got = append(got, x...)
		}
		if strings.Join(c.columns, " ") != "n x small wet" || strings.Join(c.classes, " ") != "Ahorn K\u00e4fer" ||
			!slices.Equal(got, want) {
			t.Errorf("%s: %q, classes %q, numbers %v", p.program, c.columns, c.classes, got)
		}
		if !p.index {
			continue
		}
		if c, err = readTable(text, Spec{}); err != nil ||
			!strings.Contains(strings.Join(c.warnings, ";"), "looks like the number of the row") {
			t.Errorf("%s: no warning of the index, %v", p.program, err)
		}
	}
}

// text is the table, and the numbers of its rows.
func (p saved) text() (text string, numbers []float64) {
	or := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	end := or(p.end, "\n")
	var b strings.Builder
	b.WriteString(p.mark + p.head + end)
	for i := range 12 {
		n, x := i*7%5, float64(i%4)+0.25
		small, value := or(p.large, "1.5e-05"), 1.5e-05
		if i%3 == 0 {
			small, value = "100000", 100_000
		}
		wet, truth := or(p.yes, "True"), 1.0
		if i%2 == 0 {
			wet, truth = or(p.no, "False"), 0
		}
		fraction := fmt.Sprint(x)
		if p.comma {
			fraction, small = strings.Replace(fraction, ".", ",", 1), strings.Replace(small, ".", ",", 1)
		}
		b.WriteString(fmt.Sprintf(p.row, i, i+1, fmt.Sprint(n), fraction, small, wet, []string{"Ahorn", "K\u00e4fer"}[i/2%2]) + end)
		numbers = append(numbers, float64(n), x, value, truth)
	}
	if p.latin1 {
		return strings.ReplaceAll(b.String(), "\u00e4", "\xe4"), numbers
	}
	return b.String(), numbers
}
