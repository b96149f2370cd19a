package study

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// identityVersion is part of every identity. It is raised when the meaning of
// a configuration changes, so that runs of the old meaning are not reused.
const identityVersion = "nightshift/1"

// identity is that of a cell: the SHA-256 of one JSON object with the keys of
// the configuration by their full paths, in alphabetical order, then "data" with
// the fingerprint of the examples, then "version".
//
// What cannot matter does not enter: the path and the label column of the
// data, which the fingerprint stands for, and what early stopping would watch
// when it is off. What came after the first release enters only where it is not
// at its default, so that what was trained before it came keeps its identity.
func identity(c *Config, fingerprint string) [sha256.Size]byte {
	from := *c
	if from.EarlyStop.Patience == 0 {
		from.EarlyStop = noEarlyStop
	}
	return sha256.Sum256(keys.canonicalJSON(reflect.ValueOf(&from).Elem(), func() reflect.Value {
		return reflect.ValueOf(defaults(from.Data.Set))
	}, fingerprint))
}

var noEarlyStop = mlp.Default().EarlyStop

// Identify computes identities anew from what a database has of a run: the
// JSON of its configuration, the fingerprint of its data and its seeds. It fails
// for a configuration with keys that this version does not know.
func Identify(config json.RawMessage, fingerprint string, seeds Seeds) (id, cell string, err error) {
	return Identities{}.Identify(config, fingerprint, seeds)
}

// Identities is Identify for many runs, which decodes the configuration of a cell once. It holds the cells by
// configuration and fingerprint.
type Identities map[[2]string]string

// Identify is the function Identify with the cells decoded so far.
func (known Identities) Identify(config json.RawMessage, fingerprint string, seeds Seeds) (id, cell string, err error) {
	of := [2]string{string(config), fingerprint}
	cell, ok := known[of]
	if !ok {
		c, err := decodeConfig(config, (*json.Decoder).DisallowUnknownFields)
		if err != nil {
			return "", "", fmt.Errorf("not a configuration of this version: %w", err)
		}
		sum := identity(&c, fingerprint)
		cell = hex.EncodeToString(sum[:])
		known[of] = cell
	}
	sum := seeds.identity(cell)
	return hex.EncodeToString(sum[:]), cell, nil
}

// identity of the run of a cell (in hex) with these seeds.
func (s Seeds) identity(cell string) [sha256.Size]byte {
	b := make([]byte, 0, 160)
	b = append(b, `{"cell":"`...)
	b = append(b, cell...)
	b = append(b, `","seeds":{"data":`...)
	b = strconv.AppendUint(b, s.Data, 10)
	b = append(b, `,"init":`...)
	b = strconv.AppendUint(b, s.Init, 10)
	b = append(b, `,"order":`...)
	b = strconv.AppendUint(b, s.Order, 10)
	b = append(b, "}}"...)
	return sha256.Sum256(b)
}

// canonicalJSON is what an identity is the sum of. defaults gives a
// configuration with every key at its default.
func (t *KeyTable) canonicalJSON(config reflect.Value, defaults func() reflect.Value, fingerprint string) []byte {
	b := make([]byte, 0, 2048)
	b = append(b, '{')
	for _, k := range t.identity {
		start := len(b)
		b = append(b, k.quoted...)
		b = k.appendJSON(b, config.FieldByIndex(k.index))
		if k.Since != "" {
			usual := k.appendJSON(nil, defaults().FieldByIndex(k.index))
			if bytes.Equal(b[start+len(k.quoted):], usual) {
				b = b[:start]
				continue
			}
		}
		b = append(b, ',')
	}
	b = append(b, `"data":`...)
	b = strconv.AppendQuote(b, fingerprint)
	b = append(b, `,"version":"`+identityVersion+`"}`...)
	return b
}

