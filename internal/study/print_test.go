package study

import (
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nightshift/internal/dataset"
	"nightshift/internal/study/source"
)

// checkPrinted holds a study to what is printed of its tree: the same study, and
// printed once more the same text.
func checkPrinted(t *testing.T, text []byte, set ...string) {
	t.Helper()
	tree := func(text []byte) *source.Node {
		return source.Read(text, &source.Faults{File: source.NewFile("s.yaml", text)})
	}
	once := source.Print(tree(text))
	if len(once) > source.MaxBytes {
		return // aliases that were written out
	}
	twice := tree(once)
	if twice == nil {
		t.Fatalf("what is printed of\n%s\nis no YAML:\n%s", text, once)
	}
	if again := source.Print(twice); string(again) != string(once) {
		t.Errorf("printed once\n%s\nand twice\n%s", once, again)
	}
	want, err := Parse("s.yaml", text, set)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse("s.yaml", once, set)
	if err != nil {
		t.Fatalf("%v\nin what is printed:\n%s\nof\n%s", err, once, text)
	}
	got.YAML, want.YAML = "", ""
	for _, s := range []*Study{got, want} { // what is printed stands elsewhere
		for i := range s.Figures {
			s.Figures[i].Line, s.Figures[i].Column = 0, 0
		}
	}
	if !reflect.DeepEqual(want, got) { // cmp takes long for the large grids of a fuzzer
		t.Errorf("another study is printed:\n%s\n%s", once, cmp.Diff(want, got))
	}
}

func TestPrinted(t *testing.T) {
	for _, file := range []string{"every-key.yaml", "search.yaml", "claims.yaml", "pairs.yaml"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		checkPrinted(t, text)
	}
	checkPrinted(t, []byte("study: '3'\nquestion: \"a\\n b: c # \\\"d\\\" \\u00e9\\u202e\"\ndata: {set: blobs}\n"+
		"base: &b {lr: !!float 1, batch: !!int \"7\"}\n"+
		"grid: {'<<': {a: {<<: *b}, ~: {l1: 1}, 'no': {l1: 2}, '2020-01-01': {l1: 3}, '#x': {l1: 4}, 'a: b': {l1: 5}, '[]': "+
		"{l1: 6}}}\n"))
}

// TestIdentityIgnoresSpelling shuffles the keys of whole studies, spells their
// numbers anew and puts comments between: the runs are the same.
func TestIdentityIgnoresSpelling(t *testing.T) {
	for _, file := range []string{"every-key.yaml", "search.yaml", "claims.yaml", "pairs.yaml"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		want := identities(t, text)
		rapid.Check(t, func(r *rapid.T) {
			root := source.Read(text, &source.Faults{File: source.NewFile(file, text)})
			respell(root, r)
			lines := strings.SplitAfter(string(source.Print(root)), "\n")
			other := strings.Join(lines, "# a comment\n")
			if got := identities(r, []byte(other)); !slices.Equal(got, want) {
				r.Errorf("%d runs, want the %d of %s, in\n%s", len(got), len(want), file, other)
			}
		})
	}
}

// respell changes how a tree is written but not what it says.
func respell(n *source.Node, r *rapid.T) {
	for _, item := range n.Items {
		respell(item, r)
	}
	if len(n.Fields) > 0 {
		n.Fields = rapid.Permutation(n.Fields).Draw(r, "fields")
	}
	for _, f := range n.Fields {
		respell(f.Value, r)
	}
	if v, ok := n.Number(); ok {
		e := strconv.FormatFloat(v, 'e', -1, 64)
		n.Text = rapid.SampledFrom([]string{n.Text, e, strings.ToUpper(e), map[bool]string{true: "+"}[v >= 0] + e,
			strconv.FormatFloat(v, 'f', -1, 64),
			strconv.FormatFloat(v, 'f', -1, 64) + map[bool]string{true: ".0"}[v == float64(int64(v))]}).Draw(r, "number")
		n.Tag = ""
	}
}

// identities lists those of all runs of a study in order.
func identities(t rapid.TB, text []byte) []string {
	t.Helper()
	s, err := Parse("s.yaml", text, nil)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	runs, err := s.Runs(func(d dataset.Spec) (string, error) { return "examples of " + d.Set, nil })
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
