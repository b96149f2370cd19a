package study

import (
	"reflect"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// Config is the full configuration of a cell: every key, typed and defaulted.
// Its JSON is flat: the keys of mlp.Config with "data" beside them.
type Config struct {
	Data dataset.Spec `json:"data"`
	mlp.Config
}

// defaults is the configuration of a study that sets nothing but its data set,
// which may be "" for none.
func defaults(set string) Config {
	c := Config{Config: mlp.Default()}
	c.ClassWeights = []float64{} // JSON [] rather than null
	c.Data, _ = dataset.Default(set)
	return c
}

// field is where a configuration keeps a key that has an index.
func (k *Key) field(c *Config) reflect.Value {
	return reflect.ValueOf(c).Elem().FieldByIndex(k.index)
}
