package export

import (
	"context"
	"fmt"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// rowsAtOnce is how many rows are handed to the writer together.
const rowsAtOnce = 1024

// Parquet writes a table as a Parquet file: text as UTF-8, integers of 64 bits, doubles, booleans, each of which may be null.
// NaN and the infinities stay what they are.
func (t Table) Parquet(ctx context.Context, to io.Writer) error {
	w := parquet.NewGenericWriter[any](to, parquet.NewSchema("nightshift", t.node()), parquet.Compression(&zstd.Codec{}))
	batch := make([]parquet.Row, rowsAtOnce)
	for i := range batch {
		batch[i] = make(parquet.Row, len(t.Columns))
	}
	n := 0
	flush := func() error {
		_, err := w.WriteRows(batch[:n])
		n = 0
		return err
	}
	err := t.Rows(ctx, func(row []any) error {
		for i, v := range row {
			batch[n][i] = parquetValue(v).Level(0, defined(v), i)
		}
		if n++; n == len(batch) {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return fmt.Errorf("writing Parquet: %w", err)
	}
	return w.Close()
}

func defined(v any) int {
	if v == nil {
		return 0
	}
	return 1
}

func parquetValue(v any) parquet.Value {
	switch x := v.(type) {
	case string:
		return parquet.ByteArrayValue([]byte(x))
	case int64:
		return parquet.Int64Value(x)
	case float64:
		return parquet.DoubleValue(x)
	case bool:
		return parquet.BooleanValue(x)
	}
	return parquet.NullValue()
}

// ordered is a group whose columns stay in the order of the table; those of parquet.Group are sorted by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

func (o ordered) Fields() []parquet.Field { return o.fields }

type field struct {
	parquet.Node
	name string
}

func (f field) Name() string                          { return f.name }
func (f field) Value(reflect.Value) (v reflect.Value) { return v } // rows are handed over as values, not as structs

func (t Table) node() parquet.Node {
	o := ordered{Group: parquet.Group{}}
	for _, c := range t.Columns {
		var n parquet.Node
		switch c.Kind {
		case Integer:
			n = parquet.Int(64)
		case Real:
			n = parquet.Leaf(parquet.DoubleType)
		case Logical:
			n = parquet.Leaf(parquet.BooleanType)
		default:
			n = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		}
		n = parquet.Optional(n)
		o.Group[c.Name] = n
		o.fields = append(o.fields, field{n, c.Name})
	}
	return o
}
