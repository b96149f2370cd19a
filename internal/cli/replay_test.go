package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"nightshift/internal/file"
)

// python finds an interpreter that has PyTorch.
func python(t *testing.T) string {
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(p, "-c", "import importlib.util as u, sys; sys.exit(not (u.find_spec('torch') and "+
			"u.find_spec('numpy')))").Run() == nil {
			return p
		}
	}
	t.Skip("no python3 with torch and numpy is installed (Debian: python3-torch)")
	return ""
}

// TestReplay does what docs/replay.md says, in both precisions.
func TestReplay(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it starts PyTorch twice")
	}
	t.Parallel()
	py := python(t)
	page, err := os.ReadFile("../../docs/replay.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(language string) string {
		_, text, ok := strings.Cut(string(page), "```"+language+"\n")
		text, _, closed := strings.Cut(text, "```\n")
		if !ok || !closed {
			t.Fatalf("docs/replay.md has no block of %s", language)
		}
		return text
	}
	dir := t.TempDir()
	for precision, tolerance := range map[string]float64{"float64": 1e-12, "float32": 1e-5} {
		at := func(name string) string { return filepath.Join(dir, precision, name) }
		study := strings.Replace(block("yaml"), "precision: float64", "precision: "+precision, 1)
		for name, text := range map[string]string{"replay.yaml": study, "replay.py": block("python")} {
			if err := file.Replace(at(name), []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		var out strings.Builder
		run := func(args ...string) string {
			t.Helper()
			out.Reset()
			if code := Main(append(args, "--out", at("results")), nil, &out, &out); code != 0 {
				t.Fatalf("%v: exit code %d: %s", args, code, out.String())
			}
			return out.String()
		}
		run("run", at("replay.yaml"), "--no-report", "--quiet")
		id := regexp.MustCompile(`"id": "([0-9a-f]+)"`).FindStringSubmatch(run("list", "replay", "--json"))[1]
		run("data", "export", at("replay.yaml"), "-o", at("arrays"))
		run("export", "weights", id, "--at", "init", "-o", at("init.safetensors"))
		run("export", "weights", id, "--at", "final", "-o", at("final.safetensors"))
		replay := exec.Command(py, at("replay.py"), at("arrays"), at("init.safetensors"), at("final.safetensors"))
		replay.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
		text, err := replay.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		t.Logf("%s", text)
		lines := regexp.MustCompile(`moved by (\S+), differs by (\S+) of`).FindAllStringSubmatch(string(text), -1)
		if len(lines) != 6 {
			t.Fatalf("%d tensors are compared: %s", len(lines), text)
		}
		for _, l := range lines {
			moved, _ := strconv.ParseFloat(l[1], 64)
			differs, err := strconv.ParseFloat(l[2], 64)
			if err != nil || !(differs <= tolerance) || moved < 0.1 {
				t.Errorf("%s: %s", precision, l[0])
			}
		}
	}
}
