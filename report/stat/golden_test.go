package stat

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every entry of the golden files is read by a test of this package, and no test
// reads what is not there.
func TestEveryEntryIsUsed(t *testing.T) {
	used := map[string]map[string]bool{"stats.json": {}, "inference.json": {}}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if file, key, ok := entryCall(n); ok {
					used[file][key] = true
				}
				return true
			})
		}
	}
	for file, keys := range used {
		entries := goldenFile(t, file)
		for key := range entries {
			if !keys[key] {
				t.Errorf("no test reads %s of %s", key, file)
			}
		}
		for key := range keys {
			if entries[key] == nil {
				t.Errorf("a test reads %s of %s, which has none", key, file)
			}
		}
	}
}

// entryCall gives file and key of a call entry[T](t, file, key).
func entryCall(n ast.Node) (file, key string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 3 {
		return "", "", false
	}
	generic, ok := call.Fun.(*ast.IndexExpr)
	if !ok {
		return "", "", false
	}
	if name, ok := generic.X.(*ast.Ident); !ok || name.Name != "entry" {
		return "", "", false
	}
	text := func(e ast.Expr) string {
		s, _ := strconv.Unquote(e.(*ast.BasicLit).Value)
		return s
	}
	return text(call.Args[1]), text(call.Args[2]), true
}
