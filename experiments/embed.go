// Package experiments holds the studies that ship with the program; they run by
// name from anywhere.
package experiments

import "embed"

// Files holds the study files, NAME.yaml each.
//
//go:embed *.yaml
var Files embed.FS
