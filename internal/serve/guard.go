package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// Handler answers requests: read only, under the token, and as the machine that it runs on. Another Host is refused, since a
// page from elsewhere could have its own name lead here (DNS rebinding).
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // the address has the token
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'") // a page has the rest of its policy in itself
		h.Set("Cache-Control", "no-store")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "Nothing can be changed from here: only GET and HEAD are answered.", http.StatusMethodNotAllowed)
		case !ours(r.Host, s.o.Host):
			http.Error(w, "This address is not served under such a name: open the one that nightshift serve has printed.",
				http.StatusForbidden)
		default:
			s.route(w, r)
		}
	})
}

// ours says whether a request may name this machine so, where host is listened on.
func ours(name, host string) bool {
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.ToLower(strings.Trim(name, "[]")), ".")
	ip := net.ParseIP(name)
	if loopback(host) {
		return name == "localhost" || ip != nil && ip.IsLoopback()
	}
	machine, _ := os.Hostname()
	return ip != nil || name == "localhost" || name == strings.ToLower(host) || name == strings.ToLower(machine)
}

// loopback says whether only this machine is listened to.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || ip != nil && ip.IsLoopback()
}

// route finds what is asked for: /TOKEN/ the studies, /TOKEN/STUDY/ a page, /TOKEN/STUDY/events what happens.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		parts = append(parts, plain)
	}
	if !same(parts[0], s.o.Token) {
		http.Error(w, "There is nothing here: open the address that nightshift serve has printed.", http.StatusNotFound)
		return
	}
	switch {
	case len(parts) == 1, len(parts) == 2 && parts[1] != "":
		http.Redirect(w, r, r.URL.EscapedPath()+"/", http.StatusFound) // relative addresses need it
	case len(parts) == 2:
		s.index(w, r)
	case len(parts) == 3 && parts[2] == "":
		s.page(w, r, parts[1])
	case len(parts) == 3 && parts[2] == "events":
		s.events(w, r, parts[1])
	default:
		http.NotFound(w, r)
	}
}

// same compares in a time that does not tell how much is right.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
