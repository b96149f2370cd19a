// Package kernel computes the inner loops of a network: matrix products,
// activations with an exponential, and the updates of optimisers.
//
// Everything runs on the calling goroutine and adds up in an order that depends
// on the shapes alone, so the same input gives the same bits wherever the
// slices lie and whatever was computed before. An element of a matrix product
// is one chain of sums in the order of the inner dimension, so a row's result
// does not depend on the other rows of the batch.
//
// On amd64 processors with AVX2 and FMA the loops are vectorised, the products
// with AVX-512 where there is that; on arm64 the products of dense matrices are.
// asm generates that code. The plain loops beside each function are its
// definition, and what runs elsewhere and with the build tag purego.
package kernel

//go:generate sh -c "cd asm && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg kernel -neon ../neon_arm64.s"

// Float is what a network can be made of.
type Float interface{ float32 | float64 }

// Name identifies the implementation in a run's provenance: two runs whose
// kernels have different names may differ in the last bits.
func Name() string {
	if f := products[float32](); f != nil {
		return f.name
	}
	return "go"
}