// appendJSON writes a value of the key. A choice has its parameters in
// alphabetical order, without the later ones that are at their defaults.
func (k *Key) appendJSON(b []byte, v reflect.Value) []byte {
	if k.Kind != Choice {
		return appendJSON(b, v)
	}
	c := v.Interface().(mlp.Choice)
	b = append(b, `{"name":`...)
	b = strconv.AppendQuote(b, c.Name)
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		if p, ok := k.param(c.Name, name); ok && p.Since != "" && c.Params[name] == p.Default {
			continue
		}
		b = append(b, ',')
		b = strconv.AppendQuote(b, name)
		b = append(b, ':')
		b = appendNumber(b, c.Params[name])
	}
	return append(b, '}')
}

// param finds a parameter of an option of a choice.
func (k *Key) param(option, name string) (mlp.Param, bool) {
	for _, o := range k.Options {
		for _, p := range o.Params {
			if o.Name == option && p.Name == name {
				return p, true
			}
		}
	}
	return mlp.Param{}, false
}

// appendJSON writes a value of Config that is no choice.
func appendJSON(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Int:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Float64:
		if a, ok := v.Interface().(dataset.Amount); ok {
			return append(b, a.String()...)
		}
		return appendNumber(b, v.Float())
	case reflect.String:
		return strconv.AppendQuote(b, v.String())
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Slice:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, v.Index(i))
		}
		return append(b, ']')
	}
	panic(fmt.Sprintf("study: no canonical form for %v", v.Type())) // a new type of key, which any test would meet
}

// appendNumber writes a number with the fewest digits that give it back.
func appendNumber(b []byte, v float64) []byte { return strconv.AppendFloat(b, v, 'g', -1, 64) }

// Runs lists the study's runs in seed-major order: every cell for the first of
// its seeds, then every cell for the next. Runs of equal identity are merged
// into the first. fingerprint gives the identity of the examples of a data
// spec; it is asked once for each spec.
func (s *Study) Runs(fingerprint func(dataset.Spec) (string, error)) ([]Run, error) {
	prints := map[dataset.Spec]string{}
	of := make([]string, len(s.Cells))    // the fingerprints
	cells := make([]string, len(s.Cells)) // identities
	total, most := 0, 0
	for i := range s.Cells {
		c := &s.Cells[i]
		print, ok := prints[c.Config.Data]
		if !ok {
			var err error
			if print, err = fingerprint(c.Config.Data); err != nil {
				return nil, err
			}
			prints[c.Config.Data] = print
		}
		sum := identity(&c.Config, print)
		of[i] = print
		cells[i] = hex.EncodeToString(sum[:])
		total += len(c.Seeds)
		most = max(most, len(c.Seeds))
	}
	runs := make([]Run, 0, total)
	seen := make(map[[sha256.Size]byte]bool, total)
	for n := range most {
		for i := range s.Cells {
			c := &s.Cells[i]
			if n >= len(c.Seeds) {
				continue
			}
			sum := c.Seeds[n].identity(cells[i])
			if seen[sum] {
				continue
			}
			seen[sum] = true
			round := 0
			if s.Until != nil {
				round = s.Until.Round(n)
			}
			runs = append(runs, Run{
				ID: hex.EncodeToString(sum[:]), Cell: cells[i], Label: c.Label, Axes: c.Axes, Config: c.Config, Seeds: c.Seeds[n],
				Fingerprint: of[i], Round: round,
			})
		}
	}
	return runs, nil
}

// WithEpochs gives the identity of the run's cell with another number of epochs.
func (r *Run) WithEpochs(n int) (cell string) {
	c := r.Config
	c.Epochs = n
	sum := identity(&c, r.Fingerprint)
	return hex.EncodeToString(sum[:])
}

// Of gives the identity of the run of a cell with these seeds.
func (s Seeds) Of(cell string) string {
	sum := s.identity(cell)
	return hex.EncodeToString(sum[:])
}

// ShortID is the beginning of an identity that is shown to users, 12 hex digits.
func ShortID(id string) string { return id[:min(12, len(id))] }
