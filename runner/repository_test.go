package runner

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"nightshift/internal/store"
)

// userRepository makes one with a commit of a study, and gives its folder and the commit as git says it.
func userRepository(t *testing.T) (folder, commit string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not here")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	folder = t.TempDir()
	check(t, os.Mkdir(filepath.Join(folder, "studies"), 0o777))
	check(t, os.WriteFile(filepath.Join(folder, "studies", "a.yaml"), []byte("study: a\n"), 0o666))
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "."},
		{"-c", "user.name=me", "-c", "user.email=me@example.org", "commit", "-q", "-m", "first"},
		{"remote", "add", "origin", "https://me:s3cret@example.org/mine.git?token=s3cret"},
	} {
		gitIn(t, folder, args...)
	}
	return folder, gitIn(t, folder, "rev-parse", "HEAD")[:40]
}

func gitIn(t *testing.T, folder string, args ...string) string {
	t.Helper()
	out, err := exec.Command("git", append([]string{"-C", folder}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestRepository(t *testing.T) {
	folder, commit := userRepository(t)
	studies := filepath.Join(folder, "studies")
	want := store.Repository{Remote: "https://example.org/mine.git", Commit: commit}
	ask := func(what string, want store.Repository, folders ...string) {
		t.Helper()
		equal(t, what, Repository(t.Context(), folders...), want)
	}
	ask("a folder of it", want, studies)
	ask("the first that is in one", want, t.TempDir(), studies, ".")
	ask("none", store.Repository{}, t.TempDir())
	check(t, os.WriteFile(filepath.Join(folder, "results"), nil, 0o666))
	ask("with a file that git does not know", want, folder)
	t.Setenv("GIT_DIR", t.TempDir())
	ask("within a hook of another", want, folder)
	os.Unsetenv("GIT_DIR")

	check(t, os.WriteFile(filepath.Join(studies, "a.yaml"), []byte("study: b\n"), 0o666))
	want.Dirty = true
	ask("with a change", want, folder)
	gitIn(t, folder, "remote", "remove", "origin")
	want.Remote = ""
	ask("without a remote", want, folder)

	if os.Geteuid() == 0 {
		check(t, os.Chown(folder, 12345, -1))
		ask("of another user", store.Repository{}, folder)
		check(t, os.Chown(folder, 0, -1))
	}
	check(t, os.WriteFile(filepath.Join(folder, ".git", "HEAD"), []byte("\x00"), 0o666))
	ask("damaged", store.Repository{}, folder)
	fresh := t.TempDir()
	gitIn(t, fresh, "init", "-q")
	ask("without a commit", store.Repository{}, fresh)
}

// A night does not wait for a git that does not answer, or that is not there.
func TestRepositorySlow(t *testing.T) {
	folder, programs := t.TempDir(), t.TempDir()
	check(t, os.Mkdir(filepath.Join(folder, ".git"), 0o777))
	t.Setenv("PATH", programs)
	equal(t, "without git", Repository(t.Context(), folder), store.Repository{})
	check(t, os.WriteFile(filepath.Join(programs, "git"), []byte("#!/bin/sh\nexec /bin/sleep 600\n"), 0o777))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	equal(t, "slow", Repository(ctx, folder), store.Repository{})
	if took := time.Since(began); took > 5*time.Minute {
		t.Errorf("it took %v", took)
	}
}

func TestPublicRemote(t *testing.T) {
	for remote, want := range map[string]string{
		"https://example.org/a/b.git":           "https://example.org/a/b.git",
		"https://token@example.org/a/b.git":     "https://example.org/a/b.git",
		"https://u:p@example.org:8443/a?t=1#f":  "https://example.org:8443/a",
		"ssh://git@example.org:22/a.git":        "ssh://example.org:22/a.git",
		"git@example.org:a/b.git":               "example.org:a/b.git",
		"example.org:a/b.git":                   "example.org:a/b.git",
		"/srv/git/a.git":                        "/srv/git/a.git",
		"../a.git":                              "../a.git",
		"file:///srv/git/a.git":                 "file:///srv/git/a.git",
		"ext::sh -c 'curl -u me:s3cret %S'":     "",
		"https://u:p%zz@example.org/a":          "",
		"origin":                                "",
		"":                                      "",
		"codecommit::eu-central-1://me@project": "",
	} {
		equal(t, remote, publicRemote(remote), want)
	}
}
