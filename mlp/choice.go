package mlp

import "encoding/json"

// Choice is one of a table's named alternatives (an activation, initialiser,
// optimiser or schedule) with its numeric parameters, all of them filled in.
// In JSON it is one flat object: {"name": "adam", "beta1": 0.9, ...}.
type Choice struct {
	Name   string
	Params map[string]float64
}

// Option describes one alternative of a table: what a study file may name.
type Option struct {
	Name   string
	Doc    string
	Params []Param // the first is the one that the short form {name: value} sets
}

// Param describes a numeric parameter of an Option.
type Param struct {
	Name     string
	Doc      string
	Default  float64
	Min, Max float64 // inclusive range of meaningful values
	Since    string  // release that added it to the option; empty for the first
}

// Default returns the option with every parameter at its default.
func (o Option) Default() Choice {
	c := Choice{Name: o.Name}
	for _, p := range o.Params {
		if c.Params == nil {
			c.Params = map[string]float64{}
		}
		c.Params[p.Name] = p.Default
	}
	return c
}

// MarshalJSON writes the flat object, parameters in alphabetical order.
func (c Choice) MarshalJSON() ([]byte, error) {
	flat := make(map[string]any, len(c.Params)+1)
	flat["name"] = c.Name
	for name, v := range c.Params {
		flat[name] = v
	}
	return json.Marshal(flat)
}

// UnmarshalJSON reads the flat object.
func (c *Choice) UnmarshalJSON(b []byte) error {
	var named struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(b, &named); err != nil {
		return err
	}
	var flat map[string]json.RawMessage
	if err := json.Unmarshal(b, &flat); err != nil {
		return err
	}
	delete(flat, "name")
	*c = Choice{Name: named.Name}
	for name, raw := range flat {
		var v float64
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		if c.Params == nil {
			c.Params = map[string]float64{}
		}
		c.Params[name] = v
	}
	return nil
}

// options extracts what can be named from a table.
func options[E any](table []E, option func(E) Option) []Option {
	list := make([]Option, len(table))
	for i, e := range table {
		list[i] = option(e)
	}
	return list
}

// find looks a name up in a table.
func find[E any](table []E, name string, option func(E) Option) (e E, ok bool) {
	for _, e := range table {
		if option(e).Name == name {
			return e, true
		}
	}
	return e, false
}
