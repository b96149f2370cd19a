package page

import (
	"encoding/binary"
	"iter"
	"slices"
)

// Append adds rows to a table WITHOUT ROWID, behind all that are there: given as records, in the order of their keys, the first
// column of which is an integer greater than all before. It changes the pages on the way from the table's root to its last row,
// and the first one of the file, which says how many there are; rows that find no room go to pages behind the last. The database
// has to be one that somebody has open for writing, by write, which keeps no content; who has rows of the table in memory has to
// read them again.
func (f *File) Append(root int, records iter.Seq[[]byte], write func(n int, content []byte) error) error {
	a := appending{f: f, write: write, page: make([]byte, f.size)}
	if err := a.descend(root); err != nil {
		return err
	}
	some := false
	for record := range records {
		if !some {
			if err := a.follows(record); err != nil {
				return err
			}
			some = true
		}
		cell, err := a.cell(record)
		if err != nil {
			return err
		}
		if err := a.add(0, cell); err != nil {
			return err
		}
	}
	if !some {
		return nil
	}
	for depth := range a.levels {
		if err := a.put(depth, a.levels[depth].number, a.right(depth)); err != nil {
			return err
		}
	}
	first, err := f.page(1)
	if err != nil {
		return err
	}
	first = slices.Clone(first)
	binary.BigEndian.PutUint32(first[28:], uint32(f.count))
	return write(1, first)
}

// appending has the pages of a table that rows are being added to: from the leaf at depth 0 to the root.
type appending struct {
	f      *File
	write  func(n int, content []byte) error
	levels []open
	page   []byte // that was written last
	piece  []byte // in which the last cells stand
}

// open is a page that is not full yet.
type open struct {
	number int
	cells  [][]byte
	size   int // of the cells, with what leads to them
}

// headerSize is that of a page at a depth.
func headerSize(depth int) int {
	if depth > 0 {
		return 12
	}
	return 8
}

// descend reads the pages from the root to the last leaf.
func (a *appending) descend(root int) error {
	const deepest = 20
	for n := root; ; {
		page, err := a.f.page(n)
		if err != nil {
			return err
		}
		kind := page[header(n)]
		if len(a.levels) == deepest || n == 1 || kind != indexLeaf && kind != indexInterior {
			return errTree
		}
		at, whole := a.f.cells(n, page)
		if !whole {
			return errTree
		}
		level := open{number: n}
		for _, cell := range at {
			size, err := a.f.cellSize(kind, page[cell:a.f.usable])
			if err != nil {
				return err
			}
			level.add(slices.Clone(page[cell : cell+size]))
		}
		a.levels = append(a.levels, level)
		if kind == indexLeaf {
			slices.Reverse(a.levels)
			return nil
		}
		n = int(binary.BigEndian.Uint32(page[8:]))
	}
}

func (o *open) add(cell []byte) {
	o.cells = append(o.cells, cell)
	o.size += 2 + len(cell)
}

// take takes the last cell away.
func (o *open) take() []byte {
	last := o.cells[len(o.cells)-1]
	o.cells = o.cells[:len(o.cells)-1]
	o.size -= 2 + len(last)
	return last
}

// follows makes sure that a row belongs behind the last of the table.
func (a *appending) follows(record []byte) error {
	r, err := newRecord(record)
	if err != nil {
		return err
	}
	key, err := r.first()
	if err != nil {
		return err
	}
	leaf := a.levels[0]
	if len(leaf.cells) == 0 {
		if len(a.levels) > 1 {
			return errTree
		}
		return nil
	}
	last, err := a.f.record(indexLeaf, leaf.cells[len(leaf.cells)-1])
	if err != nil {
		return err
	}
	if before, err := last.first(); err != nil || before >= key {
		return errTree
	}
	return nil
}

