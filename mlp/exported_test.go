package mlp

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoExportedNameHasAnInternalType: whoever may import the package may also
// write down the type of everything that it exports.
func TestNoExportedNameHasAnInternalType(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	checked := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		internal := map[string]bool{}
		for _, spec := range file.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); strings.Contains(path, "internal/") {
				internal[path[strings.LastIndex(path, "/")+1:]] = true
			}
		}
		for _, d := range file.Decls {
			for _, part := range exported(d) {
				checked++
				ast.Inspect(part, func(n ast.Node) bool {
					if s, ok := n.(*ast.SelectorExpr); ok {
						if pkg, ok := s.X.(*ast.Ident); ok && internal[pkg.Name] {
							t.Errorf("%s: %s.%s is internal", files.Position(s.Pos()), pkg.Name, s.Sel.Name)
						}
					}
					return true
				})
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d exported declarations were found", checked)
	}
}

// exported lists the types of what a declaration exports: of functions, of fields,
// of constants and variables.
func exported(d ast.Decl) (types []ast.Node) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
			types = append(types, d.Type)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() {
					types = append(types, visible(spec.Type)...)
				}
			case *ast.ValueSpec:
				if spec.Names[0].IsExported() && spec.Type != nil {
					types = append(types, spec.Type)
				}
			}
		}
	}
	return types
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// visible is a type without the fields of a struct that are not exported.
func visible(e ast.Expr) (types []ast.Node) {
	s, ok := e.(*ast.StructType)
	if !ok {
		return []ast.Node{e}
	}
	for _, f := range s.Fields.List {
		if len(f.Names) == 0 || f.Names[0].IsExported() {
			types = append(types, f.Type)
		}
	}
	return types
}
