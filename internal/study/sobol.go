package study

// sobolTable has, for each dimension but the first, a primitive polynomial over
// GF(2), its highest coefficient in the highest bit, and the initial direction
// numbers m_1, m_2, ...: the first lines of new-joe-kuo-6.21201 of S. Joe and
// F. Y. Kuo, Constructing Sobol sequences with better two-dimensional
// projections, SIAM J. Sci. Comput. 30 (2008), 2635-2654.
var sobolTable = []struct {
	polynomial uint32
	m          []uint32
}{
	{3, []uint32{1}},
	{7, []uint32{1, 3}},
	{11, []uint32{1, 3, 1}},
	{13, []uint32{1, 1, 1}},
	{19, []uint32{1, 1, 3, 3}},
	{25, []uint32{1, 3, 5, 13}},
	{37, []uint32{1, 1, 5, 5, 17}},
	{41, []uint32{1, 1, 5, 5, 5}},
	{47, []uint32{1, 1, 7, 11, 19}},
	{55, []uint32{1, 1, 5, 1, 1}},
	{59, []uint32{1, 1, 1, 3, 11}},
	{61, []uint32{1, 3, 5, 5, 31}},
	{67, []uint32{1, 3, 3, 9, 7, 49}},
	{91, []uint32{1, 1, 1, 15, 21, 21}},
	{97, []uint32{1, 3, 1, 13, 27, 49}},
	{103, []uint32{1, 1, 1, 15, 7, 5}},
	{109, []uint32{1, 3, 1, 15, 13, 25}},
	{115, []uint32{1, 1, 5, 5, 19, 61}},
	{131, []uint32{1, 3, 7, 11, 23, 15, 103}},
	{137, []uint32{1, 3, 7, 13, 13, 15, 69}},
}

// sobolDimensions is how many axes a Sobol sequence can draw.
var sobolDimensions = 1 + len(sobolTable)

// sobol is a dimension of the sequence: its points in 32 bits, in the order of
// the Gray code.
type sobol [32]uint32

// newSobol makes the direction numbers of a dimension, counted from 0.
func newSobol(dimension int) *sobol {
	var v sobol
	if dimension == 0 {
		for k := range v {
			v[k] = 1 << (31 - k)
		}
		return &v
	}
	t := sobolTable[dimension-1]
	degree := len(t.m)
	for k := range v {
		if k < degree {
			v[k] = t.m[k] << (31 - k)
			continue
		}
		v[k] = v[k-degree] ^ v[k-degree]>>degree
		for j := 1; j < degree; j++ {
			if t.polynomial>>(degree-j)&1 == 1 {
				v[k] ^= v[k-j]
			}
		}
	}
	return &v
}

// at is the point i.
func (v *sobol) at(i int) uint32 {
	var x uint32
	for k, gray := 0, uint32(i)^uint32(i)>>1; gray > 0; k, gray = k+1, gray>>1 {
		if gray&1 == 1 {
			x ^= v[k]
		}
	}
	return x
}
