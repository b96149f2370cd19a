package study

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"nightshift/mlp"
)

// ReadConfig decodes the configuration of a stored run over the defaults: a key,
// or a parameter of an option, that its release did not have yet has the value
// with which that release trained. Keys that this version does not know are left
// out.
func ReadConfig(stored []byte) (Config, error) {
	return decodeConfig(stored, func(*json.Decoder) {})
}

func decodeConfig(stored []byte, strictness func(*json.Decoder)) (Config, error) {
	var named struct {
		Data struct {
			Set string `json:"set"`
		} `json:"data"`
	}
	if err := json.Unmarshal(stored, &named); err != nil {
		return Config{}, fmt.Errorf("stored configuration: %w", err)
	}
	c := defaults(named.Data.Set)
	d := json.NewDecoder(bytes.NewReader(stored))
	strictness(d)
	if err := d.Decode(&c); err != nil {
		return Config{}, fmt.Errorf("stored configuration: %w", err)
	}
	keys.fillParameters(reflect.ValueOf(&c).Elem())
	return c, nil
}

// fillParameters gives each choice of a configuration the parameters of its
// option that it does not have, at their defaults.
func (t *KeyTable) fillParameters(config reflect.Value) {
	for _, k := range t.list {
		if k.Kind != Choice {
			continue
		}
		c := config.FieldByIndex(k.index).Addr().Interface().(*mlp.Choice)
		i := slices.IndexFunc(k.Options, func(o mlp.Option) bool { return o.Name == c.Name })
		if i < 0 {
			continue
		}
		for _, p := range k.Options[i].Params {
			if _, has := c.Params[p.Name]; has {
				continue
			}
			if c.Params == nil {
				c.Params = map[string]float64{}
			}
			c.Params[p.Name] = p.Default
		}
	}
}
