package study

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	probe "runtime/metrics"
	"strings"
	"testing"
	"time"

	"nightshift/internal/race"
)

// memoryLimit is how much memory the reading of a file of 64 KB may take.
const memoryLimit = 64 << 20

const head = "study: s\ndata: {set: blobs}\n"

// nasty files try to make much of little: at most 64 KB each.
func nasty() map[string]string {
	fill := func(most int, begin, each, end string) string {
		n := min(most, (64<<10-len(head)-len(begin)-len(end))/len(fmt.Sprintf(each, 99999)))
		var b strings.Builder
		b.WriteString(head + begin)
		for i := range n {
			fmt.Fprintf(&b, each, i)
		}
		return b.String() + end
	}
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := range 20 {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9))
	}
	mappings := "a0: &a0 {b: 1, c: 2}\n"
	for i := range 20 {
		mappings += fmt.Sprintf("a%d: &a%d {x%d: *a%d, y%d: *a%d}\n", i+1, i+1, i, i, i, i)
	}
	long := strings.Repeat("x", 30_000)
	files := map[string]string{
		"aliases of lists":      head + laughs,
		"aliases of mappings":   head + mappings,
		"one list":              head + "base: [" + strings.Repeat("a,", 32_000) + "]\n",
		"deep":                  head + "base: " + strings.Repeat("[", 32_000),
		"deep and closed":       head + "base: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"many unknown keys":     fill(99_999, "base:\n", "  key%05d: 1\n", ""),
		"many near misses":      fill(1_000, "base:\n", "  momentun%05d: 1\n", ""),
		"many bad values":       fill(99_999, "grid:\n  lr: [", "x%d,", "]\n"),
		"a long word, aliased":  head + "question: &x " + long + "\nbase:\n" + strings.Repeat("  *x : 1\n", 3_500),
		"long keys":             head + "x: &x " + long + "\ngrid: {lr: [" + strings.Repeat("*x,", 10_000) + "]}\n",
		"a large range":         head + "grid: {lr: {from: 1, to: 2, n: 10000}}\n",
		"crossed ranges":        head + "grid: {lr: {from: 1, to: 2, n: 10000}, l2: {from: 0, to: 1, n: 20}}\n",
		"many axes":             fill(99_999, "grid:\n", "  p%05d: {a: {}}\n", ""),
		"many axes, many cells": fill(maxAxes-1, "grid:\n  lr: {from: 1, to: 2, n: 10000}\n", "  p%05d: {a: {}}\n", ""),
		"many seeds":            head + "seeds: 200000\n",
		"blocks of many seeds":  fill(maxBlocks, "also:\n", "  - {seeds: 199} #%d\n", ""),
		"blocks of other seeds": fill(maxBlocks, "seeds: 190000\nalso:\n", "  - {seeds: [%d]}\n", ""),
		"many blocks":           head + "also: [" + strings.Repeat("{},", maxBlocks) + "]\n",
		"blocks and rules": head + "rules: [" + strings.Repeat("{when: {lr: 0.1}, set: {lr: 0.1}},", 900) +
			"]\nalso: [" + strings.Repeat("{},", maxBlocks) + "]\n",
		"merged keys": head + "x: &x {a: 1, b: 2}\nbase:\n" + strings.Repeat("  - {<<: [*x, *x, *x, *x, *x, *x, *x, *x]}\n",
			1_400),
	}
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		maps.Copy(files, manyCells(fill))
	}
	return files
}

