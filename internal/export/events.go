package export

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// event is a message of TensorBoard's event files (tensorboard/compat/proto/event.proto).
type event struct{ bytes []byte }

// newEvent begins an event of a moment, in seconds since 1970, and a step.
func newEvent(seconds float64, step int64) event {
	var e event
	e.bytes = appendDouble(e.bytes, 1, seconds)
	if step != 0 {
		e.bytes = protowire.AppendTag(e.bytes, 2, protowire.VarintType)
		e.bytes = protowire.AppendVarint(e.bytes, uint64(step))
	}
	return e
}

// version is the event that begins a file.
func version(seconds float64) event {
	e := newEvent(seconds, 0)
	e.bytes = appendString(e.bytes, 3, "brain.Event:2")
	return e
}

// scalars are values of some tags.
func (e event) scalars(tags []string, values []float64) event {
	var summary []byte
	for i, tag := range tags {
		value := appendString(nil, 1, tag)
		value = protowire.AppendTag(value, 2, protowire.Fixed32Type)
		value = protowire.AppendFixed32(value, math.Float32bits(float32(values[i])))
		summary = appendMessage(summary, 1, value)
	}
	e.bytes = appendMessage(e.bytes, 5, summary)
	return e
}

// plugin is a tag without a value of its own that carries the content of a plug-in: an empty tensor of floats, as TensorBoard's
// own writers have it.
func (e event) plugin(tag, name string, content []byte) event {
	data := appendString(nil, 1, name)
	data = appendMessage(data, 2, content)
	value := appendString(nil, 1, tag)
	value = appendMessage(value, 9, appendMessage(nil, 1, data))
	const float = 1 // DT_FLOAT
	tensor := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), float)
	value = appendMessage(value, 8, appendMessage(tensor, 2, nil))
	e.bytes = appendMessage(e.bytes, 5, appendMessage(nil, 1, value))
	return e
}

// writeTo writes the event as a record: its length, the length's checksum, the event, its checksum
// (tensorflow/core/lib/io/record_writer.h).
func (e event) writeTo(w io.Writer) error {
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(e.bytes)))
	record := binary.LittleEndian.AppendUint32(head, masked(head))
	record = append(record, e.bytes...)
	record = binary.LittleEndian.AppendUint32(record, masked(e.bytes))
	_, err := w.Write(record)
	return err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// masked is the CRC-32C of bytes as record files have it, so that the checksum of data that hold a checksum is none of those
// that are common.
func masked(b []byte) uint32 {
	sum := crc32.Checksum(b, castagnoli)
	return (sum>>15 | sum<<17) + 0xa282ead8
}

func appendDouble(b []byte, field protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}

func appendString(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func appendMessage(b []byte, field protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), message)
}
