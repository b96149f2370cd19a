package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"time"

	"nightshift/internal/metric"
)

// timeFormat is RFC 3339 in UTC with a fixed number of digits, so that it
// sorts as text.
const timeFormat = "2006-01-02T15:04:05.000Z"

func encodeTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(timeFormat)
}

func decodeTime(s sql.Null[string]) (time.Time, error) {
	if !s.Valid {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s.V)
}

// encodeFloat is the encoding of numbers that the package documentation describes.
func encodeFloat(v float64) any {
	if math.IsNaN(v) {
		return "NaN"
	}
	return v
}

func encodeNumber(n Number) any {
	if !n.Valid {
		return nil
	}
	return encodeFloat(n.V)
}

// toNumber and toFloat scan what encodeNumber and encodeFloat wrote.
type (
	toNumber struct{ *Number }
	toFloat  struct{ *float64 }
)

func (to toNumber) Scan(src any) error {
	*to.Number = Number{}
	if src == nil {
		return nil
	}
	to.Valid = true
	return toFloat{&to.V}.Scan(src)
}

func (to toFloat) Scan(src any) error {
	switch v := src.(type) {
	case float64:
		*to.float64 = v
	case int64:
		*to.float64 = float64(v)
	case string:
		if v != "NaN" {
			return fmt.Errorf("%q is not a number", v)
		}
		*to.float64 = math.NaN()
	default:
		return fmt.Errorf("%v (%T) is not a number", src, src)
	}
	return nil
}

// metricColumns names the columns of the metrics of a run or an epoch, split by
// split, and metricMarks holds a placeholder for each of them.
var (
	metricColumns = strings.Join(metricNames(), ", ")
	metricMarks   = strings.Trim(marks(len(metricNames())), "()")
)

func metricNames() (names []string) {
	for _, split := range metric.Splits() {
		for _, m := range metric.All() {
			names = append(names, m.Of(split))
		}
	}
	return names
}

// metricValues gives the first n metrics of every split as the database has them.
func metricValues(n int, splits ...Metrics) []any {
	values := make([]any, 0, n*len(splits))
	for i := range splits {
		fields := splits[i].Fields()
		for _, v := range fields[:n] {
			values = append(values, encodeNumber(*v))
		}
	}
	return values
}

// metrics gives the values of metricColumns, and metricTargets scans them.
func metrics(splits ...Metrics) []any { return metricValues(metric.Count, splits...) }

func metricTargets(splits ...*Metrics) []any {
	var targets []any
	for _, m := range splits {
		for _, n := range m.Fields() {
			targets = append(targets, toNumber{n})
		}
	}
	return targets
}

// layerColumns names the columns of the measures of a layer, quoted as update has to be.
var layerColumns = func() string {
	var names []string
	for _, m := range metric.Layers() {
		names = append(names, `"`+m.Name+`"`)
	}
	return strings.Join(names, ", ")
}()

// encodeArray writes numbers of 4 bytes in little-endian order; nil is NULL.
func encodeArray[T int32 | float32](v []T) (any, error) {
	if v == nil {
		return nil, nil
	}
	return binary.Append(make([]byte, 0, 4*len(v)), binary.LittleEndian, v)
}

func decodeArray[T int32 | float32](b []byte) ([]T, error) {
	if b == nil {
		return nil, nil
	}
	v := make([]T, len(b)/4)
	return v, binary.Read(bytes.NewReader(b), binary.LittleEndian, v)
}

// digest gives the SHA-256 of a blob in hex.
func digest(blob []byte) string {
	sum := sha256.Sum256(blob)
	return hex.EncodeToString(sum[:])
}
