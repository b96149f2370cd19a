//go:build !amd64 || purego

package kernel

// every is products with each of the kernels that the processor can run.
func every[F Float]() []*Products[F] { return []*Products[F]{{}, New[F]()} }
