// Nightshift trains grids of multilayer perceptrons overnight and reports what
// they show.
//
// The tour of the house: experiments holds the studies, internal/study turns
// one into runs, runner trains them with mlp on data from internal/dataset,
// internal/store keeps the results, and report turns them into figures and a
// page. internal/cli has a file for each command.
package main

//go:generate go test -run ^TestThirdParty$ . -update

import (
	"os"

	"nightshift/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
