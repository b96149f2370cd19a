package cli

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// diffKeys lists the keys whose values differ, by their paths.
func diffKeys(a, b json.RawMessage) ([]keyDifference, error) {
	flat := [2]map[string]json.RawMessage{{}, {}}
	for i, config := range []json.RawMessage{a, b} {
		if err := flatten(config, "", flat[i]); err != nil {
			return nil, err
		}
	}
	paths := maps.Clone(flat[0])
	maps.Copy(paths, flat[1])
	var keys []keyDifference
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if string(flat[0][path]) != string(flat[1][path]) {
			keys = append(keys, keyDifference{path, flat[0][path], flat[1][path]})
		}
	}
	return keys, nil
}

// flatten gives the leaves of a JSON object by their paths; the name of a choice stands at that of the choice.
func flatten(value json.RawMessage, path string, into map[string]json.RawMessage) error {
	var fields map[string]json.RawMessage
	if !strings.HasPrefix(strings.TrimSpace(string(value)), "{") {
		into[path] = value
		return nil
	}
	if err := json.Unmarshal(value, &fields); err != nil {
		return err
	}
	for name, v := range fields {
		at := strings.TrimPrefix(path+"."+name, ".")
		if name == "name" {
			at = path
		}
		if err := flatten(v, at, into); err != nil {
			return err
		}
	}
	return nil
}
