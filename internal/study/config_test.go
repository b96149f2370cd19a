package study

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// everyCell is the cells of testdata/every-key.yaml, which have every key, option
// and parameter at some other value than its default.
func everyCell(t *testing.T) []Cell {
	t.Helper()
	text, err := os.ReadFile("testdata/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("every-key.yaml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Cells
}

// TestReadConfig reads stored configurations as they are, and over the defaults
// where something is missing: a run of a release that did not have it yet.
func TestReadConfig(t *testing.T) {
	for _, c := range everyCell(t) {
		stored, err := json.Marshal(c.Config)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadConfig(stored)
		if err != nil || identity(&got, "") != identity(&c.Config, "") {
			t.Fatalf("%s: read as %+v, %v", stored, got, err)
		}
		var flat map[string]json.RawMessage
		if err := json.Unmarshal(stored, &flat); err != nil {
			t.Fatal(err)
		}
		usual := defaults(c.Config.Data.Set)
		for _, k := range keys.list {
			if k.index == nil || k.Kind == Parameter || strings.Contains(k.Path, ".") {
				continue
			}
			without := without(t, flat, k.Path)
			got, err := ReadConfig(without)
			if err != nil {
				t.Fatal(err)
			}
			want := c.Config
			k.field(&want).Set(k.field(&usual))
			if identity(&got, "") != identity(&want, "") {
				t.Errorf("without %s: %+v, want %+v", k.Path, got, want)
			}
		}
	}
}

// TestReadConfigWithoutParts: what is missing inside of data, of a group or of a
// choice has the default of the data set, of the key and of the option.
func TestReadConfigWithoutParts(t *testing.T) {
	c, err := ReadConfig([]byte(`{"data": {"set": "moons", "train": 7}, "dropout": {"input": 0.5},
		"optimizer": {"name": "adam", "beta1": 0.8}, "log": {"every": 3}}`))
	if err != nil {
		t.Fatal(err)
	}
	moons, _ := dataset.Default("moons")
	moons.Train = 7
	if c.Data != moons {
		t.Errorf("data are %+v, want %+v", c.Data, moons)
	}
	adam := defaultOption(t, "optimizer", "adam")
	adam.Params["beta1"] = 0.8
	if !reflect.DeepEqual(c.Optimizer, adam) {
		t.Errorf("the optimizer is %v, want %v", c.Optimizer, adam)
	}
	if c.Dropout != (mlp.Dropout{Input: 0.5}) || c.Log != (mlp.Log{Every: 3, Layers: true}) || c.LR != mlp.Default().LR {
		t.Errorf("%+v", c)
	}
	for _, bad := range []string{"", "{", "[]", `{"lr": "fast"}`} {
		if _, err := ReadConfig([]byte(bad)); err == nil {
			t.Errorf("%q is a configuration", bad)
		}
	}
}

// later is a configuration of a release that has added three keys.
type later struct {
	Config
	Momentum float64    `json:"weight_momentum" since:"2" doc:"x"`
	Widths   []int      `json:"widths" since:"2" doc:"x"`
	Noise    mlp.Choice `json:"noise" since:"2" doc:"x"`
}

// laterDefaults is the configuration of that release that sets nothing.
func laterDefaults(set string) later {
	return later{Config: defaults(set), Momentum: 0.5, Widths: []int{3}, Noise: mlp.Choice{Name: "none"}}
}

// laterKeys is the table of that release: every option of every choice has one
// more parameter, too.
func laterKeys() *KeyTable {
	tables := map[string]func() []mlp.Option{"noise": func() []mlp.Option {
		return []mlp.Option{{Name: "none"},
			{Name: "normal"}}
	}}
	for path, options := range optionTables {
		tables[path] = func() []mlp.Option {
			list := options()
			for i := range list {
				list[i].Params = append(slices.Clone(list[i].Params), mlp.Param{Name: "of_a_later_release", Default: 0.25,
					Max: 1, Since: "2"})
			}
			return list
		}
	}
	return newKeyTable(reflect.TypeFor[later](), tables)
}

// TestLaterKeysLeaveIdentities: a key and a parameter that a later release adds
// are no part of an identity while they are at their defaults, and one otherwise.
// A configuration that was stored before is read with these defaults.
func TestLaterKeysLeaveIdentities(t *testing.T) {
	table := laterKeys()
	canonical := func(c later) []byte {
		usual := func() reflect.Value { return reflect.ValueOf(laterDefaults(c.Data.Set)) }
		return table.canonicalJSON(reflect.ValueOf(c), usual, "examples")
	}
	id := func(c later) [sha256.Size]byte { return sha256.Sum256(canonical(c)) }
	choices := func(c *Config) []*mlp.Choice {
		return []*mlp.Choice{&c.Activation, &c.Init, &c.BiasInit, &c.Optimizer, &c.Schedule}
	}
	for _, cell := range everyCell(t) {
		if cell.Config.EarlyStop.Patience == 0 {
			cell.Config.EarlyStop = noEarlyStop
		}
		want := identity(&cell.Config, "examples")
		c := laterDefaults(cell.Config.Data.Set)
		stored, err := json.Marshal(cell.Config)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(stored, &c); err != nil {
			t.Fatal(err)
		}
		table.fillParameters(reflect.ValueOf(&c).Elem())
		for _, choice := range choices(&c.Config) {
			if choice.Params["of_a_later_release"] != 0.25 {
				t.Fatalf("%v is read without the default of its new parameter", choice)
			}
		}
		if id(c) != want {
			t.Fatalf("%s has another identity once there are more keys and parameters:\n%s", stored, canonical(c))
		}
		seen := map[[sha256.Size]byte]bool{want: true}
		changes := []func(*later){
			func(c *later) { c.Momentum = 0.75 },
			func(c *later) { c.Momentum = 0 },
			func(c *later) { c.Widths = nil },
			func(c *later) { c.Noise.Name = "normal" },
		}
		for i := range choices(&c.Config) {
			changes = append(changes, func(c *later) {
				choice := choices(&c.Config)[i]
				choice.Params = map[string]float64{"of_a_later_release": 0}
				for name, v := range choices(&cell.Config)[i].Params {
					choice.Params[name] = v
				}
			})
		}
		for i, change := range changes {
			other := c
			change(&other)
			if seen[id(other)] {
				t.Errorf("change %d of a new key or parameter does not change the identity of %s", i, stored)
			}
			seen[id(other)] = true
		}
	}
}

// TestFirstKeys: the keys and parameters of the first release are part of every
// identity, whatever their values; one that is added names its release in since.
func TestFirstKeys(t *testing.T) {
	text, err := os.ReadFile("testdata/first-keys.txt")
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]bool{} // and whether it is still there
	for _, path := range strings.Fields(string(text)) {
		first[path] = false
	}
	check := func(path, since string) {
		_, old := first[path]
		switch first[path] = true; {
		case old && since != "":
			t.Errorf("%s has been part of every identity since the first release; "+
				"with since %q every stored run is trained again", path, since)
		case !old && since == "":
			t.Errorf("%s is not of the first release: give it the tag since:\"RELEASE\" (Since of a parameter), "+
				"or every stored run is trained again", path)
		}
	}
	for _, k := range keys.identity {
		check(k.Path, k.Since)
		for _, o := range k.Options {
			path := k.Path + "." + o.Name
			if _, old := first[path]; !old {
				continue // no stored run can have chosen it
			}
			first[path] = true
			for _, p := range o.Params {
				check(path+"."+p.Name, p.Since)
			}
		}
	}
	for path, there := range first {
		if !there {
			t.Errorf("%s was part of the identities of the first release and is gone; stored runs have it", path)
		}
	}
}

func without(t *testing.T, flat map[string]json.RawMessage, name string) []byte {
	t.Helper()
	rest := map[string]json.RawMessage{}
	for k, v := range flat {
		if k != name {
			rest[k] = v
		}
	}
	text, err := json.Marshal(rest)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// defaultOption is an option with all its parameters at their defaults.
func defaultOption(t *testing.T, path, name string) mlp.Choice {
	t.Helper()
	for _, o := range keys.byPath[path].Options {
		if o.Name == name {
			return o.Default()
		}
	}
	t.Fatalf("%s has no %s", path, name)
	return mlp.Choice{}
}
