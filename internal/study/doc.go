// Package study turns a study file into runs.
//
// It goes one way: [Load] reads the file, those that it begins from and the
// overrides of the command line into one tree (from.go, override.go, and package
// source, which knows the places of everything). A decoder (decode.go) reads the
// tree top down: the base as assignments of keys (assign.go, value.go), the grid
// as axes (axis.go, range.go, distribution.go), conditions (conditions.go), seeds.
// Blocks of these are expanded into cells (cells.go): base, then axes, then rules,
// then exclude. Each cell is a state in the making (state.go) until it is a
// [Config] that [problem]s are looked for in (problem.go). Then come the parts
// that refer to cells: select, prune, keep, expect, report, budget. Every mistake
// is collected with its place, and none stops the reading.
//
// [Study.Runs] makes runs of cells: each has an identity, the SHA-256 of its
// canonical configuration, its data and its seeds (identity.go), under which its
// results are stored and found again.
//
// # Keys
//
// What a study can set is not listed here. The table of keys (keys.go) is made by
// reflection from the fields of Config, whose tags say what a key is called, what
// it means, and what values it may have, and from the tables of options in mlp
// and dataset. Parsing, messages, the JSON Schema (package schema), the import of
// sweeps (package wandb), docs/study-file.md and testdata/every-key.yaml follow
// from it.
//
// To add a key: give mlp.Config (or dataset.Spec) a field with the tags json, doc,
// since, and range or enum; give it its default in mlp.Default where that is not
// zero; refuse impossible values in Config.Problems; use it. Then go generate ./...
// writes what is generated, and the tests name what is missing. since names the
// release that adds it: such a key, or parameter of an option, is part of an
// identity only where it is not at its default, so that nothing is trained again,
// and rows that were stored before it are read with its default ([ReadConfig]).
package study

//go:generate go test nightshift/report -run ^TestStudyKnowsKinds$ -update
//go:generate go test . -run ^(TestDocs|TestEveryKey)$ -update
