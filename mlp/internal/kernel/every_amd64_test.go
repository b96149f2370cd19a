//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// every is products with each of the kernels that the processor can run.
func every[F Float]() []*Products[F] {
	list := []*Products[F]{{}}
	if f := fast[F](); f != nil {
		list = append(list, &Products[F]{fast: narrow[F]()})
	}
	if cpu.X86.HasAVX512F {
		list = append(list, New[F]())
	}
	return list
}

func narrow[F Float]() *vectorised[F] {
	var zero F
	if _, ok := any(zero).(float32); ok {
		return any(&avx2x32).(*vectorised[F])
	}
	return any(&avx2x64).(*vectorised[F])
}
