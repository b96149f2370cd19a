// Package download fetches data sets from where they are published, and says of each file whether it is the published one.
//
// sets.go is the table of them; get.go brings the files of one, attempt by attempt; fetch.go is one attempt; verify.go compares
// a file with what is known of it; unpack.go takes files out of an archive.
package download

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Set is a data set that others publish.
type Set struct {
	Name      string
	Doc       string
	Page      string   // where it is described
	Folder    string   // below the data folder
	Addresses []string // where its files are, the best first, each with a slash at its end
	Files     []File
	Data      string // how a study names it
}

// File is a file of a data set. Where its publisher gives no checksum, its form is checked.
type File struct {
	Name    string
	Remote  string   // its name at the address, where it is another
	MD5     string   // as published, hexadecimal; empty where none is
	SHA256  string   // of another packing of the same data, or empty
	Unpack  []string // it is an archive, of which these files are taken and nothing else is kept
	Bitmaps bool     // an .npy file of [n, 784] bytes
}

func (f File) remote() string {
	if f.Remote != "" {
		return f.Remote
	}
	return f.Name
}

// kept are the names that a file has in the folder when it is there.
func (f File) kept() []string {
	if f.Unpack != nil {
		return f.Unpack
	}
	return []string{f.Name}
}

// idx are the four files of LeCun's format with the MD5 of each.
func idx(sums [4]string) []File {
	names := [4]string{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
		"t10k-labels-idx1-ubyte.gz"}
	files := make([]File, len(names))
	for i, name := range names {
		files[i] = File{Name: name, MD5: sums[i]}
	}
	return files
}

// sets are those that can be fetched by name alone. Addresses and MD5 are those of torchvision/datasets/mnist.py.
var sets = []Set{
	{
		Name: "mnist", Doc: "handwritten digits, 28 x 28, 60,000 and 10,000", Folder: "mnist", Data: "{set: mnist}",
		Page:      "http://yann.lecun.com/exdb/mnist/",
		Addresses: []string{"https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"},
		Files: []File{
			{Name: "train-images-idx3-ubyte.gz", MD5: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
				SHA256: "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971"},
			{Name: "train-labels-idx1-ubyte.gz", MD5: "d53e105ee54ea40749a09fcbcd1e9432",
				SHA256: "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203"},
			{Name: "t10k-images-idx3-ubyte.gz", MD5: "9fb629c4189551a2d022fa330f9573f3",
				SHA256: "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be"},
			{Name: "t10k-labels-idx1-ubyte.gz", MD5: "ec29112dd5afa0611ce80d1b7f02629c",
				SHA256: "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b"},
		},
	},
	{
		Name: "fashion-mnist", Doc: "clothes in the form of MNIST", Folder: "fashion-mnist", Data: "{set: idx, path: fashion-mnist}",
		Page:      "https://github.com/zalandoresearch/fashion-mnist",
		Addresses: []string{"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
		Files: idx([4]string{"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
			"bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"}),
	},
	{
		Name: "kmnist", Doc: "cursive Japanese in the form of MNIST", Folder: "kmnist", Data: "{set: idx, path: kmnist}",
		Page:      "https://github.com/rois-codh/kmnist",
		Addresses: []string{"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
		Files: idx([4]string{"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
			"5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"}),
	},
	{
		Name: "emnist-letters", Doc: "handwritten letters in 26 classes, of the archive of EMNIST (540 MB)",
		Folder: "emnist", Data: "{set: idx, path: emnist/emnist-letters}",
		Page:      "https://www.nist.gov/itl/products-and-services/emnist-dataset",
		Addresses: []string{"https://biometrics.nist.gov/cs_links/EMNIST/", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"},
		Files: []File{{
			Name: "gzip.zip", MD5: "58c8d27c78d21e728a6bc7b3cc06412e",
			Unpack: []string{"emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz",
				"emnist-letters-test-images-idx3-ubyte.gz", "emnist-letters-test-labels-idx1-ubyte.gz"},
		}},
	},
}

// quickDraw is the name in front of the categories of Quick, Draw!, as in quickdraw:bird,pizza.
const quickDraw = "quickdraw"

// setNames are what Lookup knows, for its error.
func setNames() []string {
	var names []string
	for _, s := range sets {
		names = append(names, s.Name)
	}
	return append(names, quickDraw+":CATEGORY,...")
}

// Sets are the data sets that have a name of their own.
func Sets() []Set { return slices.Clone(sets) }

// Lookup is the data set of a name.
func Lookup(name string) (Set, error) {
	for _, s := range sets {
		if s.Name == name {
			return s, nil
		}
	}
	if set, list, ok := strings.Cut(name, ":"); ok && set == quickDraw {
		return drawings(strings.Split(list, ","))
	}
	if name == quickDraw {
		return Set{}, fmt.Errorf("say which drawings: %s:bird,pizza,screwdriver; %s has their names", quickDraw, categories)
	}
	return Set{}, fmt.Errorf("there is no data set %q to get; there are %s", name, strings.Join(setNames(), ", "))
}

// categories lists what people were asked to draw.
const categories = "https://github.com/googlecreativelab/quickdraw-dataset/blob/master/categories.txt"

var category = regexp.MustCompile(`^[A-Za-z][A-Za-z -]{0,40}$`)

// drawings are the bitmaps of some categories of Quick, Draw!, a file of about 100 MB for each.
func drawings(names []string) (Set, error) {
	s := Set{
		Name: quickDraw, Doc: "drawings of Quick, Draw!, 28 x 28, a file for each category", Folder: quickDraw,
		Data:      "{set: npy, path: quickdraw}",
		Page:      "https://github.com/googlecreativelab/quickdraw-dataset",
		Addresses: []string{"https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap/"},
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		if !category.MatchString(name) {
			return Set{}, fmt.Errorf("%q is no category of drawings; %s has their names", name, categories)
		}
		f := File{Name: name + ".npy", Bitmaps: true}
		if !slices.ContainsFunc(s.Files, func(other File) bool { return other.Name == f.Name }) {
			s.Files = append(s.Files, f)
		}
	}
	return s, nil
}