// manyCells are files whose many cells take seconds to read.
func manyCells(fill func(most int, begin, each, end string) string) map[string]string {
	long := strings.Repeat("x", 5_000)
	return map[string]string{
		"points of many axes": head +
			"sample: {n: 10000}\ngrid: {lr: {uniform: [0, 1]}, l1: {uniform: [0, 1]}, l2: {uniform: [0, 1]}, clip: {uniform: " +
			"[0, 1]}, dropout: {uniform: [0, 0.9]}}\n",
		"a long label":          head + "grid: {lr: {from: 1, to: 2, n: 10000}, p: {" + long[:1000] + ": {}}}\n",
		"a long path":           head + "grid: {lr: {from: 1, to: 2, n: 10000}, data.path: [" + long + "]}\n",
		"crossed, just allowed": head + "grid: {lr: {from: 1, to: 2, n: 100}, l2: {from: 0, to: 1, n: 100}}\n",
		"deep networks":         head + "grid: {lr: {from: 1, to: 2, n: 10000}, depth: [128]}\n",
		"many deep networks":    head + "grid: {width: {from: 1, to: 100, n: 100}, depth: {from: 29, to: 128, n: 100}}\n",
		"long hidden": head + "base: {hidden: [" + strings.Repeat("1,", 126) +
			"1]}\ngrid: {lr: {from: 1, to: 2, n: 10000}}\n",
		"blocks of many values": fill(maxBlocks, "also:\n", "  - {grid: {lr: {from: 1, to: 2, n: 50}}} #%d\n", ""),
		"cells and rules": head + "grid: {lr: {from: 1, to: 2, n: 10000}}\nrules: [" +
			strings.Repeat("{when: {lr: 1}, set: {l1: 1}},", 300) + "]\n",
		"cells and rules that hold": head + "grid: {lr: {from: 1, to: 2, n: 10000}}\nrules: [" +
			strings.Repeat("{when: {l2: 0}, set: {l1: 1}},", 300) + "]\n",
		"cells and excludes": head + "grid: {lr: {from: 1, to: 2, n: 10000}}\nexclude: [" + strings.Repeat("{l2: 1},", 700) +
			"]\n",
		"many claims": fill(200, "grid: {lr: {from: 1, to: 2, n: 10000}}\nexpect:\n", "- test_error(lr=1) < 0.%d\n",
			""),
		"claims that match many": fill(200, "grid: {lr: {from: 1, to: 2, n: 10000}}\nexpect:\n", "- best test_error < 0.%d\n",
			""),
		"claims that miss": fill(200, "grid: {lr: {from: 1, to: 2, n: 10000}}\nexpect:\n", "- test_error(lr=%d) < 0.1\n",
			""),
		"many rungs": fill(maxRungs-1,
			"base: {epochs: 100000}\ngrid: {lr: {from: 1, to: 2, n: 10000}}\nprune: {rungs: [1", ", 1%04d", "]}\n"),
		"points of many blocks": fill(maxBlocks, "sample: {n: 40}\ngrid: {lr: {uniform: [0, 1]}}\nalso:\n",
			"  - {grid: {l1: {uniform: [0, 1]}}} #%d\n", ""),
	}
}

// TestMemory: no file of 64 KB takes more than its share, or for ever.
func TestMemory(t *testing.T) {
	if testing.Short() || race.Enabled {
		t.Skip("-short, or with the race detector, whose memory it would measure")
	}
	for name, text := range nasty() {
		if len(text) > 64<<10 {
			t.Errorf("%s has %d bytes", name, len(text))
		}
		began := time.Now()
		var err error
		peak := peakOf(func() { _, err = Parse("s.yaml", []byte(text), nil) })
		message := "fine"
		if err != nil {
			message, _, _ = strings.Cut(err.Error(), "\n")
		}
		t.Logf("%6.1f MB %6.0f ms  %s: %.100s", float64(peak)/(1<<20), time.Since(began).Seconds()*1000, name, message)
		if peak > memoryLimit {
			t.Errorf("%s takes %d MB", name, peak>>20)
		}
	}
}

// peakOf is by how much the heap grows while f runs.
func peakOf(f func()) uint64 {
	// With little garbage: how much of it waits depends on what else the machine does.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	heap := []probe.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 {
		probe.Read(heap)
		return heap[0].Value.Uint64()
	}
	runtime.GC()
	before := read()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	peak := before
	for {
		select {
		case <-done:
			return max(peak, read()) - before
		case <-time.After(time.Millisecond): // a peak lasts longer: garbage waits for the next collection
			peak = max(peak, read())
		}
	}
}
