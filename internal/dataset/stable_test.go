package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"testing"
)

// oldInputs are files that the first version read, in every manner that it knew.
func oldInputs(t *testing.T) (dir string, specs map[string]Spec) {
	t.Helper()
	dir = t.TempDir()
	specs = map[string]Spec{}
	table := func(name, text, label string) {
		write(t, filepath.Join(dir, name), []byte(text))
		specs[name] = Spec{Set: "csv", Path: name, Label: List(label), Valid: 4, Scale: "standard"}
	}
	rows := func(format string) string {
		text := ""
		for i := range 40 {
			text += fmt.Sprintf(format, float64(i)*1.25-20, i*i%17, []string{"plum", "fig", "fig"}[i%3], i%4)
		}
		return text
	}
	table("header.csv", "a,b,kind\n"+rows("%[1]g,%[2]d,%[3]s\n"), "")
	table("plain.csv", rows("%[1]g,%[2]d,%[3]s\n"), "")
	table("numbers.csv", rows("%[1]g,%[2]d,%[4]d\n"), "")
	table("decimals.csv", rows("%[1]g,%[2]d,%[4]d.0\n"), "")
	table("named.csv", "a,kind,b\n"+rows("%[1]g,%[3]s,%[2]d\n"), "kind")
	table("number.csv", rows("%[1]g,%[3]s,%[2]d\n"), "2")
	table("spaces.csv", "\ufeff\"a\", b, kind\r\n\r\n"+rows(" %[1]g , %[2]d ,\"%[3]s, or so\"\r\n\r\n"), "")
	table("latin1.csv", "a,b,kind\n"+rows("%[1]g,%[2]d,%[3]s\xe9\n"), "")
	table("sklearn.csv", "40,2,low,mid,high,top\n"+rows("%[1]g,%[2]d,%[4]d\n"), "")
	table("years.csv", "x,2001,k\n"+rows("%[1]g,%[2]d,%[3]s\n"), "k")
	table("coordinates.csv", "x,y,kind\n"+rows("%[1]g,%[2]d,%[3]s\n"), "")
	specs["unit"] = Spec{Set: "csv", Path: "plain.csv", Train: 10, Valid: 3, Test: 7, Scale: "unit", LabelNoise: 0.25}
	write(t, filepath.Join(dir, "zip.csv"), gzipped(t, []byte("a,b,kind\n"+rows("%[1]g,%[2]d,%[3]s\n"))))
	specs["zip.csv"] = Spec{Set: "csv", Path: "zip.csv", Valid: 4, Scale: "standard"}
	writeIDX(t, filepath.Join(dir, "idx"), 2, 3, 4, 100, 50)
	specs["idx"] = Spec{Set: "idx", Path: "idx", Valid: 9, Test: 20, Scale: "unit", LabelNoise: 0.25}
	writeIDX(t, filepath.Join(dir, "mnist"), 28, 28, 10, 100, 50)
	specs["mnist"] = Spec{Set: "mnist", Scale: "standard", Valid: 20}
	return dir, specs
}

