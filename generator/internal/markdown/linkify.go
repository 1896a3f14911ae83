package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/idna"
)

// linkifyParser links bare addresses as GitHub does (GFM, extended autolinks): an
// address reaches to the next space or "<", less the punctuation behind it. goldmark's
// own parser knows ASCII alone, and would cut an address at its first accent.
//
// goldmark asks inline parsers at punctuation and spaces alone, so that an address is
// found at the ":" of its scheme, the "." of "www." or its "@"; what stands before is
// text already and is taken back.
type linkifyParser struct{}

// Trigger implements [parser.InlineParser].
func (linkifyParser) Trigger() []byte { return []byte{':', '.', '@'} }

// Parse implements [parser.InlineParser].
func (linkifyParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if segment.Padding > 0 || len(line) < 2 {
		return nil
	}
	at, source := segment.Start, block.Source()
	stop := at + len(bytes.TrimRight(line, "\r\n"))
	var start, end int
	kind, protocol := ast.AutoLinkType(ast.AutoLinkURL), []byte(nil)
	switch line[0] {
	case ':':
		start, end = schemeAddress(source, at, stop)
	case '.':
		start, end = wwwAddress(source, at, stop)
		protocol = []byte("http")
	default:
		start, end = mailAddress(source, at, stop)
		kind = ast.AutoLinkEmail
	}
	if end == 0 || !takeBack(parent, start, at, pc) {
		return nil
	}
	block.Advance(end - at)
	n := ast.NewAutoLink(kind, ast.NewTextSegment(text.NewSegment(start, end)))
	n.Protocol = protocol
	n.SetPos(start)
	return n
}

// takeBack removes source[start:end] from the end of parent's text; it reports whether
// that was text, and text of this line.
func takeBack(parent ast.Node, start, end int, pc parser.Context) bool {
	var whole []ast.Node
	for n := parent.LastChild(); n != nil && end > start; n = n.PreviousSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if n.Segment.Stop != end || n.SoftLineBreak() || n.HardLineBreak() {
				return false
			}
			if n.Segment.Start < start {
				n.Segment = n.Segment.WithStop(start)
				end = start
				continue
			}
			end = n.Segment.Start
			whole = append(whole, n)
		case *parser.Delimiter: // the "_" of an e-mail address
			if n.Segment.Stop != end {
				return false
			}
			end = n.Segment.Start
			whole = append(whole, n)
		default:
			return false
		}
	}
	if end != start {
		return false
	}
	for _, n := range whole {
		if d, ok := n.(*parser.Delimiter); ok {
			d.Length = 0 // so that it is not put back as text
			pc.RemoveDelimiter(d)
		} else {
			parent.RemoveChild(parent, n)
		}
	}
	return true
}

// schemeAddress finds the address whose scheme's colon stands at colon, on a line that
// ends at stop. An end of 0 means that there is none.
func schemeAddress(source []byte, colon, stop int) (start, end int) {
	rest := source[colon:stop]
	if !bytes.HasPrefix(rest, []byte("://")) {
		return 0, 0
	}
	start = colon
	for start > 0 && isASCIILetter(source[start-1]) {
		start--
	}
	switch strings.ToLower(string(source[start:colon])) {
	case "http", "https", "ftp":
	default:
		return 0, 0
	}
	// Behind a slash it belongs to another address (web.archive.org/web/2024/https://…).
	if before, _ := utf8.DecodeLastRune(source[:start]); before == '/' || isNameRune(before) {
		return 0, 0
	}
	host := colon + len("://")
	return start, addressEnd(source, start, host, stop)
}

// wwwAddress finds the address that begins with the "www" before dot.
func wwwAddress(source []byte, dot, stop int) (start, end int) {
	start = dot - len("www")
	if start < 0 || !strings.EqualFold(string(source[start:dot]), "www") {
		return 0, 0
	}
	if before, _ := utf8.DecodeLastRune(source[:start]); isNameRune(before) || before != utf8.RuneError && strings.ContainsRune(`/\.:@-&=#?%+`, before) {
		return 0, 0
	}
	if bytes.IndexByte(source[dot+1:stop], '.') <= 0 { // www.x alone names no host
		return 0, 0
	}
	return start, addressEnd(source, start, start, stop)
}

// addressEnd returns where the address that begins at start, with its host at host,
// ends before stop; 0 if the host is none.
func addressEnd(source []byte, start, host, stop int) int {
	at := host
	// A name and password before the host are part of the address.
	if i := bytes.IndexAny(source[host:stop], "@/?# <"); i >= 0 && source[host+i] == '@' {
		at += i + 1
	}
	end := at
	for end < stop {
		r, n := utf8.DecodeRune(source[end:stop])
		if !isNameRune(r) && r != '-' && r != '.' && r != '_' {
			break
		}
		end += n
	}
	name := strings.TrimRight(string(source[at:end]), ".-_")
	if !isHost(name) {
		return 0
	}
	end = at + len(name)
	rest := end
	if rest < stop && source[rest] == ':' {
		port := rest + 1
		for port < stop && '0' <= source[port] && source[port] <= '9' {
			port++
		}
		if port > rest+1 {
			rest, end = port, port
		}
	}
	if rest >= stop || bytes.IndexByte([]byte("/?#"), source[rest]) < 0 {
		return end
	}
	return trimAddress(source, start, end, reach(source, start, rest, stop))
}

