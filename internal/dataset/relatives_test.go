package dataset

import (
	"fmt"
	"strings"
	"testing"
)

// forms writes 40 rows by a format of four values: the number of the row from 0 and from 1, a fraction, and a class.
func forms(head, format string) string {
	text := head
	for i := range 40 {
		text += fmt.Sprintf(format, i, i+1, float64((i*7)%13)+0.25, []string{"oak", "elm"}[i%2])
	}
	return text
}

// Tables as people have them: what is read of each, or what its refusal says.
func TestTablesAsPeopleHaveThem(t *testing.T) {
	x := "%[3]g,%[3]g,%[4]s\n"
	few := func(a, b string) string { // a column with these two words
		text := "x,flag,kind\n"
		for i := range 40 {
			text += fmt.Sprintf("%d.5,%s,%s\n", (i*7)%13, []string{a, b}[i/2%2], []string{"oak", "elm"}[i%2])
		}
		return text
	}
	labels := func(words ...string) string {
		text := "x,y,kind\n"
		for i := range 40 {
			text += fmt.Sprintf("%d.5,%d,%s\n", (i*7)%13, (i*3)%5, words[i%len(words)])
		}
		return text
	}
	for _, c := range []struct {
		name, text    string
		in, classes   int
		warning, fail string // part of it
	}{
		{"an id in camels", forms("CustomerID,x,kind\n", "5%[1]d0,%[3]g,%[4]s\n"), 2, 2, "column 1 (CustomerID) looks like", ""},
		{"rows counted backwards", strings.ReplaceAll(forms("a,b,kind\n", "%[2]d,%[3]g,%[4]s\n"), "\n40,", "\n0,"), 2, 2,
			"looks like", ""},
		{"an id of words", forms("id,x,kind\n", "c%[1]d,%[3]g,%[4]s\n"), 0, 0, "", "drop: [id] if it is an id"},
		{"a separator too many in the header", forms("x,y,kind,\n", x), 2, 2, "", ""},
		{"two separators at the ends", forms("x,y,kind,,\n", "%[3]g,%[3]g,%[4]s,,\n"), 2, 2, "", ""},
		{"Excel's hint in capitals", forms("SEP=;\nx;kind\n", "%[3]g;%[4]s\n"), 1, 2, "", ""},
		{"pipes", forms("x|y|kind\n", "%[3]g|%[3]g|%[4]s\n"), 2, 2, "", ""},
		{"pipes with blanks", forms("x | y | kind\n", "%[3]g | %[3]g | %[4]s\n"), 2, 2, "", ""},
		{"carets", forms("x^kind\n", "%[3]g^%[4]s\n"), 0, 0, "", `say sep: "^"`},
		{"the end of a file of DOS", forms("x,y,kind\n", x) + "\x1a", 2, 2, "", ""},
		{"a header twice", forms(forms("x,y,kind\n", x)+"x,y,kind\n", x), 0, 0, "", "line 42 is the header again"},
		{"names that are the same", forms("x,x,kind\n", x), 2, 2, "columns 1, 2 are all called x", ""},
		{"a header from 1", forms("1,2,3,4\n", "%[3]g,%[3]g,%[3]g,%[1]d\n"), 0, 0, "", "is a measurement"},
		{"a header from 1 above two classes", strings.NewReplacer("oak", "0", "elm", "1").Replace(
			forms("1,2,3,4\n", "%[3]g,%[3]g,%[3]g,%[4]s\n")), 3, 2, "(1, 2, 3, 4) is taken for names", ""},
		{"a header of wavelengths", forms("400.5,402.5,404.5,wood\n", "%[3]g,%[3]g,%[3]g,%[4]s\n"), 3, 2, "is taken for names", ""},
		{"numbers and a class for a header", forms("7,2.5,class\n", x), 2, 2, "is taken for names", ""},
		{"the class first, no header", forms("", "%[4]s,%[3]g,%[3]g\n"), 0, 0, "", "if it is what to predict, say label: 1"},
		{"words among the inputs, no header", forms("", "%[3]g,%[4]s,%[4]s\n"), 0, 0, "", "line 1, column 2: the cell holds \"oak\""},
		{"words only, no header", forms("", "%[4]s,%[4]s,%[4]s\n"), 0, 0, "", "line 1, column 1: the cell holds \"oak\""},
		{"yes and no", few("yes", "No"), 2, 2, "in column 2 (flag), yes and No are read as 1 and 0", ""},
		{"T and F", few("T", "F"), 2, 2, "T and F are read as 1 and 0", ""},
		{"yes alone", few("yes", "yes"), 0, 0, "", "one_hot: [flag]"},
		{"yes and perhaps", few("yes", "perhaps"), 0, 0, "", "one_hot: [flag]"},
		{"days", few("2020-01-31", "2020-02-01"), 0, 0, "", "write a date or time as numbers"},
		{"times", few("12:30", "1:15"), 0, 0, "", "write a date or time as numbers"},
		{"units", few("12 kg", "3 kg"), 0, 0, "", "without signs of thousands, units"},
		{"losses", few("(12)", "(3.5)"), 0, 0, "", "write the number plainly"},
		{"thousands", strings.ReplaceAll(few("950", "1.234"), ",", ";"), 2, 2,
			"1.234 in column 2 (flag) is read as a number with decimals", ""},
		{"no label in a spreadsheet", labels("a", "b", "#DIV/0!"), 0, 0, "", "the label is missing (#DIV/0!)"},
		{"no label in a database", labels("a", "b", `\N`), 0, 0, "", `the label is missing (\N)`},
		{"perhaps no label", labels("a", "b", "unknown"), 2, 3, "the class unknown may stand for rows without a label", ""},
		{"plus and minus", labels("+", "-"), 2, 2, "", ""},
		{"a number among words", labels("a", "b", "-999"), 2, 3, "classes that are numbers, among words: -999", ""},
		{"long digits", labels("12345678901234567890", "12345678901234567891"), 2, 2, "", ""},
		{"leading zeros", labels("01", "02", "10"), 2, 3, "", ""},
		{"zeros before some", labels("1", "01", "2"), 2, 2, "the labels 1 and 01 are one class, 1", ""},
		{"points in some", labels("1", "1.0", "2", "2.0"), 2, 2, "the labels 2 and 2.0 are one class, 2", ""},
		{"blanks around some", labels("1", " 1", "2 "), 2, 2, "", ""},
		{"a blank and capitals", labels("A", "a ", "b"), 2, 3, "classes A and a differ in capitals only", ""},
		{"dashes and blanks", labels("New York", "new-york", "Rome"), 2, 3, "New York and new-york differ in how they are written only",
			""},
		{"a point at some ends", labels(">50K", ">50K.", "<=50K"), 2, 3, ">50K and >50K. differ in how they are written only", ""},
		{"more and less", labels(">50K", "<=50K"), 2, 2, "", ""},
		{"underscores are no digits", labels("1_0", "10", "1_1"), 2, 3, "classes that are numbers, among words: 10", ""},
		{"ids of two numbers", few("1_0", "2_7"), 0, 0, "", "one_hot: [flag]"},
		{"whole labels with a point", labels("0.0", "1.0"), 2, 2, "", ""},
		{"signed labels", labels("+1", "-1"), 2, 2, "", ""},
		{"the first numbers that are too long", labels("9007199254740993", "9007199254740992", "7"), 2, 3, "", ""},
		{"truths in several ways", labels("True", "true", "False"), 2, 3, "True and true differ in capitals only", ""},
		{"words that look the same", labels("f\u00fcr", "f\xfcr", "x"), 0, 0, "",
			`line 3, column 3 (kind): "für" is not the word of line 2`},
		{"a truth among numbers", few("TRUE", "3.5"), 2, 2,
			"in column 2 (flag), which has other numbers, True and False are read as 1 and 0, first in line 2", ""},
		{"truths and bits", few("TRUE", "0"), 2, 2, "", ""},
		{"a name too few", forms("x,kind\n", "%[3]g,%[3]g,%[4]s\n"), 2, 2, "line 1 has 2 names for 3 columns: the first column", ""},
		{"a comment at the end", forms("x,y,kind\n", x) + "Source: own\n", 0, 0, "", "line 42 has 1 cell, but"},
	} {
		corpus, err := readTable(c.text, Spec{})
		if c.fail != "" {
			if err == nil || !strings.Contains(err.Error(), c.fail) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.fail)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		warnings := strings.Join(append(corpus.warnings, corpus.classWarnings()...), "; ")
		if corpus.train.in != c.in || len(corpus.classes) != c.classes || corpus.train.n != 40 ||
			!strings.Contains(warnings, c.warning) || c.warning == "" && warnings != "" {
			t.Errorf("%s: %d rows of %d inputs, classes %q, warnings %q", c.name, corpus.train.n, corpus.train.in, corpus.classes,
				warnings)
		}
	}
}

