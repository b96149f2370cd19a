package study

import "testing"

func TestCheckName(t *testing.T) {
	for name, fine := range map[string]bool{
		"mse-vs-ce": true, "2layers": true, "v1.2": true, "console": true, "com": true, "indexed": true, "nullity": true,
		"": false, "../../x": false, "a/b": false, `a\b`: false, "Con": false, ".hidden": false, "a b": false, "a\nb": false,
		"con": false, "nul.txt": false, "com1": false, "lpt9.csv": false, "aux": false, "index": false, "index.html": false,
		"nightshift.db": false, "nightshift.db-wal": false, "nightshift.log": false, "end.": false,
	} {
		if err := CheckName(name); (err == nil) != fine {
			t.Errorf("%q: %v", name, err)
		}
	}
}
