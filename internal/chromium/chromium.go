// Package chromium starts the browser that tests look at pages with.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser is one process for many tests, which the first of them starts. Its zero value is ready to use.
type Browser struct {
	once    sync.Once
	ctx     context.Context // of the process
	end     func()
	err     error
	profile string // the folder of what it keeps
}

var errNone = errors.New("there is no chromium")

// Open opens a tab that shares nothing with those of other tests. It ends with the test, and after eight minutes, before
// go test ends all. Where there is no browser, the test is skipped, unless NIGHTSHIFT_BROWSER=required.
func (b *Browser) Open(t testing.TB) context.Context {
	t.Helper()
	b.once.Do(b.start)
	if errors.Is(b.err, errNone) && os.Getenv("NIGHTSHIFT_BROWSER") != "required" {
		t.Skip("no chromium here: the page is not looked at in a browser")
	}
	if b.err != nil {
		t.Fatal(b.err)
	}
	ctx, closeTab := chromedp.NewContext(b.ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func (b *Browser) start() {
	names := []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	at := slices.IndexFunc(names, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	if at < 0 {
		b.err = errNone
		return
	}
	if b.profile, b.err = os.MkdirTemp("", "nightshift-chromium"); b.err != nil {
		return
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(names[at]), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(b.profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	b.ctx, b.end = ctx, func() { closeTab(); stop() }
	if err := chromedp.Do(ctx); err != nil {
		b.err = fmt.Errorf("starting %s: %w", names[at], err)
	}
}

// Close ends the process, if there is one.
func (b *Browser) Close() {
	if b.end != nil {
		b.end()
	}
	if b.profile != "" {
		os.RemoveAll(b.profile)
	}
}
