package serve

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"

	"nightshift/report"
)

// index answers with the studies that there are.
func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	studies, note := s.studies, s.absent
	pages := map[string][]byte{}
	for name, one := range s.shown {
		one.mu.Lock()
		pages[name] = one.page
		one.mu.Unlock()
	}
	s.mu.Unlock()
	page, err := report.LiveIndex(studies, s.o.Lecture, func(study string) []byte { return pages[study] }, note)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, r, page, nil)
}

// page answers with the page of a study as far as it is made, once there is any.
func (s *Server) page(w http.ResponseWriter, r *http.Request, name string) {
	one, ok := s.open(name)
	if !ok {
		http.Error(w, "There is no study "+strconv.Quote(name)+" in the database.", http.StatusNotFound)
		return
	}
	for {
		one.mu.Lock()
		page, packed, problem, news := one.page, one.packed, one.problem, one.news
		if page != nil && packed == nil {
			packed = compressed(page)
			one.packed = packed
		}
		one.mu.Unlock()
		switch {
		case page != nil:
			answer(w, r, page, packed)
			return
		case problem != "":
			http.Error(w, problem, http.StatusInternalServerError)
			return
		}
		select {
		case <-news:
		case <-r.Context().Done():
			return
		}
	}
}

func compressed(page []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil
	}
	if _, err := z.Write(page); err != nil || z.Close() != nil {
		return nil
	}
	return b.Bytes()
}

// answer writes a page, compressed where that is there and can be read.
func answer(w http.ResponseWriter, r *http.Request, page, packed []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if packed != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		page = packed
	}
	h.Set("Content-Length", strconv.Itoa(len(page)))
	if r.Method != http.MethodHead {
		w.Write(page) // whoever has gone does not read it
	}
}

// takesGzip says whether a list of encodings has gzip, and does not refuse it.
func takesGzip(list string) bool {
	for one := range strings.SplitSeq(list, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";q=")
		if name == "gzip" && strings.Trim(weight, "0.") != "" || name == "gzip" && weight == "" {
			return true
		}
	}
	return false
}
