//go:build !amd64 || purego

package kernel

// fast returns nil: there are no vectorised kernels here.
func fast[F Float]() *vectorised[F] { return nil }
