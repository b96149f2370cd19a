//go:build unix

package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nightshift/internal/file"
)

func told() notification {
	return notification{Outcome: "interrupted", Message: "it's over; $(touch pwned) `id`\nand so on",
		Studies: []string{"one", "two"}, Runs: 12, Left: 3, Seconds: 1.5, Reports: []string{}, Resume: "nightshift run 'a b.yaml'"}
}

// The command has the notification on its input and in its environment, and nothing of it is taken for a command.
func TestTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	command := `cat > ` + file.ShellWord(out) + `; printf '%s|' "$NIGHTSHIFT_OUTCOME" "$NIGHTSHIFT_STUDIES" "$NIGHTSHIFT_RUNS" ` +
		`"$NIGHTSHIFT_SECONDS" "$NIGHTSHIFT_MESSAGE" > ` + file.ShellWord(out) + `.env`
	if err := runNotifier(t.Context(), command, told(), patience); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var got notification
	err = json.Unmarshal(text, &got)
	if err != nil || got.Message != told().Message || got.Left != 3 || got.Resume != told().Resume {
		t.Errorf("%v: %s", err, text)
	}
	if env, err := os.ReadFile(out + ".env"); string(env) != "interrupted|one two|12|1.5|"+told().Message+"|" {
		t.Errorf("%v: %s", err, env)
	}
}

// What fails says so in a line, within its time; what ends well is no failure, whatever it reads, says or leaves running.
func TestToldInVain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		command, says string
		within        time.Duration
	}{
		{"true", "", patience},
		{"exec <&-; true", "", patience},
		{"echo fine; echo also >&2", "", patience},
		{"sleep 600 &", "", patience},
		{"head -c 200000 /dev/zero", "", patience},
		{"echo first; echo the server is away >&2; exit 7", "exit status 7: the server is away", patience},
		{"no-such-command-anywhere", "exit status 127", patience},
		{"kill -9 $$", "signal: killed", patience},
		{"sleep 600", "did not end within 100ms", 100 * time.Millisecond},
		{"trap '' TERM INT; sleep 600; sleep 600", "did not end within 100ms", 100 * time.Millisecond},
	} {
		began := time.Now()
		err := runNotifier(t.Context(), test.command, told(), test.within)
		switch {
		case test.says == "" && err != nil, test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
			t.Errorf("%s: %v, want %q", test.command, err, test.says)
		case time.Since(began) > patience:
			t.Errorf("%s took %s", test.command, time.Since(began))
		}
	}
}
