package dataset

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const houses = "id,town,rooms,garden,price,rent\n" +
	"7,Ulm,3,True,250.5,8\n9,Bonn,4,False,310,9\n4,Ulm,2,False,150,5\n6,Trier,5,True,400,12\n1,Bonn,3,True,260,8\n"

func TestColumnsOfATable(t *testing.T) {
	for _, c := range []struct {
		name            string
		spec            Spec
		columns         string
		first, expected []float64 // inputs and targets of the first row
	}{
		{"one target", Spec{Label: "price", Format: Format{Task: "regression", Drop: NewList("id", "town", "rent")}},
			"rooms garden", []float64{3, 1}, []float64{250.5}},
		{"two targets, in the order asked for", Spec{Label: NewList("rent", "price"), Format: Format{Task: "regression",
			Columns: "rooms"}},
			"rooms", []float64{3}, []float64{8, 250.5}},
		{"words in the order of the alphabet, in their place", Spec{Format: Format{Task: "regression", OneHot: "town",
			Drop: NewList("1", "price")}},
			"town=Bonn town=Trier town=Ulm rooms garden", []float64{0, 0, 1, 3, 1}, []float64{8}},
		{"numbers as words", Spec{Format: Format{Task: "regression", OneHot: "rooms", Columns: "garden"}},
			"rooms=2 rooms=3 rooms=4 rooms=5 garden", []float64{0, 1, 0, 0, 1}, []float64{8}},
		{"the group is no input", Spec{Format: Format{Task: "regression", Group: "town", Drop: "id"}},
			"rooms garden price", []float64{3, 1, 250.5}, []float64{8}},
	} {
		d, err := readTable(houses, c.spec)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		x := make([]float64, d.train.in)
		d.train.row(0, x)
		var targets []float64
		for _, v := range d.train.targets[:d.width()] {
			targets = append(targets, float64(v))
		}
		if strings.Join(d.columns, " ") != c.columns || !slices.Equal(x, c.first) || !slices.Equal(targets, c.expected) {
			t.Errorf("%s: %q is %v, targets %v", c.name, d.columns, x, targets)
		}
	}
	for want, s := range map[string]Spec{
		"no column is called \"town \"":                      {Format: Format{Drop: "town "}},
		"data.drop: there is no column 7":                    {Format: Format{Drop: "7"}},
		"one_hot: [town]":                                    {Label: "garden", Format: Format{Columns: NewList("town", "rooms")}},
		"say task: regression":                               {Label: "price", Format: Format{Columns: "rooms"}},
		"2 label columns, and only a regression":             {Label: NewList("price", "rent")},
		"no column is left to be an input":                   {Format: Format{Columns: "rent"}},
		"is named twice":                                     {Label: NewList("rent", "6"), Format: Format{Task: "regression"}},
		"but the targets of a regression are finite numbers": {Label: "town", Format: Format{Task: "regression"}},
		"data.label: no column is called \"garden\": the first line is id, town,": {Label: "gardens"},
	} {
		_, err := readTable(houses, s)
		wantError(t, err, strings.Replace(want, "\"garden\"", "\"gardens\"", 1))
	}
}

// The rows of a group are in one split, whatever the sizes.
func TestGroupsStayTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &corpus{classes: numbered(2), train: fileOf(rapid.IntRange(20, 80).Draw(t, "n"), 2)}
		for range c.train.n {
			c.groups = append(c.groups, int32(rapid.IntRange(0, 11).Draw(t, "group")))
		}
		s := Spec{Valid: Amount(rapid.IntRange(0, 8).Draw(t, "valid")), Test: Amount(rapid.IntRange(0, 8).Draw(t, "test"))}
		p, err := c.split(s, rapid.Uint64().Draw(t, "seed"))
		if err != nil {
			if strings.Contains(err.Error(), "need a group in both") || strings.Contains(err.Error(), "it has ") {
				return
			}
			t.Fatal(err)
		}
		split := map[int32]string{}
		for name, index := range map[string][]int32{"train": p.train.index, "valid": p.valid.index, "test": p.test.index} {
			for _, i := range index {
				if old, ok := split[c.groups[i]]; ok && old != name {
					t.Fatalf("group %d is in %s and in %s", c.groups[i], old, name)
				}
				split[c.groups[i]] = name
			}
		}
		if len(p.valid.index) != int(s.Valid) || s.Test > 0 && len(p.test.index) != int(s.Test) {
			t.Fatalf("%d validation and %d test examples", len(p.valid.index), len(p.test.index))
		}
	})
}

func TestATestFileOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "train.csv"), []byte("x,c,kind\n1,r,b\n2,g,a\n3,r,b\n4,g,a\n"))
	s := Spec{Set: "csv", Path: "train.csv", Scale: "none", Format: Format{TestPath: "test.csv", OneHot: "c"}}
	for _, c := range []struct{ text, want string }{
		{"x,c,kind\n5,r,a\n6,blue,b\n", ""},
		{"x,c,kind\n5,r,a\n6,r,new\n", `label "new" of the test examples is the label of no training example`},
		{"c,x,kind\nr,5,a\n", "its columns are c, x, kind, but those of the training examples are x, c, kind"},
		{"x,kind\n5,a\n", "it has 2 columns, but the training examples have 3"},
	} {
		write(t, filepath.Join(dir, "test.csv"), []byte(c.text))
		d, err := NewFiles([]string{dir}).Load(s, 0)
		if c.want != "" {
			wantError(t, err, c.want)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := []float32{5, 0, 0, 1, 6, 1, 0, 0}; !slices.Equal(d.Test.X, want) || !slices.Equal(d.Test.Labels, []int32{0, 1}) {
			t.Errorf("test inputs %v, want %v; labels %v", d.Test.X, want, d.Test.Labels)
		}
		if d.Train.N != 4 || d.Out != 2 {
			t.Errorf("%d training examples, %d classes", d.Train.N, d.Out)
		}
	}
}

// What chooses examples is in the fingerprint; what only helps to read them is not.
func TestFingerprintsOfFormats(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "t.csv"), []byte("a,b,g,kind\n1,2,1,x\n3,4,1,y\n5,6,2,x\n7,8,2,y\n9,8,3,x\n"))
	seen := map[string]string{}
	for i, f := range []Format{
		{}, {Sep: "comma", Header: "true", Task: "classification"}, {Drop: "a"}, {Columns: NewList("b", "g")}, {OneHot: "g"},
		{Group: "g"},
		{Task: "regression", Columns: "a"}, {TestPath: "t.csv"},
	} {
		s := Spec{Set: "csv", Path: "t.csv", Scale: "none", Format: f}
		if f.Task == "regression" {
			s.Label = "b"
		}
		about, err := NewFiles([]string{dir}).Describe(s)
		if err != nil {
			t.Fatal(err)
		}
		old, same := seen[about.Fingerprint]
		if same != (i == 1 || i == 3) {
			t.Errorf("%+v has the fingerprint %s of %s", f, about.Fingerprint, old)
		}
		seen[about.Fingerprint] = fmt.Sprint(f)
	}
}

func TestWarningsOfIndexColumns(t *testing.T) {
	for header, want := range map[string]bool{"Id": true, "patient_id": true, "Unnamed: 0": true, "idea": false, "weight": false} {
		text := header + ",kind\n"
		for i := range 12 {
			text += fmt.Sprintf("%d,%s\n", 3*i%7+2, []string{"a", "b", "b"}[i%3])
		}
		c, err := readTable(text, Spec{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(c.warnings, ""), "looks like the number of the row"); got != want {
			t.Errorf("%s: warnings %q", header, c.warnings)
		}
	}
}

func TestListsInJSON(t *testing.T) {
	for l, want := range map[List]string{"": "null", "a": `"a"`, NewList("a", "b"): `["a","b"]`} {
		b, err := l.MarshalJSON()
		var back List
		if err != nil || string(b) != want || back.UnmarshalJSON(b) != nil || back != l {
			t.Errorf("%q is %s and back %q", l.Names(), b, back)
		}
	}
}
