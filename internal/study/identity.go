package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/dataset"
)

// identityVersion is part of every identity. It is raised when the meaning of
// a configuration changes, so that runs of the old meaning are not reused.
const identityVersion = "nightshift/1"

// canonicalJSON is what the identity of a cell is the SHA-256 of: one JSON
// object with every key of the configuration by its full path, in alphabetical
// order, then "data" with the fingerprint of the examples, then "version". For
// a run, "seeds" follow.
//
// What cannot matter does not enter: the path and the label column of the
// data, which the fingerprint stands for, and what early stopping would watch
// when it is off.
func canonicalJSON(c *Config, fingerprint string) []byte {
	defaults := newState().config
	b := []byte{'{'}
	for _, k := range identityKeys {
		from := c
		if c.EarlyStop.Patience == 0 && root(k.path) == "early_stop" {
			from = &defaults
		}
		b = strconv.AppendQuote(b, k.path)
		b = append(b, ':')
		b = appendJSON(b, k.field(from).Interface())
		b = append(b, ',')
	}
	b = append(b, `"data":`...)
	b = appendJSON(b, fingerprint)
	b = append(b, `,"version":"`+identityVersion+`"}`...)
	return b
}

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case bool:
		return strconv.AppendBool(b, v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("study: %T in a configuration: %v", v, err)) // values are finite: checked when they are read
	}
	return append(b, text...)
}

// identityKeys are the keys that identities are made of.
var identityKeys = func() []*key {
	list := slices.DeleteFunc(slices.Clone(keys.list), func(k *key) bool {
		return k.index == nil || k.kind == parameter || k.path == "data.path" || k.path == "data.label"
	})
	slices.SortFunc(list, func(a, b *key) int { return strings.Compare(a.path, b.path) })
	return list
}()

// Runs lists the study's runs in seed-major order: every cell for the first of
// its seeds, then every cell for the next. Runs of equal identity are merged
// into the first. fingerprint gives the identity of the examples of a data
// spec; it is asked once for each spec.
func (s *Study) Runs(fingerprint func(dataset.Spec) (string, error)) ([]Run, error) {
	type identified struct {
		json []byte // of the cell, without the closing brace
		id   string
	}
	prints := map[dataset.Spec]string{}
	cells := make([]identified, len(s.Cells))
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
		text := canonicalJSON(&c.Config, print)
		cells[i] = identified{text[:len(text)-1], hash(text)}
		total += len(c.Seeds)
		most = max(most, len(c.Seeds))
	}
	runs := make([]Run, 0, total)
	seen := make(map[string]bool, total)
	var buffer []byte
	for n := range most {
		for i, c := range s.Cells {
			if n >= len(c.Seeds) {
				continue
			}
			seeds := c.Seeds[n]
			buffer = append(buffer[:0], cells[i].json...)
			buffer = fmt.Appendf(buffer, `,"seeds":{"data":%d,"init":%d,"order":%d}}`, seeds.Data, seeds.Init, seeds.Order)
			id := hash(buffer)
			if seen[id] {
				continue
			}
			seen[id] = true
			runs = append(runs, Run{ID: id, Cell: cells[i].id, Label: c.Label, Axes: c.Axes, Config: c.Config, Seeds: seeds})
		}
	}
	return runs, nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
