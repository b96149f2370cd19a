// Package page reads the rows of an SQLite file page by page, without trusting
// what leads from one page to another: of a file that is truncated or damaged it
// gives every row that is whole. It knows the format of the file
// (https://sqlite.org/fileformat.html) and nothing of tables of ours.
//
//	page.go    File: pages, those of the log of a file that was not closed before those of the file
//	tree.go    which table a page belongs to, and which pages are free
//	cell.go    the cells of a page with what overflows it
//	record.go  the values of a row
//	range.go   rows in their order, as SQLite finds them, of a database that is whole: of a table WITHOUT ROWID
//	table.go   and of any other table
//	append.go  rows behind the last of a table of such a database, written as pages
//	write.go   a row as a record
//
// Rows stand on leaves of tables, and, for tables WITHOUT ROWID, on leaves and
// interior pages of indexes. All of these are read, whether or not anything leads there.
package page

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Kinds of pages that are parts of trees.
const (
	indexInterior = 2
	tableInterior = 5
	indexLeaf     = 10
	tableLeaf     = 13
)

// usual is the size of pages where the file does not say it.
const usual = 4096

// File is an SQLite file, and its log where there is one.
type File struct {
	file, log *os.File
	given     func(n int) ([]byte, error) // instead of them, for a database that is open
	size      int                         // of a page
	usable    int                         // of it, without what is reserved at its end
	count     int                         // pages
	total     int64
	logged    map[int]int64 // pages whose newest state is in the log, at these offsets
}

// Open opens a file of any state for reading. Beside it, or the file that it is a link to, there may be a log, FILE-wal.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{file: file, logged: map[int]int64{}}
	if err := f.measure(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	if f.log, err = openLog(path); err == nil {
		f.readLog()
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(err, file.Close())
	}
	return f, nil
}

func openLog(path string) (*os.File, error) {
	log, err := os.Open(path + "-wal")
	if followed, failed := filepath.EvalSymlinks(path); errors.Is(err, os.ErrNotExist) && failed == nil {
		return os.Open(followed + "-wal")
	}
	return log, err
}

// Close closes the file.
func (f *File) Close() error {
	if f.log != nil {
		return errors.Join(f.file.Close(), f.log.Close())
	}
	return f.file.Close()
}

// Of is a database that is open already, whose pages somebody reads, from 1 on. It needs no Close.
func Of(read func(n int) ([]byte, error)) (*File, error) {
	f := &File{given: read}
	first, err := read(1)
	if err != nil {
		return nil, err
	}
	if len(first) < 512 {
		return nil, errPage
	}
	f.size = len(first)
	f.usable = f.size - int(first[20])
	f.count = int(binary.BigEndian.Uint32(first[28:]))
	f.total = int64(f.count) * int64(f.size)
	if f.usable < 480 {
		return nil, errPage
	}
	return f, nil
}

// Tree says whether a page is one of a table or an index.
func (f *File) Tree(n int) bool {
	page, err := f.page(n)
	if err != nil {
		return false
	}
	kind := page[header(n)]
	return kind == indexInterior || kind == indexLeaf || kind == tableInterior || kind == tableLeaf
}

var errPage = errors.New("not a page")

// measure finds out how large pages are, and how many there are; the last may be a part of one.
func (f *File) measure() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a file with pages")
	}
	f.total = info.Size()
	var header [100]byte
	if _, err := f.file.ReadAt(header[:], 0); err != nil && err != io.EOF {
		return err
	}
	f.size = int(binary.BigEndian.Uint16(header[16:]))
	if f.size == 1 {
		f.size = 1 << 16
	}
	reserved := int(header[20])
	if string(header[:16]) != "SQLite format 3\x00" || f.size < 512 || f.size&(f.size-1) != 0 || f.size-reserved < 480 {
		f.size, reserved = usual, 0
	}
	f.usable = f.size - reserved
	f.count = int((f.total + int64(f.size) - 1) / int64(f.size))
	return nil
}

// Version is the user_version of the file; false where its first page is not what it was.
func (f *File) Version() (version int, ok bool) {
	first, err := f.page(1)
	if err != nil || string(first[:16]) != "SQLite format 3\x00" {
		return 0, false
	}
	return int(binary.BigEndian.Uint32(first[60:])), true
}

// page gives the content of a page, from 1 on; what the file ends before is zero.
func (f *File) page(n int) ([]byte, error) {
	if n < 1 || n > f.count {
		return nil, fmt.Errorf("there is no page %d", n)
	}
	if f.given != nil {
		content, err := f.given(n)
		if err == nil && len(content) != f.size {
			err = errPage
		}
		return content, err
	}
	content := make([]byte, f.size)
	if at, ok := f.logged[n]; ok {
		_, err := f.log.ReadAt(content, at)
		return content, err
	}
	_, err := f.file.ReadAt(content, int64(n-1)*int64(f.size))
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return content, err
}

// readLog finds the pages of the log that were committed. It ends at the first
// frame that is not what was written.
func (f *File) readLog() {
	const headerSize, frameSize = 32, 24
	var header [headerSize]byte
	if _, err := f.log.ReadAt(header[:], 0); err != nil {
		return
	}
	order := binary.ByteOrder(binary.LittleEndian)
	switch binary.BigEndian.Uint32(header[:]) {
	case 0x377f0682:
	case 0x377f0683:
		order = binary.BigEndian
	default:
		return
	}
	size := int(binary.BigEndian.Uint32(header[8:]))
	sum := logSum(order, [2]uint32{}, header[:24])
	if size != f.size || sum != [2]uint32{binary.BigEndian.Uint32(header[24:]), binary.BigEndian.Uint32(header[28:])} {
		return
	}
	since := map[int]int64{} // of the transaction that is being read
	frame := make([]byte, frameSize+size)
	for at := int64(headerSize); ; at += int64(len(frame)) {
		if _, err := f.log.ReadAt(frame, at); err != nil {
			return
		}
		sum = logSum(order, logSum(order, sum, frame[:8]), frame[frameSize:])
		same := string(frame[8:16]) == string(header[16:24]) &&
			sum == [2]uint32{binary.BigEndian.Uint32(frame[16:]), binary.BigEndian.Uint32(frame[20:])}
		if !same {
			return
		}
		since[int(binary.BigEndian.Uint32(frame))] = at + frameSize
		if pages := int(binary.BigEndian.Uint32(frame[4:])); pages > 0 { // the last of its transaction
			for n, at := range since {
				f.logged[n] = at
				f.count = max(f.count, n)
			}
			clear(since)
		}
	}
}

// logSum goes on with the checksum of a log.
func logSum(order binary.ByteOrder, sum [2]uint32, data []byte) [2]uint32 {
	for ; len(data) >= 8; data = data[8:] {
		sum[0] += order.Uint32(data) + sum[1]
		sum[1] += order.Uint32(data[4:]) + sum[0]
	}
	return sum
}
