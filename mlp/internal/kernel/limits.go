package kernel

// limitRegisters is how many registers the loops of this file do something with in a round.
const limitRegisters = 12

// MultiplyAdds multiplies and adds in registers alone and returns how many floating-point operations that were: what
// products could reach at most.
func MultiplyAdds(rounds int) (operations float64) {
	var x float32
	f := fast[float32]()
	if f == nil {
		loopMultiplyAdds(&x, rounds)
		return 2 * 4 * float64(rounds)
	}
	f.multiplyAdds(&x, rounds)
	return 2 * float64(limitRegisters*f.lanes*rounds)
}

// loopMultiplyAdds has as many sums as loopXWt.
func loopMultiplyAdds(x *float32, rounds int) {
	v := *x
	a, b, c, d := v, v, v, v
	for range rounds {
		a, b, c, d = a+v*v, b+v*v, c+v*v, d+v*v
	}
	*x = a + b + c + d
}

// Read reads x, less what does not fill the registers of a round at its end, and returns how many bytes that were.
func Read(x []float32) (bytes int) {
	f := fast[float32]()
	if f == nil {
		Moments(x)
		return 4 * len(x)
	}
	round := limitRegisters * f.lanes
	if n := len(x) / round; n > 0 {
		f.read(&x[0], n)
	}
	return 4 * (len(x) / round * round)
}

// Write overwrites with x[0] what Read reads, and returns how many bytes that were.
func Write(x []float32) (bytes int) {
	f := fast[float32]()
	if f == nil {
		for i := range x {
			x[i] = x[0]
		}
		return 4 * len(x)
	}
	round := limitRegisters * f.lanes
	if n := len(x) / round; n > 0 {
		f.write(&x[0], n)
	}
	return 4 * (len(x) / round * round)
}
