package linkcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// try finds out about one address.
func (c *Checker) try(ctx context.Context, address string) Result {
	u, err := url.Parse(address)
	if err != nil {
		return Result{Outcome: Unknown, Reason: "it is no web address", unasked: true}
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	start, seen := u, map[string]bool{}
	moved, forGood := "", true // where permanent redirects alone have led so far
	for range maxRedirects {
		if seen[u.String()] {
			return Result{Outcome: Dead, Reason: "it redirects in a circle"}
		}
		seen[u.String()] = true
		a, err := c.fetch(ctx, u)
		if err != nil {
			return c.failed(ctx, err)
		}
		switch {
		case a.status >= 200 && a.status < 300:
			if moved != "" {
				return Result{Outcome: Moved, Address: moved}
			}
			return Result{Outcome: Alive}
		case isRedirect(a.status):
			next, err := u.Parse(a.location)
			switch {
			case a.location == "":
				return Result{Outcome: Dead, Reason: fmt.Sprintf("it redirects (%s) without saying where", statusText(a.status))}
			case err != nil || !mayFollow(start, next):
				return Result{Outcome: Dead, Reason: fmt.Sprintf("it redirects to %q, which is no address on the web", a.location)}
			}
			next.Fragment, next.RawFragment = "", ""
			forGood = forGood && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
			if forGood {
				moved = next.String()
			}
			u = next
		default:
			return judge(a.status)
		}
	}
	return Result{Outcome: Dead, Reason: fmt.Sprintf("it redirects more than %d times", maxRedirects)}
}

// fetch asks for a page's header, and for the page itself where a host does not like
// that: some answer HEAD with an error, whatever they have. It tries again where the
// host is busy.
func (c *Checker) fetch(ctx context.Context, u *url.URL) (answer, error) {
	method := http.MethodHead
	for try := 1; ; {
		a, err := c.ask(ctx, method, u)
		again := temporary(err) || err == nil && busy(a.status)
		switch {
		case ctx.Err() != nil:
			return a, ctx.Err()
		case again && try < tries:
			if err := sleep(ctx, c.options.Retry<<(try-1)); err != nil {
				return a, err
			}
			try++
			method = http.MethodGet
		case err == nil && a.status >= 400 && !again && method == http.MethodHead:
			method = http.MethodGet
		default:
			return a, err
		}
	}
}

// judge tells what a final answer means.
func judge(status int) Result {
	text := statusText(status)
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusProxyAuthRequired,
		http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons, 999:
		return Result{Outcome: Unknown, Reason: "its host answers programs with " + text}
	}
	return Result{Outcome: Dead, Reason: text}
}

// failed tells what a request without an answer means.
func (c *Checker) failed(ctx context.Context, err error) Result {
	if cause := ctx.Err(); cause != nil {
		reason := "there was no time left to try it"
		if errors.Is(cause, context.Canceled) {
			reason = "the check was interrupted"
		}
		return Result{Outcome: Unknown, Reason: reason, unasked: true}
	}
	var forbidden errForbidden
	if errors.As(err, &forbidden) {
		return Result{Outcome: Unknown, Reason: forbidden.reason}
	}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	reached := errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &certificate) || errors.Is(err, syscall.ECONNREFUSED)
	return Result{Outcome: Dead, Reason: plain(err), unreached: !reached}
}

// plain says in a few words why a request failed.
func plain(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "host is unknown"
	case errors.As(err, &certificate):
		return "certificate is not valid: " + certificate.Err.Error()
	case temporary(err):
		return "host does not answer"
	case errors.As(err, &op):
		return "connection failed: " + op.Err.Error()
	}
	var failure *url.Error
	if errors.As(err, &failure) {
		err = failure.Err
	}
	return err.Error()
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// mayFollow tells whether a redirect from an address that an author wrote may be
// followed: to the web, and never from there into the network of who checks.
func mayFollow(from, to *url.URL) bool {
	if to.Scheme != "http" && to.Scheme != "https" || to.Host == "" || to.User != nil {
		return false
	}
	return !isPrivate(to.Hostname()) || isPrivate(from.Hostname())
}

// isPrivate tells whether a host's name is visibly one of a private network.
func isPrivate(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}