// isHost reports whether name may be a host's: with a dot, and as GFM has it without
// an underscore in its last two parts.
func isHost(name string) bool {
	labels := strings.Split(name, ".")
	if len(labels) < 2 {
		return false
	}
	for i, label := range labels {
		if label == "" || i >= len(labels)-2 && strings.Contains(label, "_") {
			return false
		}
	}
	return true
}

// reach returns how far the address goes before what is behind it is looked at: to a
// space of any kind, a control character, "<", or a bracket that closes one outside.
func reach(source []byte, start, from, stop int) int {
	open := 0
	for i := from; i < stop; {
		r, n := utf8.DecodeRune(source[i:stop])
		switch {
		case r == '<' || r == '\ufeff' || r == '\u200b' || unicode.IsSpace(r) || unicode.IsControl(r):
			return i
		case r == '[':
			open++
		case r == ']':
			if open--; open < 0 {
				return i
			}
		case r == '=' && bytes.HasPrefix(source[i:stop], []byte("==")) && bytes.HasSuffix(source[:start], []byte("==")),
			r == '%' && bytes.HasPrefix(source[i:stop], []byte("%%")) && bytes.HasSuffix(source[:start], []byte("%%")):
			return i // the marks that the address stands between
		}
		i += n
	}
	return stop
}

// partners are the signs that close, with those they must answer to be part of an
// address.
var partners = map[rune]string{')': "(", ']': "[", '}': "{", '»': "«", '”': "“", '’': "‘", '›': "‹"}

// trimAddress takes the punctuation of the sentence from the end of an address, which
// must be over least.
func trimAddress(source []byte, start, least, end int) int {
	for end > least {
		address := string(source[start:end])
		r, n := utf8.DecodeLastRuneInString(address)
		partner, closes := partners[r]
		switch {
		case closes:
			if strings.Count(address, string(r)) <= strings.Count(address, partner) {
				return end
			}
			end -= n
		case r == ';':
			// An entity behind the address, such as &nbsp;, is not part of it.
			amp := strings.LastIndexByte(address, '&')
			if amp >= 0 && amp < len(address)-2 && strings.IndexFunc(address[amp+1:len(address)-1], func(r rune) bool {
				return r >= utf8.RuneSelf || !isASCIILetter(byte(r)) && (r < '0' || r > '9') && r != '#'
			}) < 0 {
				end = max(start+amp, least)
			} else {
				end -= n
			}
		case strings.ContainsRune("?!.,:*_~'\"\\`|>", r), r >= utf8.RuneSelf && !isNameRune(r) && unicode.IsPunct(r):
			end -= n
		default:
			return end
		}
	}
	return end
}

// mailAddress finds the e-mail address whose sign stands at.
func mailAddress(source []byte, at, stop int) (start, end int) {
	start = at
	for start > 0 {
		c := source[start-1]
		if !isASCIILetter(c) && (c < '0' || c > '9') && strings.IndexByte(".+-_", c) < 0 {
			break
		}
		start--
	}
	for start < at && strings.IndexByte("._", source[start]) >= 0 {
		start++ // emphasis, or a sentence's end
	}
	if before, _ := utf8.DecodeLastRune(source[:start]); start == at || isNameRune(before) || before == '/' || before == ':' && !bytes.HasSuffix(bytes.ToLower(source[:start]), []byte("mailto:")) && start > 1 && source[start-2] == '/' {
		return 0, 0
	}
	if bytes.HasSuffix(bytes.ToLower(source[:start]), []byte("mailto:")) {
		start -= len("mailto:")
	}
	end = at + 1
	for end < stop {
		r, n := utf8.DecodeRune(source[end:stop])
		if !isNameRune(r) && r != '-' && r != '.' && r != '_' {
			break
		}
		end += n
	}
	name := strings.TrimRight(string(source[at+1:end]), ".")
	end = at + 1 + len(name)
	if !isHost(strings.TrimRight(name, "-_")) || strings.HasSuffix(name, "-") {
		return 0, 0
	}
	if strings.HasSuffix(name, "_") { // GFM: no address ends so; here it is emphasis
		end = at + 1 + len(strings.TrimRight(name, "_"))
	}
	return start, end
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isNameRune reports whether r may stand in a host's name beside "-" and ".".
func isNameRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// asciiHost returns an address with its host in ASCII (RFC 5891), which every reader
// understands; an address without such a host is returned as it is.
func asciiHost(address string) string {
	if name, domain, found := strings.Cut(address, "@"); found && strings.HasPrefix(strings.ToLower(name), "mailto:") {
		domain, query, _ := strings.Cut(domain, "?")
		if ascii, err := idna.Lookup.ToASCII(domain); err == nil && ascii != domain {
			return strings.TrimSuffix(name+"@"+ascii+"?"+query, "?")
		}
		return address
	}
	scheme, rest, found := strings.Cut(address, "//")
	if !found || scheme != "" && !strings.HasSuffix(scheme, ":") || strings.ContainsAny(scheme, "/?#") {
		return address
	}
	end := len(rest)
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		end = i
	}
	host := rest[:end]
	user := ""
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		user, host = host[:i+1], host[i+1:]
	}
	port := ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host, port = host[:i], host[i:]
	}
	if strings.IndexFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return address
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return address
	}
	return scheme + "//" + user + ascii + port + rest[end:]
}
