package page

import "encoding/binary"

// Rows calls do for the rows of a table whose numbers are from first to last, in their order. It finds them as SQLite does, from
// the table's root on, and where this does not lead to rows it is an error. That which the number stands for is Null in the row.
func (f *File) Rows(root int, first, last int64, do func(id int64, r Record) error) error {
	const deepest = 20
	return f.rows(root, deepest, first, last, do)
}

// rows is Rows for a part of the tree that is at most so deep.
func (f *File) rows(n, depth int, first, last int64, do func(int64, Record) error) error {
	page, err := f.page(n)
	if err != nil {
		return err
	}
	h := header(n)
	kind := page[h]
	if depth == 0 || kind != tableLeaf && kind != tableInterior {
		return errTree
	}
	at, whole := f.cells(n, page)
	if !whole {
		return errTree
	}
	for _, cell := range at {
		if kind == tableInterior {
			if cell+4 > f.usable {
				return errCell
			}
			below := int(binary.BigEndian.Uint32(page[cell:]))
			id, n := varint(page[cell+4 : f.usable])
			if n == 0 {
				return errCell
			}
			if int64(id) < first {
				continue
			}
			if err := f.rows(below, depth-1, first, last, do); err != nil {
				return err
			}
			if int64(id) >= last {
				return nil
			}
			continue
		}
		content, id, err := f.payload(kind, page[cell:f.usable])
		if err != nil {
			return err
		}
		if id < first {
			continue
		}
		if id > last {
			return nil
		}
		r, err := newRecord(content)
		if err != nil {
			return err
		}
		if err := do(id, r); err != nil {
			return err
		}
	}
	if kind == tableLeaf {
		return nil
	}
	return f.rows(int(binary.BigEndian.Uint32(page[h+8:])), depth-1, first, last, do)
}
