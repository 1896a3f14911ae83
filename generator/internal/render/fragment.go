package render

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/markdown"
	"vigie/generator/internal/permalink"
)

// fragmentForms returns what a written fragment may name, the likeliest first: what it
// says, what it says once decoded, and the id that a heading with this text has.
func fragmentForms(fragment string) []string {
	forms := []string{fragment}
	decoded := decodeFragment(fragment)
	for _, form := range []string{decoded, permalink.Slug(decoded), permalink.Slug(strings.ReplaceAll(decoded, "+", " "))} {
		if form != "" && form != forms[len(forms)-1] {
			forms = append(forms, form)
		}
	}
	return forms
}

// decodeFragment returns a fragment with its percent escapes resolved, composed (NFC);
// one that is not escaped rightly stands for itself.
func decodeFragment(fragment string) string {
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	return norm.NFC.String(fragment)
}

// escapeFragment returns a fragment as it stands in an address: as it was written,
// where that is right.
func escapeFragment(fragment string) string {
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		decoded = fragment
	}
	return (&url.URL{Fragment: decoded, RawFragment: fragment}).EscapedFragment()
}

// badEscape reports what is wrong with a fragment's escapes, nil for nothing.
func badEscape(fragment string) *markdown.Problem {
	if _, err := url.PathUnescape(fragment); err != nil {
		return problem("bad-link", "write %25 for the sign itself", "fragment %q holds a %% that begins no escape", fragment)
	}
	return nil
}

// headingLike returns the id of the one heading that GitHub would give this fragment:
// there signs are left out, where ours become hyphens ("L’été" is lété, not l-ete).
func headingLike(headings []markdown.Heading, fragment string) string {
	want, found := permalink.Slug(decodeFragment(fragment)), ""
	for _, h := range headings {
		text := strings.Map(func(r rune) rune {
			if unicode.IsPunct(r) && r != '-' && r != '_' || unicode.IsSymbol(r) {
				return -1
			}
			return r
		}, h.Text)
		if want != "" && permalink.Slug(text) == want {
			if found != "" {
				return ""
			}
			found = h.ID
		}
	}
	return found
}