// cell is that of a record on a leaf. What it has no room for goes to pages of its own.
func (a *appending) cell(record []byte) ([]byte, error) {
	local := a.f.local(indexLeaf, len(record))
	if room := local + 16; len(a.piece)+room > cap(a.piece) {
		a.piece = make([]byte, 0, 1<<16+room)
	}
	at := len(a.piece)
	a.piece = append(putVarint(a.piece, uint64(len(record))), record[:local]...)
	record = record[local:]
	if len(record) == 0 {
		return a.piece[at:len(a.piece):len(a.piece)], nil
	}
	next := a.f.next()
	a.piece = binary.BigEndian.AppendUint32(a.piece, uint32(next))
	cell := a.piece[at:len(a.piece):len(a.piece)]
	for len(record) > 0 {
		n, page := next, a.blank()
		room := copy(page[4:a.f.usable], record)
		if record = record[room:]; len(record) > 0 {
			next = a.f.next()
			binary.BigEndian.PutUint32(page, uint32(next))
		}
		if err := a.write(n, page); err != nil {
			return nil, err
		}
	}
	return cell, nil
}

// add adds a cell to the open page at a depth. Where that is full, its last row goes up, to stand between it and the page that
// follows it.
func (a *appending) add(depth int, cell []byte) error {
	level := &a.levels[depth]
	if headerSize(depth)+level.size+2+len(cell) > a.f.usable {
		if len(level.cells) < 2 {
			return errTree
		}
		if depth == len(a.levels)-1 { // the root stays where it is
			a.levels = append(a.levels, open{number: level.number})
			level = &a.levels[depth]
			level.number = a.f.next()
		}
		full, between := level.number, level.take()
		right := 0
		if depth > 0 {
			right = int(binary.BigEndian.Uint32(between))
			between = between[4:]
		}
		if err := a.put(depth, full, right); err != nil {
			return err
		}
		*level = open{number: a.f.next()}
		if err := a.add(depth+1, append(binary.BigEndian.AppendUint32(nil, uint32(full)), between...)); err != nil {
			return err
		}
		level = &a.levels[depth]
	}
	level.add(cell)
	return nil
}

// right is the page behind the last cell of the open page at a depth; 0 for a leaf.
func (a *appending) right(depth int) int {
	if depth == 0 {
		return 0
	}
	return a.levels[depth-1].number
}

// blank is a page of zeros in place of the one that was written last.
func (a *appending) blank() []byte {
	clear(a.page)
	return a.page
}

// put writes the open page at a depth.
func (a *appending) put(depth, number, right int) error {
	page := a.blank()
	page[0] = indexLeaf
	if depth > 0 {
		page[0] = indexInterior
		binary.BigEndian.PutUint32(page[8:], uint32(right))
	}
	cells := a.levels[depth].cells
	binary.BigEndian.PutUint16(page[3:], uint16(len(cells)))
	end := a.f.usable
	for i, cell := range cells {
		end -= len(cell)
		copy(page[end:], cell)
		binary.BigEndian.PutUint16(page[headerSize(depth)+2*i:], uint16(end))
	}
	binary.BigEndian.PutUint16(page[5:], uint16(end)) // 0 for 65536, too
	return a.write(number, page)
}

// next is the number of a new page. The one at 1 GiB is used for locks alone.
func (f *File) next() int {
	const locks = 1 << 30
	if f.count++; f.count == locks/f.size+1 {
		f.count++
	}
	return f.count
}

// cellSize is how many bytes a cell of an index has on its page.
func (f *File) cellSize(kind byte, cell []byte) (int, error) {
	size := 0
	if kind == indexInterior {
		size = 4
	}
	if len(cell) < size {
		return 0, errCell
	}
	record, n := varint(cell[size:])
	if n == 0 || record > uint64(f.total)+uint64(len(f.logged)*f.size) {
		return 0, errCell
	}
	local := f.local(kind, int(record))
	size += n + local
	if local < int(record) {
		size += 4
	}
	if size > len(cell) {
		return 0, errCell
	}
	return size, nil
}
