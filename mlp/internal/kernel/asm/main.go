// Command asm writes the kernels of package kernel: run "go generate" in
// the package's folder. It is a module of its own, so that the program does not
// depend on the assembler.
package main

import (
	"flag"
	"log"
	"os"

	. "github.com/mmcloughlin/avo/build"
)

var neonFile = flag.String("neon", os.DevNull, "where the kernels of arm64 are written")

func main() {
	ConstraintExpr("!purego")
	for _, f := range []float{single, double} {
		products(f)
		packing(f)
		sparse(f)
		sorts(f)
		bands(f)
		updates(f)
		sums(f)
	}
	for _, f := range []float{singleWide, doubleWide} {
		products(f)
		packing(f)
		sparse(f)
		bands(f)
		updates(f)
		sums(f)
	}
	for _, f := range []float{single, singleWide} {
		small(f)
		crossEntropy(f)
		limits(f)
	}
	classMetrics(double)
	classMetrics(doubleWide)
	exponentials()
	Generate()
	if err := writeNEON(*neonFile); err != nil {
		log.Fatal(err)
	}
}
