package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// units are what may follow a number in French, and the space between them: the
// narrow one before symbols, the wide one before words.
var units = map[string]string{
	"%": nnbsp, "‰": nnbsp, "€": nnbsp, "$": nnbsp, "£": nnbsp, "k€": nnbsp, "K€": nnbsp, "M€": nnbsp, "Md€": nnbsp, "Mds€": nnbsp,
	"k$": nnbsp, "M$": nnbsp, "Md$": nnbsp, "°C": nnbsp, "°": nnbsp,
	"W": nnbsp, "kW": nnbsp, "MW": nnbsp, "GW": nnbsp, "TW": nnbsp, "Wh": nnbsp, "kWh": nnbsp, "MWh": nnbsp, "GWh": nnbsp, "TWh": nnbsp,
	"Hz": nnbsp, "kHz": nnbsp, "MHz": nnbsp, "GHz": nnbsp, "V": nnbsp, "kV": nnbsp, "kVA": nnbsp, "MVA": nnbsp,
	"o": nnbsp, "ko": nnbsp, "Ko": nnbsp, "Mo": nnbsp, "Go": nnbsp, "To": nnbsp, "Po": nnbsp, "Kio": nnbsp, "Mio": nnbsp, "Gio": nnbsp, "Tio": nnbsp,
	"kbit/s": nnbsp, "Mbit/s": nnbsp, "Gbit/s": nnbsp, "Tbit/s": nnbsp, "Mb/s": nnbsp, "Gb/s": nnbsp, "Mo/s": nnbsp, "Go/s": nnbsp, "km/h": nnbsp,
	"m": nnbsp, "km": nnbsp, "cm": nnbsp, "mm": nnbsp, "m²": nnbsp, "km²": nnbsp, "m³": nnbsp, "ha": nnbsp,
	"g": nnbsp, "kg": nnbsp, "t": nnbsp, "h": nnbsp, "min": nnbsp, "s": nnbsp, "ms": nnbsp, "µs": nnbsp, "ns": nnbsp, "px": nnbsp,
	"an": nbsp, "ans": nbsp, "année": nbsp, "années": nbsp, "mois": nbsp, "semaine": nbsp, "semaines": nbsp, "jour": nbsp, "jours": nbsp,
	"heure": nbsp, "heures": nbsp, "minute": nbsp, "minutes": nbsp, "seconde": nbsp, "secondes": nbsp,
	"personne": nbsp, "personnes": nbsp, "euro": nbsp, "euros": nbsp, "dollar": nbsp, "dollars": nbsp, "points": nbsp,
	"millier": nbsp, "milliers": nbsp, "million": nbsp, "millions": nbsp, "milliard": nbsp, "milliards": nbsp,
}

// frenchQuotes settles French quotation marks and apostrophes: « » and, within
// them, “ ”; their spaces are for [setter.frenchSpaces].
func (t *setter) frenchQuotes() {
	for i := range len(t.text) {
		switch t.text[i] {
		case '\'':
			if after := t.after(i + 1); unicode.IsLetter(t.before(i)) && (isWord(after) || after != 0 && strings.ContainsRune("«“\"", after)) {
				t.replace(i, i+1, "’")
			}
		case '"':
			t.quote(i, func(open, end, depth int) {
				if depth > 0 {
					t.replace(open, open+1, "“")
					t.replace(end, end+1, "”")
				} else {
					t.replace(open, open+1, "«")
					t.replace(end, end+1, "»")
				}
			})
		}
	}
}

