package faults

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	browserlog "github.com/chromedp/cdproto/log"
	browserjs "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nightshift/internal/chromium"
)

// liveYAML is a study of some seconds with a claim.
const liveYAML = `study: grows
question: Does a wider network learn moons better?
data: {set: moons, train: 2000, valid: 200, test: 500, noise: 0.2}
base: {activation: tanh, optimizer: adam, lr: 0.01, batch: 20, epochs: 500, log: {every: 10}}
grid: {width: [2, 32]}
seeds: 4
expect:
  - test_error(width=32) < test_error(width=2)
`

// listen gives what the browser has complained about since.
func listen(t *testing.T, ctx context.Context) (complaints func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	add := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, text)
	}
	check(t, chromedp.Do(ctx))
	check(t, chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *browserjs.EventExceptionThrown:
			add(e.ExceptionDetails.Text)
		case *browserlog.EventEntryAdded:
			if !strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
				add(e.Entry.Text + " " + e.Entry.URL)
			}
		}
	}))
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// until waits until an expression is true on the page. It asks again and again, since an answer that the page has promised may
// never come where it is loaded anew.
func until(t *testing.T, ctx context.Context, what, js string) {
	t.Helper()
	js = `(() => { try { return Boolean(` + js + `) } catch { return false } })()`
	ask := func() bool {
		within, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		is, err := chromedp.Run(within, chromedp.Evaluate[bool](js))
		return err == nil && is
	}
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if ask() {
			return
		}
	}
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`))
	t.Fatalf("%s: %v; the page says\n%s", what, err, page)
}

// live looks at a night in a browser, from before there is a database: it is killed, goes on, and comes to its end.
func (p program) live(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the state of a process is known on Linux only")
	}
	var browser chromium.Browser
	t.Cleanup(browser.Close)
	ctx := browser.Open(t)
	complaints := listen(t, ctx)
	dir := t.TempDir()
	out := filepath.Join(dir, "results")
	study := filepath.Join(dir, "grows.yaml")
	check(t, os.WriteFile(study, []byte(liveYAML), 0o666))
	serve := exec.Command(p.path, "serve", "--port", "0", "--out", out)
	said, err := serve.StdoutPipe()
	check(t, err)
	check(t, serve.Start())
	defer serve.Wait()
	defer serve.Process.Kill()
	address := ""
	for lines := bufio.NewScanner(said); address == "" && lines.Scan(); {
		if text := strings.TrimSpace(lines.Text()); strings.HasPrefix(text, "http://127.0.0.1:") {
			address = text
		}
	}
	check(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address)))
	until(t, ctx, "before the first night", `document.body.innerText.includes("There is no database")`)

	night := func() *exec.Cmd {
		c := exec.Command(p.path, "run", study, "--out", out, "--workers", "1", "--checkpoint", "100ms", "--no-report")
		check(t, c.Start())
		return c
	}
	// A night stands still while the browser is waited for, so that none is too fast for the other.
	signal := func(c *exec.Cmd, s os.Signal) { check(t, c.Process.Signal(s)) }
	first := night()
	waitLog(t, out, "msg=night")
	waitRows(t, out, `SELECT 1 FROM epoch WHERE epoch >= 50`)
	signal(first, syscall.SIGSTOP)
	until(t, ctx, "the study appears", `document.querySelector("a[href='grows/']")`)
	check(t, chromedp.Do(ctx, chromedp.Navigate(address+"grows/")))
	until(t, ctx, "a run is trained", `document.querySelector("#night").innerText.includes("Training.")`)
	until(t, ctx, "curves are drawn", `document.querySelector("#figure-explorer [data-series] path").getAttribute("d").length > 20`)
	until(t, ctx, "there are points", `(globalThis.had = state.values.flat().length) > 2`)
	_, measured, _ := strings.Cut(rows(t, database(out), `SELECT count(DISTINCT run) AS n FROM epoch`)[0], "=")
	signal(first, syscall.SIGCONT)
	waitRows(t, out, `SELECT 1 WHERE (SELECT count(DISTINCT run) FROM epoch) > `+measured)
	signal(first, syscall.SIGSTOP)
	until(t, ctx, "curves grow", `state.values.flat().length > globalThis.had`)
	until(t, ctx, "the claim waits", `document.querySelector("#answer").innerText.includes("the verdict comes when all")`)
	check(t, first.Process.Kill())
	first.Wait()
	until(t, ctx, "the night is killed", `document.querySelector("#night").innerText.includes("Nobody is training now.") &&
		/is gone|was probably ended/.test(document.querySelector("#night").innerText)`) // another test lets memory run out
	second := night()
	waitRows(t, out, fmt.Sprintf(`SELECT 1 FROM claim JOIN owner ON owner.key = claim.owner JOIN run ON run.key = claim.run
		WHERE owner.pid = %d AND run.status = 'running'`, second.Process.Pid))
	signal(second, syscall.SIGSTOP)
	until(t, ctx, "the night goes on", `document.querySelector("#night").innerText.includes("Training.")`)
	until(t, ctx, "a time is told", `/About .* left|Nearly over/.test(document.querySelector("#night").innerText)`)
	signal(second, syscall.SIGCONT)
	check(t, second.Wait())
	until(t, ctx, "all is over", `document.querySelector("#night").innerText.includes("All that was planned is over.")`)
	until(t, ctx, "the verdict", `document.querySelector(".verdict").innerText.includes("held") &&
		document.querySelectorAll("main > figure").length > 0`)
	until(t, ctx, "figures answer", `document.querySelector("main > figure .legend button") &&
		document.querySelector("thead button")`)
	if said := complaints(); len(said) > 0 {
		t.Errorf("the browser complains: %q", said)
	}
	check(t, serve.Process.Signal(syscall.SIGINT))
	check(t, serve.Wait())
	until(t, ctx, "the page says that it hears nothing", `!document.querySelector("#lost").hidden`)
}
