package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"nightshift/internal/retry"
)

// errGone is that an address does not have the file, now or later.
var errGone = errors.New("the address does not have it")

// fetch brings the rest of a file to a path, behind what is there of it from an earlier attempt.
func (g Getter) fetch(ctx context.Context, address, path, name string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	have := size(path)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	request.Header.Set("Accept-Encoding", "identity") // the bytes as they are published, not packed for the way
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	stalled := time.AfterFunc(g.Stall, func() { cancel(fmt.Errorf("nothing came for %s", g.Stall)) })
	defer stalled.Stop()
	response, err := g.Client.Do(request)
	if err != nil {
		return because(ctx, err)
	}
	defer response.Body.Close()
	part, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return err
	}
	defer part.Close()
	if have, err = begin(response, part, have); err != nil {
		return err
	}
	total := int64(-1)
	if response.ContentLength >= 0 {
		total = have + response.ContentLength
	}
	buffer := make([]byte, 1<<16)
	for {
		n, err := response.Body.Read(buffer)
		stalled.Reset(g.Stall)
		if _, err := part.Write(buffer[:n]); err != nil {
			return err
		}
		have += int64(n)
		if have > maxSize {
			return errors.Join(fmt.Errorf("%w: it is longer than %d bytes", errWrong, int64(maxSize)), part.Truncate(0))
		}
		g.Progress(name, have, total)
		if errors.Is(err, io.EOF) {
			return part.Sync()
		}
		if err != nil {
			return because(ctx, err)
		}
	}
}

// maxSize is more than any of the files has, in bytes: a server that never stops fills no disk.
const maxSize = 2 << 30

// begin looks at the head of an answer and says how many bytes of the file are there before its body.
func begin(response *http.Response, part *os.File, have int64) (int64, error) {
	switch code := response.StatusCode; {
	case code == http.StatusPartialContent && strings.HasPrefix(response.Header.Get("Content-Range"),
		fmt.Sprintf("bytes %d-", have)):
		return have, nil
	case code == http.StatusOK: // a server without ranges begins at the beginning
		return 0, part.Truncate(0)
	case code == http.StatusPartialContent, code == http.StatusRequestedRangeNotSatisfiable:
		// What is there is not a beginning of what the server has, or all of it; the checksum knows.
		return have, errWholeOrWrong
	case code == http.StatusTooManyRequests, code >= 500:
		return 0, fmt.Errorf("the server says %s", response.Status)
	default:
		return 0, fmt.Errorf("%w: the server says %s", errGone, response.Status)
	}
}

// errWholeOrWrong is that a server has nothing behind what has come already.
var errWholeOrWrong = errors.New("there is no more of it")

// because names what ended a request: that it stood still, where that is so, or that there is no such server.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the transfer broke off")
	}
	if !retry.MayHelp(err) {
		return fmt.Errorf("%w: %w", errGone, retry.Cause(err))
	}
	return retry.Cause(err)
}