// A column of the group at the end does not make the one before it the label without a word.
func TestLabelBesideAGroupAtTheEnd(t *testing.T) {
	group := Spec{Format: Format{Group: "patient"}}
	_, err := readTable(forms("x,kind,patient\n", "%[3]g,%[4]s,p%[1]d\n"), group)
	wantError(t, err, "the last column, patient, is that of group", "say label: kind")
	for _, head := range []string{"x,class,patient\n", "patient,x,kind\n"} {
		format := "%[3]g,%[4]s,p%[1]d\n"
		if strings.HasPrefix(head, "patient") {
			format = "p%[1]d,%[3]g,%[4]s\n"
		}
		if c, err := readTable(forms(head, format), group); err != nil || strings.Join(c.classes, " ") != "elm oak" {
			t.Errorf("%q: %v", head, err)
		}
	}
}

// Words that differ late are told apart in messages.
func TestShortenedWordsDifferLate(t *testing.T) {
	a, b := strings.Repeat("x", 70)+"1", strings.Repeat("x", 70)+"2"
	if shortened(a) == shortened(b) || len(shortened(a)) > 70 {
		t.Errorf("%q and %q", shortened(a), shortened(b))
	}
	if long := strings.Repeat("y", 1000); len(shortened(long+"1")) > 70 || shortened(long+"1") == shortened(long+"2") {
		t.Errorf("%q", shortened(long+"1"))
	}
}

