package feed

import "strings"

// clean returns s as both formats can carry it: valid UTF-8, without the
// characters that XML 1.0 § 2.2 forbids, lines ending in "\n" as every XML
// reader makes them.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, s)
}

// line returns s cleaned and on one line. It folds ASCII space alone: the
// no-break spaces of French typography are part of the text.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(clean(s), func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n'
	}), " ")
}

// cleaned returns f with every text as it may be written, and without the
// authors and tags that this leaves empty.
func (f Feed) cleaned() Feed {
	f.ID, f.Title, f.Subtitle, f.Rights = line(f.ID), line(f.Title), line(f.Subtitle), line(f.Rights)
	f.URL, f.SelfAtom, f.SelfJSON, f.Hub, f.Icon = line(f.URL), line(f.SelfAtom), line(f.SelfJSON), line(f.Hub), line(f.Icon)
	f.Language = line(f.Language)
	f.Authors = cleanAuthors(f.Authors)
	items := make([]Item, len(f.Items))
	for n, i := range f.Items {
		i.ID, i.URL, i.Title, i.Summary = line(i.ID), line(i.URL), line(i.Title), line(i.Summary)
		i.HTML = clean(i.HTML)
		i.Image, i.Language = line(i.Image), line(i.Language)
		i.Authors = cleanAuthors(i.Authors)
		var tags []string
		for _, tag := range i.Tags {
			if tag = line(tag); tag != "" {
				tags = append(tags, tag)
			}
		}
		i.Tags = tags
		items[n] = i
	}
	f.Items = items
	return f
}

func cleanAuthors(authors []Author) []Author {
	var kept []Author
	for _, a := range authors {
		if a = (Author{line(a.Name), line(a.URL)}); a.Name != "" {
			kept = append(kept, a)
		}
	}
	return kept
}
