package linkcheck

import (
	"bufio"
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxRobots is how much of a robots.txt is read: what RFC 9309, § 2.5, asks for at least.
const maxRobots = 500 << 10

// robots are the rules of a robots.txt for one product (RFC 9309), with the Crawl-delay
// that some hosts add.
type robots struct {
	rules []robotsRule
	delay time.Duration
}

type robotsRule struct {
	pattern string // normalized; may hold * and a final $
	allow   bool
}

// parseRobots reads the rules for a product: those of all groups that name it or, where
// none does, of the groups for everybody (§ 2.2.1).
func parseRobots(text []byte, product string) robots {
	var own, everybody robots
	named := false        // some group names the product
	var current []*robots // what the present group's rules go to
	inAgents := false     // the last line was a user-agent
	text = bytes.TrimPrefix(text[:min(len(text), maxRobots)], []byte("\ufeff"))
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxRobots+1)
	lines.Split(scanRobotsLines)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if !inAgents {
				current = nil
			}
			inAgents = true
			switch {
			case value == "*":
				current = append(current, &everybody)
			case strings.EqualFold(productToken(value), product):
				named = true
				current = append(current, &own)
			}
			continue
		case "allow", "disallow":
			if value != "" { // an empty rule forbids nothing
				for _, r := range current {
					r.rules = append(r.rules, robotsRule{normalizePath(value), key == "allow"})
				}
			}
		case "crawl-delay":
			if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
				for _, r := range current {
					r.delay = time.Duration(min(seconds, maxDelay.Seconds()) * float64(time.Second))
				}
			}
		default:
			continue // such as Sitemap, which belongs to no group
		}
		inAgents = false
	}
	if named {
		return own
	}
	return everybody
}

// scanRobotsLines splits at CR, LF or both.
func scanRobotsLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// productToken is the name in a user-agent line: its letters, _ and - (§ 2.2.1), so that
// a version behind it does not count.
func productToken(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	})
	if end < 0 {
		return value
	}
	return value[:end]
}

// allows tells whether an address may be asked for: as the longest rule that fits says,
// which of two as long is the one that allows (§ 2.2.2).
func (r robots) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = normalizePath(path)
	longest, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); n >= longest && (n > longest || rule.allow) && fits(rule.pattern, path) {
			longest, allowed = n, rule.allow
		}
	}
	return allowed
}

// fits tells whether a pattern, in which * stands for anything and a final $ for the
// end, fits the start of path.
func fits(pattern, path string) bool {
	pattern, toEnd := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	if len(parts) == 1 {
		return !toEnd || rest == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if toEnd {
		return strings.HasSuffix(rest, last)
	}
	return strings.Contains(rest, last)
}

// normalizePath writes a path or pattern so that two that mean the same are the same
// (§ 2.2.2): what needs no percent-encoding has none, what needs it is in capitals.
func normalizePath(path string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if n, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				if c := byte(n); isUnreserved(c) {
					b.WriteByte(c)
				} else {
					b.WriteString("%" + strings.ToUpper(path[i+1:i+3]))
				}
				i += 2
				continue
			}
		}
		if c <= ' ' || c >= 0x7f {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// isUnreserved tells whether c never needs percent-encoding (RFC 3986, § 2.3).
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
