package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"nightshift/experiments"
	"nightshift/internal/panics"
	"nightshift/internal/serve"
	"nightshift/internal/store"
	"nightshift/report"
)

// servePort is where the live page is unless it is said, so that an address can be kept.
const servePort = 8017

// servePatience is how long answers that are being given are waited for at the end.
const servePatience = 2 * time.Second

func (a *app) serveCommand() *cobra.Command {
	listen, port := "127.0.0.1", servePort
	c := &cobra.Command{
		Use:   "serve",
		Short: "Show the reports as live pages while a night goes on",
		Long: `Shows the pages of all studies in a browser and keeps them up to date: runs appear,
curves grow at most two seconds after the database has them, with the time that is
left as run and status say it. Claims get their verdicts when all planned seeds are in,
and before that intervals that are valid however often one looks at them.

The page belongs to this machine (127.0.0.1) and to whoever has the address that is
printed, which is another one each time. It only reads: nothing can be changed from it.
It may be started before the night, and stays when the night is over, is killed, or
goes on. Ctrl-C ends the page and never the night. To see it from another machine, let
ssh lead there (ssh -L 8017:127.0.0.1:8017 HOST), or --listen, which is not encrypted.`,
		Example: "  nightshift serve\n  nightshift serve --port 0 --out /data/results\n  nightshift serve --listen 192.168.0.7",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if port < 0 || port > 65535 {
				return usage(fmt.Errorf("--port is %d; it is between 0, for any that is free, and 65535", port))
			}
			return a.serve(cmd.Context(), listen, port)
		},
	}
	c.Flags().StringVar(&listen, "listen", listen, "address of this machine that is listened on")
	c.Flags().IntVar(&port, "port", port, "port that is listened on; 0 for any that is free")
	return c
}

// serve shows the live pages until the context ends.
func (a *app) serve(ctx context.Context, host string, port int) error {
	if db, err := store.OpenReadOnly(a.dbPath()); err == nil {
		db.Close() // it was only read
	} else if errors.Is(err, store.ErrOlderSchema) {
		return err // no night brings it up to date as long as somebody waits for it
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d is taken, perhaps by another nightshift serve: --port 0 takes any that is free", port)
	case err != nil:
		return fmt.Errorf("cannot listen on %s: %w; --listen names an address of this machine, --port a port", host, err)
	}
	token := rand.Text()
	in, done := a.reportInputs(true)
	defer done()
	var lessons []report.Lesson
	for _, l := range experiments.Lecture() {
		lessons = append(lessons, report.Lesson(l))
	}
	pages := serve.New(serve.Options{DB: a.dbPath(), Token: token, Host: host, Inputs: in, Lecture: lessons, Work: a.workOf(),
		Now: time.Now, Every: serve.LookEvery})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	followed := make(chan error, 1)
	go func() { followed <- panics.Caught(func() error { pages.Follow(ctx); return nil }) }()
	server := &http.Server{Handler: pages.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 1 << 16, ErrorLog: log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	a.printAddress(listener.Addr(), host, token)
	select {
	case err = <-ended:
		err = fmt.Errorf("the page is served no longer: %w", err)
	case over := <-followed: // by itself only with a panic
		followed <- over
	case <-ctx.Done():
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), servePatience)
		defer cancel()
		server.Shutdown(within) // what is being told ends with the context; who does not read is left
	}
	stop()
	server.Close()
	return errors.Join(err, <-followed)
}

// printAddress prints the address of the pages.
func (a *app) printAddress(at net.Addr, host, token string) {
	_, port, _ := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() || host == "" {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	fmt.Fprintf(a.out, "%s, live and read only:\n  http://%s/%s/\nCtrl-C ends the page, not the night.\n", a.dbPath(),
		net.JoinHostPort(host, port), token)
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintln(a.err, "other machines are answered, too, and nothing is encrypted: whoever has this address can read all results")
	}
}
