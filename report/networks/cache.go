package networks

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"nightshift/internal/file"
)

// Cache keeps what was computed, by the digest of all that it follows from. Its folder
// may be removed at any time. The zero value keeps nothing.
type Cache struct {
	Folder string
	Code   func() (string, error) // tells the program that computes from any other
}

// NewCache keeps results in a folder. Those of another build of the program are not
// taken, so that a change of the code is never answered with what the old code said.
func NewCache(folder string) Cache { return Cache{folder, program} }

// program is the digest of the running program.
var program = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})

// entry is a file of the cache.
type entry struct {
	Key   string
	Value []byte
}

// Cached gives what compute says, or said before of the same inputs. The inputs are
// numbers, strings and structs of them that all together decide on the result; a file
// that is damaged, or that cannot be written, is as good as none.
func Cached[T any](c Cache, compute func() (T, error), inputs ...any) (T, error) {
	var value T
	if c.Folder == "" {
		return compute()
	}
	code, err := c.Code()
	if err != nil { // without knowing whose they are, no results are taken
		return compute()
	}
	key := digest(fmt.Appendf(nil, "%q %#v %T", code, inputs, value))
	path := filepath.Join(c.Folder, key[:2], key[2:])
	if text, err := os.ReadFile(path); err == nil {
		if value, err := decode[T](text, key); err == nil {
			return value, nil
		}
	}
	value, err = compute()
	if err != nil {
		return value, err
	}
	if text, err := encode(value, key); err == nil {
		_ = file.Replace(path, text) // it will be computed again
	}
	return value, nil
}

func encode(value any, key string) ([]byte, error) {
	var inner, outer bytes.Buffer
	if err := gob.NewEncoder(&inner).Encode(value); err != nil {
		return nil, err
	}
	err := gob.NewEncoder(&outer).Encode(entry{key + digest(inner.Bytes()), inner.Bytes()})
	return outer.Bytes(), err
}

func decode[T any](text []byte, key string) (value T, err error) {
	var e entry
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(&e); err != nil {
		return value, err
	}
	if e.Key != key+digest(e.Value) {
		return value, fmt.Errorf("the entry is not what its name says")
	}
	err = gob.NewDecoder(bytes.NewReader(e.Value)).Decode(&value)
	return value, err
}

// digest is the SHA-256 of bytes in hex.
func digest(of []byte) string {
	sum := sha256.Sum256(of)
	return hex.EncodeToString(sum[:])
}
