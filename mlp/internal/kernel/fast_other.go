//go:build (!amd64 && !arm64) || purego

package kernel

// fast returns nil: there are no vectorised kernels here.
func fast[F Float]() *vectorised[F] { return nil }

// products returns nil: neither are there those of products.
func products[F Float]() *vectorised[F] { return nil }
