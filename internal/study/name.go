package study

import (
	"fmt"
	"regexp"
)

// NamePattern matches the name of a study, which is that of its folder of
// results too.
const NamePattern = `^[a-z0-9][a-z0-9._-]{0,99}$`

var safeName = regexp.MustCompile(NamePattern)

// taken are names that stand for something else in a folder of results, and those
// that Windows takes for devices, with whatever ending.
var taken = regexp.MustCompile(`^(index(\.html)?|nightshift\.(log|db(-wal|-shm)?)|(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?|.*\.)$`)

// CheckName says what is wrong with the name of a study; nil for nothing.
func CheckName(name string) error {
	if !safeName.MatchString(name) {
		return fmt.Errorf("%q is no name for a study and its folder: begin with a small letter or digit, and use only those and . _ -",
			name)
	}
	if taken.MatchString(name) {
		return fmt.Errorf("%q is no name for a study and its folder, where it stands for something else, or does on Windows: take "+
			"another one", name)
	}
	return nil
}
