package runner

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"nightshift/internal/store"
)

// gitLimit is how long git may take: a night begins without the answer of a repository that is broken or very slow.
const gitLimit = 30 * time.Second

// Repository finds the Git repository of the first of some folders that is in a working tree. It is the zero value where there
// is none, or where git is not there, takes too long or refuses, as it does in the repository of another user.
func Repository(ctx context.Context, folders ...string) store.Repository {
	ctx, cancel := context.WithTimeout(ctx, gitLimit)
	defer cancel()
	for _, folder := range folders {
		if !inWorkingTree(folder) {
			continue
		}
		// Files that git does not know, such as the results of the night, are no change.
		status, err := git(ctx, folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
		r := readStatus(status)
		if err != nil || r.Commit == "" {
			return store.Repository{}
		}
		if remote, err := git(ctx, folder, "ls-remote", "--get-url"); err == nil {
			r.Remote = publicRemote(string(bytes.TrimSpace(remote)))
		}
		return r
	}
	return store.Repository{}
}

// inWorkingTree says whether a folder or one above it has a .git, so that git is only asked where it knows something.
func inWorkingTree(folder string) bool {
	at, err := filepath.Abs(folder)
	for err == nil {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return true
		}
		above := filepath.Dir(at)
		if above == at {
			return false
		}
		at = above
	}
	return false
}

// git asks git something of the repository of a folder, which takes no lock and starts no program that the repository names.
func git(ctx context.Context, folder string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", append([]string{"-C", folder, "-c", "core.fsmonitor=false"}, args...)...)
	c.WaitDelay = time.Second
	for _, variable := range os.Environ() {
		// GIT_DIR and its like, as a hook has them, are of another repository.
		if !strings.HasPrefix(variable, "GIT_") || strings.HasPrefix(variable, "GIT_CONFIG") {
			c.Env = append(c.Env, variable)
		}
	}
	c.Env = append(c.Env, "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	return c.Output()
}

// readStatus reads the commit, and whether any file is not as that has it, from lines of git status --porcelain=v2 --branch.
func readStatus(status []byte) (r store.Repository) {
	for line := range strings.Lines(string(status)) {
		line = strings.TrimSpace(line)
		if commit, ok := strings.CutPrefix(line, "# branch.oid "); ok {
			if commit != "(initial)" {
				r.Commit = commit
			}
		} else if line != "" && !strings.HasPrefix(line, "#") {
			r.Dirty = true
		}
	}
	return r
}

// copied is an address as scp has it, user@host:path, whose user is no secret but of no use either.
var copied = regexp.MustCompile(`^(?:[^@/:]+@)?([A-Za-z0-9.-]+:[^:].*)$`)

// publicRemote is the address of a remote without what may be a user, a password or a token: of a URL scheme, host and path. It
// is "" where there is no remote, and for a transport of a name of its own, whose address may hold anything.
func publicRemote(remote string) string {
	if strings.Contains(remote, "://") {
		u, err := url.Parse(remote)
		if err != nil || u.Opaque != "" {
			return ""
		}
		return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	}
	if at := copied.FindStringSubmatch(remote); at != nil {
		return at[1]
	}
	if filepath.IsAbs(remote) || strings.HasPrefix(remote, ".") {
		return remote
	}
	return "" // git says "origin" where there is none
}
