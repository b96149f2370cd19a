package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"time"
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

// metricColumns names the columns of metrics and metricTargets, in their order.
const metricColumns = `train_loss, train_error, train_mse, train_nll, train_brier, train_ece,
	valid_loss, valid_error, valid_mse, valid_nll, valid_brier, valid_ece,
	test_loss, test_error, test_mse, test_nll, test_brier, test_ece`

// metricMarks holds a placeholder for each of metricColumns.
const metricMarks = "?,?,?,?,?,?, ?,?,?,?,?,?, ?,?,?,?,?,?"

func metrics(splits ...Metrics) []any {
	var values []any
	for _, m := range splits {
		for _, n := range []Number{m.Loss, m.Error, m.MSE, m.NLL, m.Brier, m.ECE} {
			values = append(values, encodeNumber(n))
		}
	}
	return values
}

func metricTargets(splits ...*Metrics) []any {
	var targets []any
	for _, m := range splits {
		for _, n := range []*Number{&m.Loss, &m.Error, &m.MSE, &m.NLL, &m.Brier, &m.ECE} {
			targets = append(targets, toNumber{n})
		}
	}
	return targets
}

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
