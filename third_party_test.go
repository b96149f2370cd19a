package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write THIRD_PARTY.md")

// platforms are those that the program is built for; .ci/run builds every one.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// TestThirdParty holds THIRD_PARTY.md to the modules that the program is linked
// from, and to the licences in their folders.
func TestThirdParty(t *testing.T) {
	const file = "THIRD_PARTY.md"
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]string{"the Go standard library": strings.TrimSpace(string(root))}
	for _, platform := range platforms {
		goos, goarch, _ := strings.Cut(platform, "/")
		const each = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}"
		list := exec.Command("go", "list", "-deps", "-f", each, ".")
		list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list for %s (go mod download fetches what is missing): %v", platform, err)
		}
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				modules[name] = dir
			}
		}
	}
	var b bytes.Buffer
	b.WriteString(`# Licences of others

What the program is linked from, on any of the platforms that it is built for, with the licences that stand in the modules' own
files. Written by ` + "`go generate .`" + `.

| module | licence | where it stands |
| --- | --- | --- |
`)
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		licences, files, err := licencesIn(modules[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, strings.Join(licences, ", "), strings.Join(files, ", "))
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := os.ReadFile(file); err != nil || !bytes.Equal(have, b.Bytes()) {
		t.Errorf("%s is not up to date; run go generate . (%v)", file, err)
	}
}

// licenceFile matches names of files that hold a licence. A short one holds
// none, but says where one is or that of a picture.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)`)

const shortestLicence = 200

// licencesIn gives the SPDX names of the licences in a module's folder, and the
// files that they stand in. A file that lists what others have contributed is
// named only.
func licencesIn(dir string) (licences, files []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		if len(text) < shortestLicence {
			continue
		}
		files = append(files, e.Name())
		if strings.Contains(e.Name(), "3RD-PARTY") {
			continue
		}
		found := licencesOf(string(text))
		if len(found) == 0 {
			return nil, nil, fmt.Errorf("%s is no licence that third_party_test.go knows; read it, and add a phrase of it there", e.Name())
		}
		for _, l := range found {
			if !slices.Contains(licences, l) {
				licences = append(licences, l)
			}
		}
	}
	if len(licences) == 0 {
		return nil, nil, fmt.Errorf("%s has no licence", dir)
	}
	return licences, files, nil
}

// licencesOf recognises licences by phrases that only they have.
func licencesOf(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	var found []string
	for _, l := range []struct{ spdx, phrase string }{
		{"Apache-2.0", "Apache License, Version 2.0"},
		{"Apache-2.0", "Apache License Version 2.0"},
		{"BSD-3-Clause", "used to endorse or promote products"},
		{"CC-BY-4.0", "Creative Commons Attribution 4.0 International Public License"},
		{"FTL or GPL-2.0-or-later", "The FreeType License, which is similar to the original BSD license"},
		{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"},
		{"OFL-1.1", "SIL OPEN FONT LICENSE Version 1.1"},
		{"public domain", "dedicated to the public domain by the authors"},
	} {
		if strings.Contains(text, l.phrase) && !slices.Contains(found, l.spdx) {
			found = append(found, l.spdx)
		}
	}
	if strings.Contains(text, "Redistribution and use in source and binary forms") && !slices.Contains(found, "BSD-3-Clause") {
		found = append(found, "BSD-2-Clause")
	}
	return found
}
