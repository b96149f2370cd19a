package export

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"os"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// readEvent is what a reader finds in a record.
type readEvent struct {
	seconds      float64
	step         int64
	version, tag string
	plugin       string
	content      []byte
	scalars      map[string]float64
}

// fields takes a message apart; the last of those with a number counts, but for each that is called.
func fields(t *testing.T, message []byte, each func(n protowire.Number, v []byte, bits uint64)) {
	t.Helper()
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			t.Fatalf("no field in %x", message)
		}
		message = message[size:]
		var bits uint64
		var bytes []byte
		switch kind {
		case protowire.VarintType:
			bits, size = protowire.ConsumeVarint(message)
		case protowire.Fixed64Type:
			bits, size = protowire.ConsumeFixed64(message)
		case protowire.Fixed32Type:
			var b uint32
			b, size = protowire.ConsumeFixed32(message)
			bits = uint64(b)
		case protowire.BytesType:
			bytes, size = protowire.ConsumeBytes(message)
		}
		if size < 0 {
			t.Fatalf("field %d is cut off", n)
		}
		message = message[size:]
		each(n, bytes, bits)
	}
}

// readEvents reads a file of records and compares their checksums.
func readEvents(t *testing.T, path string) []readEvent {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := func(b []byte) uint32 {
		c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return ((c >> 15) | (c << 17)) + 0xa282ead8
	}
	var all []readEvent
	for len(b) > 0 {
		n := binary.LittleEndian.Uint64(b)
		if binary.LittleEndian.Uint32(b[8:]) != sum(b[:8]) || binary.LittleEndian.Uint32(b[12+n:]) != sum(b[12:12+n]) {
			t.Fatal("checksum")
		}
		e := readEvent{scalars: map[string]float64{}}
		fields(t, b[12:12+n], func(n protowire.Number, v []byte, bits uint64) {
			switch n {
			case 1:
				e.seconds = math.Float64frombits(bits)
			case 2:
				e.step = int64(bits)
			case 3:
				e.version = string(v)
			case 5:
				fields(t, v, func(_ protowire.Number, value []byte, _ uint64) { e.value(t, value) })
			}
		})
		all = append(all, e)
		b = b[16+n:]
	}
	return all
}

func (e *readEvent) value(t *testing.T, value []byte) {
	fields(t, value, func(n protowire.Number, v []byte, bits uint64) {
		switch n {
		case 1:
			e.tag = string(v)
		case 2:
			e.scalars[e.tag] = float64(math.Float32frombits(uint32(bits)))
		case 9:
			fields(t, v, func(_ protowire.Number, data []byte, _ uint64) {
				fields(t, data, func(n protowire.Number, v []byte, _ uint64) {
					if n == 1 {
						e.plugin = string(v)
					} else {
						e.content = v
					}
				})
			})
		}
	})
}

// The masked checksum is that of TensorFlow: CRC-32C of the digits is 0xe3069283 (RFC 3720, B.4 has others), rotated and shifted.
func TestMasked(t *testing.T) {
	const crc = 0xe3069283
	rotated := uint64(crc>>15) | uint64(crc)<<17&0xffffffff
	if got, want := masked([]byte("123456789")), uint32((rotated+0xa282ead8)&0xffffffff); got != want {
		t.Errorf("%x, want %x", got, want)
	}
}
