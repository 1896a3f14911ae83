package conformance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"vigie/generator/internal/search"
)

// fixed are queries that any index is asked.
var fixed = []string{
	"", " ", "?", "-", "\"", "\"\"", "« »", "de la", "l’", "l", "le", "de ", "...", "-de", "-zzzzzz", "-\"de la\"",
	"kind:article", "kind:nothing", "kind:", "tag:eucs", "tag:theme-3", "tag:nothing", "year:2025", "2024..2026", "2024..", "..2016", "year:1900",
	"lang:fr", "lang:en nuage", "lang:FR nuage", "foo:bar", "kind:article -nuage", "kind:article kind:law", "tag:theme-3 tag:theme-25",
	"xyzzyq", "xyzzyq plugh", "xyzzyq nuage", "nuage xyzzyq client contrat", "nuage nuage nuage", "NUAGE Nuage nuages",
	"\x00\x01nuage\u202e", "nuage\u00a0client", "2024/1689", "19.6", "19,6", "L. 121-1", "art. L 121-1", "l.121-1", "10 000", "10000", "S3NS", "s3ns", "J0", "C5",
	"secnumcloud", "sec num cloud", "SecNumCloud", "sec-num-cloud", "secnumclou", "secnumcluod", "secnnumcloud", "sous-traitant", "sous traitant", "soustraitant",
	"œuvre", "oeuvre", "OEUVRE", "noel", "Noël", "été", "ete", "cle", "clé", "aujourd’hui", "aujourdhui", "aujourd'hui", "qu’elle", "quelqu’un", "krakow", "Αθήνα", "東京", "東",
	"\"l’immunité aux lois extraterritoriales\"", "\"de la\"", "\"nuage\"", "\"nuage nuage\"", "\"nuage", "-\"nuage client\" nuage", "\"xyzzyq nuage\"", "\"nuage xyzzyq\" client",
	strings.Repeat("nuage ", 500), strings.Repeat("x", 5000), "nuage client contrat loi décret région réseau stockage calcul audit jalon décision conformité accès centre offre projet année",
	"eurpoe", "qualifiction", "soverainete", "souverainteé", "chiffremnt", "hébergment", "evaluaton ", "qualificaton nuage", "certificaton",
	"m365", "jalon 0", "jalon 0 nuage ", "jalon 3", "5 nuage", "qualificati", "souverain", "évalu", "sécu", "hébe", "nua", "nu", "n", "stratégiquement",
}

// Queries returns n queries of every form over some documents: those that any index
// is asked, then words, phrases and filters drawn from the documents.
func Queries(docs []search.Document, n int) []string {
	random := rand.New(rand.NewPCG(7, 11))
	list := slices.Clone(fixed)
	for form := 0; len(list) < n && len(docs) > 0; form++ {
		d := docs[random.IntN(len(docs))]
		list = append(list, draw(random, d, form))
	}
	return list
}

// Questions asks each of the queries for some of its hits: most for the first ten,
// others for more or for those that follow.
func Questions(queries []string) []Question {
	list := make([]Question, len(queries))
	for i, q := range queries {
		list[i] = Question{Query: q, Limit: 10}
		switch i % 7 {
		case 1:
			list[i].Limit = 100
		case 3:
			list[i].Limit = 40
		case 5:
			list[i].Offset = 10
		}
	}
	return list
}

// draw returns a query of a form that finds the document, or nearly.
func draw(random *rand.Rand, d search.Document, form int) string {
	texts := []string{d.Title, d.Title, d.Summary}
	for _, s := range d.Body {
		texts = append(texts, s.Heading, s.Text)
	}
	texts = slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(texts) == 0 {
		return d.ID
	}
	text := strings.Fields(texts[random.IntN(len(texts))])
	words := func(n int) string {
		at := random.IntN(len(text))
		return strings.Join(text[at:min(len(text), at+n)], " ")
	}
	word := func() string { return strings.Trim(words(1), ".,;:!?«»\"()") }
	cut := func(s string) string {
		r := []rune(s)
		return string(r[:min(len(r), 3+random.IntN(max(1, len(r))))])
	}
	year := 2015 + random.IntN(12)
	switch form % 26 {
	case 0:
		return word() + " "
	case 1:
		return word()
	case 2:
		return word() + " " + word() + " "
	case 3:
		return word() + " " + word() + " " + word()
	case 4:
		return `"` + words(2) + `"`
	case 5:
		return `"` + words(3+random.IntN(4)) + `"`
	case 6:
		return `"` + words(2) + `" ` + word()
	case 7:
		return word() + " -" + word()
	case 8:
		return word() + ` -"` + words(2) + `"`
	case 9:
		return "kind:" + d.Kind + " " + word()
	case 10:
		return fmt.Sprintf("year:%d %s ", year, word())
	case 11:
		return fmt.Sprintf("%d..%d %s %s", year, year+random.IntN(4), word(), word())
	case 12:
		return cut(word())
	case 13:
		return word() + " " + cut(word())
	case 14:
		return misspell(random, word())
	case 15:
		return misspell(random, word()) + " " + word() + " "
	case 16:
		return misspell(random, misspell(random, word())) + " "
	case 17:
		return plain(words(3))
	case 18:
		return "l'" + word() + " d’" + word() + " "
	case 19:
		return strings.ToUpper(words(2))
	case 20:
		return d.Title
	case 21:
		if len(d.Names) > 0 {
			return d.Names[0] + " "
		}
		return `"` + d.Title + `"`
	case 22:
		return word() + " qzxwv" + word() + " "
	case 23:
		if len(d.Tags) > 0 {
			return "tag:" + d.Tags[0] + " " + word()
		}
		return "-" + word()
	case 24:
		return words(8)
	default:
		return words(2) + " " + fmt.Sprintf("%d/%d", year, random.IntN(3000))
	}
}

// misspell edits a word once: it leaves out, doubles, changes or swaps letters.
func misspell(random *rand.Rand, word string) string {
	r := []rune(word)
	if len(r) < 4 {
		return word
	}
	i := 1 + random.IntN(len(r)-2)
	switch random.IntN(4) {
	case 0:
		return string(slices.Delete(r, i, i+1))
	case 1:
		return string(slices.Insert(r, i, r[i]))
	case 2:
		r[i] = 'k'
	default:
		r[i], r[i+1] = r[i+1], r[i]
	}
	return string(r)
}

// plain drops accents.
func plain(s string) string {
	out, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		return s
	}
	return out
}
