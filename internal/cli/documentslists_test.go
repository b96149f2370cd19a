package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// noCommands are indented lines of pages that are no command lines.
var noCommands = []string{
	`widths.yaml:7:3: unknown key "activaton"; did you mean "activation"?`, `7 |   activaton: relu`, `|   ^^^^^^^^^`,
	"~/data/mnist/train-images-idx3-ubyte.gz ...",
	"study: wider", "from: mse-vs-ce.yaml", "base: {epochs: 20}", "grid: {lr: [0.1, 1], width: [100, 1000], pair: null}",
}

// elsewhere are the pages whose commands another test runs.
var elsewhere = map[string]string{
	"docs/nights.md": "TestProgram in internal/cli/faults",
	"docs/replay.md": "TestReplay",
}

// notRun are the command lines that are not run, and why; with a page in front, those of this page. What they call of
// nightshift is read all the same.
var notRun = map[string]string{
	`^go (run|test|install)`:       "the tests are these; .ci/run does what the README says",
	`^(CGO_ENABLED=0 )?.*go build`: ".ci/run builds the program for every platform",
	`^go mod `:                     "TestOutside in internal/contributing does it",
	`completion zsh|powershell`:    "the line is for another shell; complete.txtar asks for all",
	`nightshift serve`:             "does not end by itself; serve.txtar looks at the page",
	`nightshift status --watch`:    "does not end by itself; processes.txtar has it",
	`nightshift data get`:          "fetches; dataget_test.go has a server of its own",
	`nightshift bench`:             "minutes of measurements; bench.txtar has a short one",
	`^export NIGHTSHIFT_DATA`:      "it is for the measurements",
	`peers/peer.py`:                "programs that are not here",
	`export mlflow .* --to `:       "needs a server; internal/export has one that checks the protocol",
	`nightshift run lecture( |$)`:  "a quarter of an hour, and of each study a line of its own",
	`nightshift run quickdraw`:     "needs its drawings; dataget_test.go reads ones of chance",
	`nightshift slurm`: "needs a cluster; slurm.txtar has one of fakes, TestSlurm in " +
		"internal/cli/faults a real one",
	`nightshift status my-study`:                    "needs a study on a cluster, as above",
	`docs/cluster.md: ^(kubectl|parallel|ssh|scp) `: "need machines; TestManifest looks at the manifest",
	`docs/cluster.md: node1.db`:                     "there are no such machines",
	`docs/commands.md: 3f2a digits`:                 "the run is of a table here; predict.txtar predicts images",
}

// large are the studies that are ended after a second.
var large = []string{"seeds-landscape", "loss-surface", "mse-vs-ce", "zero-init", "activations", "init-norm", "lecture-mnist",
	"dead-neurons",
	"wide-deep", "capacity-data", "hyperparameters", "leaderboard", "search", "lecture-net", "xor", "bias-variance", "loader"}

// quick are the pages that take little time, and are run with all other tests.
var quick = []string{"docs/howto/own-table.md", "docs/cluster.md"}

// before has the commands that a page takes for granted.
var before = map[string][]string{
	"docs/commands.md": {
		"nightshift run quickstart my-study.yaml --no-report --quiet",
		"nightshift run my-study.yaml --no-report --quiet --out other/results",
		"cp other/results/nightshift.db other.db", "cp other.db monday.db", "cp other.db tuesday.db",
	},
	"docs/data.md":     {"nightshift run my-study.yaml --no-report --quiet"},
	"docs/tutorial.md": {"mkdir nightshift", "cp -r data/mnist nightshift/mnist"}, // as data get mnist does
	"docs/store.md":    {"nightshift run quickstart my-study.yaml --no-report --quiet"},
}

// standIn is a study of the page's reader: of a table, with weights.
const standIn = `study: my-study
data: {set: csv, path: wine.csv, label: cultivar, train: 60, valid: 30, test: 30}
base: {epochs: 20, batch: 10}
grid: {width: [4, 8], lr: [0.1, 2]}
seeds: 3
keep: {weights: init+final}
also: [{grid: {width: [16]}, seeds: 3}]
`

// sweep is one of Weights & Biases.
const sweep = `program: train.py
name: my-sweep
method: grid
parameters:
  learning_rate: {values: [0.01, 0.1]}
  epochs: {value: 2}
`

// standIns are files of the right form, small and of chance, in place of those that a page's reader has.
func standIns(t *testing.T, page string) map[string][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	files := map[string][]byte{
		"my-study.yaml": []byte(standIn), "sweep.yaml": []byte(sweep),
		"studies/wine.yaml": []byte(strings.NewReplacer("my-study", "wine", "wine.csv", "../wine.csv").Replace(standIn)),
	}
	var table, rows strings.Builder
	table.WriteString(strings.Join(wineColumns, ",") + ",cultivar\n")
	rows.WriteString(strings.Join(wineColumns, ",") + "\n")
	for i := range 178 {
		for k := range wineColumns {
			fmt.Fprintf(&table, "%.2f,", r.NormFloat64()+float64((i+k)%3))
		}
		fmt.Fprintf(&table, "%c\n", 'A'+i%3)
	}
	for range 3 {
		rows.WriteString("1" + strings.Repeat(",2", len(wineColumns)-1) + "\n")
	}
	files["wine.csv"], files["new.csv"] = []byte(table.String()), []byte(rows.String())
	for name, n := range map[string]int{"train": 400, "t10k": 100} {
		labels, images := make([]byte, n), make([]byte, 0, n*28*28)
		for i := range labels {
			labels[i] = byte(i % 10)
			images = append(images, digit(r, i%10).Pix...)
		}
		files["data/mnist/"+name+"-images-idx3-ubyte"] = idxFile(images, n, 28, 28)
		files["data/mnist/"+name+"-labels-idx1-ubyte"] = idxFile(labels, n)
	}
	if page == "docs/gallery.md" {
		text, err := os.ReadFile("../../docs/gallery.yaml")
		if err != nil {
			t.Fatal(err)
		}
		files["docs/gallery.yaml"] = text
	}
	if page == "docs/howto/own-images.md" {
		for split, first := range map[string]int{"mnist_train": 0, "mnist_test": 512} {
			var table bytes.Buffer
			table.WriteString("Class Label,File Name\n")
			for i := range 256 {
				var file bytes.Buffer
				if err := png.Encode(&file, digit(r, i%10)); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&table, "%d,%d.png\n", i%10, first+i)
				files[fmt.Sprintf("%s/%d.png", split, first+i)] = file.Bytes()
			}
			files[split+".csv"] = table.Bytes()
		}
	}
	return files
}

var wineColumns = []string{"alcohol", "malic_acid", "ash", "alcalinity", "magnesium", "phenols", "flavanoids", "nonflavanoid",
	"proanthocyanins", "color", "hue", "od280", "proline"}

// digit is an image that tells its class.
func digit(r *rand.Rand, class int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 28, 28))
	for k := class; k < len(g.Pix); k += 10 {
		g.Pix[k] = byte(r.IntN(256))
	}
	return g
}

// idxFile is a file in the format of MNIST.
func idxFile(values []byte, sizes ...int) []byte {
	b := bytes.NewBuffer([]byte{0, 0, 8, byte(len(sizes))})
	for _, n := range sizes {
		binary.Write(b, binary.BigEndian, uint32(n))
	}
	return append(b.Bytes(), values...)
}
