package runner

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"nightshift/mlp"
)

// digest identifies the parameters and buffers of a network, bit for bit: the
// SHA-256 of every tensor's name and shape ("layers.0.weight[100 784]\n") and
// its numbers as little-endian float64, in the order of mlp.Training.Weights.
func digest(tensors []mlp.Tensor) string {
	h := sha256.New()
	var b []byte
	for _, t := range tensors {
		b = slices.Grow(fmt.Appendf(b[:0], "%s%v\n", t.Name, t.Shape), 8*len(t.Data))
		for _, v := range t.Data {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
