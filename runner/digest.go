package runner

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"nightshift/mlp"
)

// digest identifies the parameters and buffers of a network, bit for bit: the
// SHA-256 of every tensor's name and shape ("layers.0.weight[100 784]\n") and
// its numbers as little-endian float64, in the order of mlp.Training.Weights.
func digest(tensors []mlp.Tensor) string {
	const enough = 4096 // bytes that are hashed at once
	h, b := sha256.New(), make([]byte, 0, enough+8)
	for _, t := range tensors {
		b = fmt.Appendf(b, "%s%v\n", t.Name, t.Shape)
		for _, v := range t.Data {
			if b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v)); len(b) >= enough {
				h.Write(b)
				b = b[:0]
			}
		}
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}