// The name of a column that is not there is answered with the one that is meant.
func TestColumnsThatAreMeant(t *testing.T) {
	text := "Sepal length (cm),sepal width (cm),Species_Name,id\n" + strings.ReplaceAll(plainRows(","), "\n", ",7\n")
	for name, want := range map[string]string{
		"sepal_length": "Sepal length (cm)", "SEPAL LENGTH (CM)": "Sepal length (cm)", "width": "", "sepalwidth": "sepal width (cm)",
		"species": "Species_Name", "spiecesname": "Species_Name", "Species Name": "Species_Name", "ID": "id", "idd": "id", "weight": "",
	} {
		for key, s := range map[string]Spec{"label": {Label: List(name)}, "drop": {Format: Format{Drop: List(name)}},
			"columns": {Format: Format{Columns: List(name)}}, "one_hot": {Format: Format{OneHot: List(name)}},
			"group": {Format: Format{Group: name}}} {
			_, err := readTable(text, s)
			wantError(t, err, "data."+key+": no column is called")
			meant := fmt.Sprintf("; did you mean %q?", want)
			if got := strings.HasSuffix(err.Error(), meant); got != (want != "") {
				t.Errorf("%s: %s: %v", key, name, err)
			}
		}
	}
}

// Words of a column that is not clean are inputs of their own, with a warning.
func TestWordsThatAreAlike(t *testing.T) {
	c, err := readTable("town,x,kind\n"+body(",", func(i int) string { return []string{"Rome", "rome", "NA"}[i%3] }),
		Spec{Format: Format{OneHot: "town"}})
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(c.warnings, "; "); c.train.in != 4 ||
		!strings.Contains(all, "the words Rome and rome differ in capitals only") ||
		!strings.Contains(all, "(town), NA is a word like the others") {
		t.Errorf("%d inputs, warnings %q", c.train.in, all)
	}
}

// A column of names as inputs is warned about, and labels of test examples that are written otherwise are compared.
func TestNamesAndTestLabels(t *testing.T) {
	c, err := readTable(forms("name,x,kind\n", "n%[1]d,%[3]g,%[4]s\n"), Spec{Format: Format{OneHot: "name"}})
	if err != nil ||
		!strings.Contains(strings.Join(c.warnings, ";"), "has 40 different words in 40 rows, each of which is an input") {
		t.Errorf("%v, %v", c, err)
	}
	dir := t.TempDir()
	write(t, dir+"/t.csv", []byte(forms("x,z,kind\n", "%[3]g,%[3]g,%[4]s\n")))
	write(t, dir+"/u.csv", []byte("x,z,kind\n1,2,oak\n2,3,Elm.\n"))
	_, err = NewFiles([]string{dir}).Load(Spec{Set: "csv", Path: "t.csv", Scale: "none", Format: Format{TestPath: "u.csv"}}, 0)
	wantError(t, err,
		`label "Elm." of the test examples is the label of no training example, of which some are "elm": write it in one way`)
}

// Words that become inputs are told apart as classes are.
func TestWordsOfOneHotThatAreOneNumber(t *testing.T) {
	text := strings.NewReplacer("oak", "1", "elm", "1.0").Replace(forms("tree,x,kind\n", "%[4]s,%[3]g,%[2]d\n"))
	corpus, err := readTable(strings.ReplaceAll(text, ".25,", ","), Spec{Label: "2", Format: Format{OneHot: "tree"}})
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(corpus.warnings, "; "); !strings.Contains(all, "the words 1 and 1.0 differ in how they are written only") {
		t.Errorf("warnings %q", all)
	}
}