// frenchSpaces sets the spaces of French, and its dots and dashes: the usage of
// the Imprimerie nationale, with U+202F for its thin spaces.
func (t *setter) frenchSpaces() {
	for i := 0; i < len(t.text); {
		switch c := t.text[i]; {
		case c == ';' || c == ':' || c == '!' || c == '?':
			i = t.frenchMark(i)
		case c == '.':
			i = t.dots(i)
		case c == '-':
			i = t.dashes(i)
		case '0' <= c && c <= '9':
			i = t.frenchNumber(i)
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRuneInString(t.text[i:])
			switch r {
			case '«':
				if end := t.blanksAfter(i + n); end < len(t.text) {
					t.replace(i+n, end, nnbsp)
				}
			case '»':
				if start := t.blanksBefore(i); start > 0 {
					t.replace(start, i, nnbsp)
				}
			case noteRune:
				t.bindNote(i)
			}
			i += n
		}
	}
}

// frenchMark sets the space before the run of marks that starts at i, and
// returns where the run ends.
func (t *setter) frenchMark(i int) int {
	end := i
	for end < len(t.text) && strings.IndexByte(";:!?", t.text[end]) >= 0 {
		end++
	}
	marks := t.text[i:end]
	if len(marks) > 1 && strings.ContainsAny(marks, ";:") {
		return end // an emoticon, a Go path, an emoji's ::
	}
	after := t.after(end)
	if !isClosing(after) || after == '-' || after == '/' || after == '\'' {
		return end
	}
	if (marks == ":" || marks == ";") && (after == ')' || after == ']') {
		return end // :) and ;)
	}
	space := nnbsp
	if marks == ":" {
		space = nbsp
	}
	start := t.blanksBefore(i)
	before := t.before(start)
	switch {
	case start == 0 || before == '«':
		// Nothing to attach to; or the space is the quotation's.
	case start < i:
		t.replace(start, i, space)
	case t.takesSpace(before, marks, t.wordBefore(i)):
		t.part(i, space)
	}
	return end
}

// takesSpace reports whether French wants a space between the word that ends in
// before and marks, where the author wrote none.
func (t *setter) takesSpace(before rune, marks string, w word) bool {
	if !isWord(before) && !strings.ContainsRune(")]»”%‰€$£°.…\ufffb", before) {
		return false
	}
	if w.address {
		return false
	}
	if marks == ":" {
		// A drive (C:), a time or ratio with further colons, an emoji's name.
		if w.colon || w.end == w.start+1 && 'A' <= t.text[w.start] && t.text[w.start] <= 'Z' {
			return false
		}
	}
	return true
}

// frenchNumber sets the spaces within and behind the number that starts at i, and
// returns where it ends.
func (t *setter) frenchNumber(i int) int {
	end := t.digits(i)
	before := t.before(i)
	grouped := t.text[i] != '0' && end-i <= 3 && !isWord(before) && !strings.ContainsRune("/-.,:_", before)
	for grouped {
		r, n := utf8.DecodeRuneInString(t.text[end:])
		if !isBlank(r) || r == '\n' || r == '\t' {
			break
		}
		next := t.digits(end + n)
		if next-end-n != 3 || unicode.IsLetter(t.after(next)) {
			break
		}
		t.replace(end, end+n, nnbsp)
		end = next
	}
	if end+1 < len(t.text) && (t.text[end] == ',' || t.text[end] == '.') && t.digits(end+1) > end+1 {
		end = t.digits(end + 1)
	}
	from := t.blanksAfter(end)
	to := from
	for to < len(t.text) {
		r, n := utf8.DecodeRuneInString(t.text[to:])
		if !unicode.IsLetter(r) && !strings.ContainsRune("%‰€$£°²³µ/", r) {
			break
		}
		to += n
	}
	unit := t.text[from:to]
	space, known := units[unit]
	switch {
	case !known || isWord(t.after(to)) || unicode.IsLetter(before):
	case end < from:
		t.replace(end, from, space)
	case strings.ContainsAny(unit, "%‰€") && !t.wordBefore(i).address:
		t.part(end, space)
	}
	return end
}

// digits returns where the ASCII digits that start at i end.
func (t *setter) digits(i int) int {
	for i < len(t.text) && '0' <= t.text[i] && t.text[i] <= '9' {
		i++
	}
	return i
}
