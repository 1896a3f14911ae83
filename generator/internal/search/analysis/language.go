package analysis

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
)

// language is what differs between languages.
type language struct {
	stop       map[string]bool // in lower case, with accents
	elisions   map[string]bool // without the apostrophe, in lower case
	pronouns   map[string]bool // that follow a verb: « est-il » is « est »
	inclusive  bool            // « client·e·s » is « client »
	possessive bool            // "cloud's" is "cloud"
	stem       func(word string) string
}

// languageOf returns the language of a BCP 47 tag. Its stop words are few: what
// carries no meaning in a query. « où » and « non » do.
func languageOf(tag string) *language {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	switch strings.ToLower(primary) {
	case "fr":
		return &language{
			stop: set("le la les l un une des de du d et a à au aux en est que qu qui ce se sa son ses " +
				"dans par pour sur ne pas plus ou n nº " +
				"comment quel quelle quels quelles pourquoi quand entre"),
			elisions:  set("l d j m t s n c qu jusqu lorsqu puisqu quoiqu quelqu presqu entr"),
			pronouns:  set("il ils elle elles on ce je tu"),
			inclusive: true,
			stem:      stemmer(fr.NewFrenchLightStemmerFilter()),
		}
	case "en":
		return &language{
			stop:       set("a an and by does for how in is of on the to what who why with"),
			possessive: true,
			stem:       stemmer(en.NewEnglishPluralStemmerFilter()),
		}
	}
	return &language{}
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}

// stemmer applies one of bleve's filters, which keep no state, to single words.
func stemmer(filter analysis.TokenFilter) func(string) string {
	return func(word string) string {
		token := analysis.Token{Term: []byte(word)}
		filter.Filter(analysis.TokenStream{&token})
		return string(token.Term)
	}
}