// bits is a digest of everything that training sees of a data set.
func bits(d *Data) string {
	h := sha256.New()
	fmt.Fprint(h, d.In, d.Out)
	for _, s := range []Split{d.Train, d.Valid, d.Test} {
		for _, part := range []any{s.X, s.Labels, s.Targets, s.Truth} {
			if err := binary.Write(h, binary.LittleEndian, part); err != nil {
				panic(err)
			}
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// Fingerprints and bits of what the first version read are what it gave: runs
// that are stored stay valid. The table was printed by that version.
func TestOldInputsReadAsTheyDid(t *testing.T) {
	dir, specs := oldInputs(t)
	for _, c := range []struct{ name, fingerprint, bits string }{
		{"blobs", "blobs/1 train=30 valid=20 test=10 scale=none noise=1 label_noise=0", "274170e17bd72007"},
		{"circles", "circles/1 train=30 valid=20 test=10 scale=none noise=0.1 label_noise=0", "fe93501cc0958c6f"},
		{"coordinates.csv", "csv/1 sha256=bd3b44b66dbbcb12951c89189e832b1a0a37bef9ed9b9c80846f61b54d8f17a3 label=3 train=0 valid=4 " +
			"test=0 scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"decimals.csv", "csv/1 sha256=16f728e061577cec5d1aaaf32e30a3c6a7c55e8a3078943f24702e14d0be4e48 label=3 train=0 valid=4 " +
			"test=0 scale=standard noise=0 label_noise=0", "94e41463193618e3"},
		{"glyphs", "glyphs/1 train=30 valid=20 test=10 scale=unit noise=0.1 label_noise=0", "df998dd698c20c73"},
		{"header.csv", "csv/1 sha256=cdb9ddd5d1800155042e4288835884496fc8b93c4a4889f5df872495b33bafb4 label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"idx", "idx/1 sha256=1afd7b4d22a5eef55cf07a6788e06b04f531da27c73f57e31999679313b2612d train=0 valid=9 test=20 scale=unit " +
			"noise=0 label_noise=0.25", "b04243d45b1af4e9"},
		{"latin1.csv", "csv/1 sha256=77d2a08f74c8b20adde5fb273bbd98794ee97b4f797c3f5ebf9b62cd0237f123 label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"mnist", "mnist/1 sha256=7d6ba112875f51409829134b1a1175cbb4fef7fdd792d332c94c18ca6b8eb73f train=0 valid=20 test=0 " +
			"scale=standard noise=0 label_noise=0", "6ab124bc23ff1685"},
		{"moons", "moons/1 train=30 valid=20 test=10 scale=none noise=0.2 label_noise=0", "2d8fdb10478ea606"},
		{"named.csv", "csv/1 sha256=0bb843a0f23ce86c1c7a5b7dfc2a5bb2733d22757ad2d8208b6c96d516d3a61b label=2 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"number.csv", "csv/1 sha256=8bce353530fbbeeced9454cd791b36e1ed86cd8a3d7bb33715bd43a70cc30b76 label=2 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"numbers.csv", "csv/1 sha256=6629987e59be234ace3b329f65e9c0093133c98a1ad679710642974db7a2846c label=3 train=0 valid=4 " +
			"test=0 scale=standard noise=0 label_noise=0", "94e41463193618e3"},
		{"plain.csv", "csv/1 sha256=df42a0ae3d4fc29ee0734a437f51d4e120b38a2656e476292e46081880032512 label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"sine1d", "sine1d/1 train=30 valid=20 test=10 scale=none noise=0.3 label_noise=0", "77b78aefe77d0af2"},
		{"sklearn.csv", "csv/1 sha256=1636cecc0a008163bb435ff7f989d87f72c6bdc687eb8cdaf9bc0d34809f2bbd label=3 train=0 valid=4 " +
			"test=0 scale=standard noise=0 label_noise=0", "94e41463193618e3"},
		{"spaces.csv", "csv/1 sha256=67d69159bba4b8a2228ea3d6a76ccce3431d121b574ab87bee3fdfa3c4213f1d label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"spirals", "spirals/1 train=30 valid=20 test=10 scale=none noise=0.2 label_noise=0", "6282e9faed20edc8"},
		{"teacher", "teacher/1 train=30 valid=20 test=10 scale=none noise=0.1 label_noise=0", "db5b8774dd9bbdbf"},
		{"unit", "csv/1 sha256=df42a0ae3d4fc29ee0734a437f51d4e120b38a2656e476292e46081880032512 label=3 train=10 valid=3 test=7 " +
			"scale=unit noise=0 label_noise=0.25", "06bff57dbedd1939"},
		{"xor", "xor/1 train=30 valid=20 test=10 scale=standard noise=0.38 label_noise=0", "82d61b9e5c5dc048"},
		{"years.csv", "csv/1 sha256=4cfbf9b7ce9be41c2c582b53adb9ed2487689b428e5b9a21273f847960403de4 label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
		{"zip.csv", "csv/1 sha256=cdb9ddd5d1800155042e4288835884496fc8b93c4a4889f5df872495b33bafb4 label=3 train=0 valid=4 test=0 " +
			"scale=standard noise=0 label_noise=0", "5d20315973b8febe"},
	} {
		s, ok := specs[c.name]
		if !ok {
			s, _ = Default(c.name)
			s.Train, s.Valid, s.Test = 30, 20, 10
		}
		f, err := fingerprint(s, []string{dir})
		if err != nil || f != c.fingerprint {
			t.Errorf("%s: %v, fingerprint\n%s, want\n%s", c.name, err, f, c.fingerprint)
			continue
		}
		if got := bits(mustLoad(t, s, 3, []string{dir})); got != c.bits {
			t.Errorf("%s: bits %s, want %s", c.name, got, c.bits)
		}
	}
}
