package engine

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	blevequery "github.com/blevesearch/bleve/v2/search/query"

	"vigie/generator/internal/search/analysis"
	"vigie/generator/internal/search/query"
	"vigie/generator/internal/search/segment"
)

// unit is a part of a query that a document has or has not: a word or a phrase.
type unit struct {
	expansions []expansion     // of a word
	literal    []string        // of a phrase: its words as they are written
	phrase     []string        // terms, with "" for the words between that give none
	fields     []segment.Field // whose dictionaries have all its terms
	docs       []uint32        // that have the phrase: these very words, or near ones
	near       bool            // is a word
	typo       bool            // has only expansions that are typos
}

// expansion is a term that stands for a word.
type expansion struct {
	word   word
	factor float64
}

// live reports whether any document can have the unit.
func (u *unit) live() bool { return len(u.expansions) > 0 || len(u.docs) > 0 }

// isPhrase reports whether the unit is a phrase.
func (u *unit) isPhrase() bool { return u.literal != nil }

// bleve returns the unit as a query.
func (u *unit) bleve() blevequery.Query {
	q := new(best)
	if u.isPhrase() {
		var group []blevequery.Query
		for _, f := range u.fields {
			var all []blevequery.Query
			for _, text := range u.phrase {
				if text != "" {
					all = append(all, term(text, f, boosts[f]))
				}
			}
			group = append(group, blevequery.NewConjunctionQuery(all))
		}
		if len(group) == 0 {
			return &within{docs: u.docs}
		}
		return &within{u.docs, &best{groups: [][]blevequery.Query{group}}}
	}
	for _, e := range u.expansions {
		var group []blevequery.Query
		for f := range segment.TextFields {
			if e.word.in(f) {
				group = append(group, term(e.word.text, f, boosts[f]*e.factor))
			}
		}
		q.groups = append(q.groups, group)
	}
	return q
}

func term(text string, f segment.Field, boost float64) blevequery.Query {
	q := blevequery.NewTermQuery(text)
	q.SetField(f.String())
	q.SetBoost(boost)
	return q
}

// unknown is a piece of the query whose term is in no dictionary.
type unknown struct {
	text *string // the word or phrase in the query
	from int     // bytes of it
	to   int
	term string
	best word // what to suggest
}

// plan is a query compiled for one index.
type plan struct {
	query    query.Query
	units    []unit
	loose    []unit // the same, with the words of phrases in place of these
	without  []blevequery.Query
	unwanted [][]string // phrases that no document may have
	filter   blevequery.Query
	nothing  bool              // a filter excludes the whole index
	key      string            // of the query as a title, with what terms are taken for
	taken    map[string]string // terms of words that are in no dictionary, and what they are taken for
	unknown  []unknown
	terms    map[string]int // the unit of each term that an excerpt marks
	begun    string         // the first letters of a last word that is too short to be completed
	soft     bool           // the unit of that word is the last of the words', and may be dropped
	softKey  string         // key without it
}

// planner compiles a query.
type planner struct {
	plan
	analyzer *analysis.Analyzer
	lexicon  lexicon
	seen     map[string]bool
}

func newPlan(q query.Query, a *analysis.Analyzer, l lexicon) *planner {
	q.Words, q.Phrases = slices.Clone(q.Words), slices.Clone(q.Phrases)
	p := &planner{
		plan:     plan{query: q, terms: make(map[string]int), taken: make(map[string]string)},
		analyzer: a, lexicon: l, seen: make(map[string]bool),
	}
	var title []string
	for i := range q.Words {
		w := &p.query.Words[i]
		tokens := a.Query(w.Text)
		short := ""
		if w.Prefix && len(tokens) < 2 && len(p.units)+len(q.Phrases) > 0 {
			short = shortBeginning(beginning(a, w.Text))
		}
		if p.begun = short; short != "" && len(tokens) > 0 && !p.seen[tokens[0].Term] {
			if p.tooShort(tokens[0].Term) {
				continue
			}
			p.soft, p.softKey = true, segment.Key(title)
		}
		for j, t := range tokens {
			prefix := ""
			if w.Prefix && j == len(tokens)-1 {
				prefix = beginning(a, w.Text)
			}
			p.word(t.Term, prefix, unknown{&w.Text, t.Start, t.End, t.Term, word{}})
			title = append(title, cmp.Or(p.taken[t.Term], t.Term))
		}
		if prefix := beginning(a, w.Text); w.Prefix && len(tokens) == 0 && prefix != "" && len(p.units) == 0 && len(q.Phrases) == 0 {
			p.word("", prefix, unknown{})
		}
	}
	for i := range q.Phrases {
		title = append(title, p.phrase(&p.query.Phrases[i])...)
	}
	if len(q.Phrases) == 0 || len(q.Phrases) == 1 && len(q.Words) == 0 {
		p.key = segment.Key(title)
	} else {
		p.softKey = ""
	}
	p.loosen()
	for _, t := range q.Without {
		p.exclude(t)
	}
	for i := range p.units {
		u := &p.units[i]
		for _, e := range u.expansions {
			p.mark(e.word.text, i)
		}
		for _, text := range u.phrase {
			p.mark(text, i)
		}
	}
	return p
}

// loosen sets the units that are left where phrases count as words.
func (p *planner) loosen() {
	seen := maps.Clone(p.seen)
	for _, u := range p.units {
		if !u.isPhrase() {
			p.loose = append(p.loose, u)
			continue
		}
		for _, text := range u.phrase {
			if text == "" || seen[text] {
				continue
			}
			seen[text] = true
			word := unit{}
			if w, ok := p.lexicon.find(text); ok {
				word.expansions = []expansion{{w, exactFactor}}
			}
			p.loose = append(p.loose, word)
		}
	}
}

// shortBeginning returns a beginning that is too short to be completed, "" for others.
func shortBeginning(s string) string {
	if utf8.RuneCountInString(s) < minPrefix && !strings.ContainsFunc(s, unicode.IsDigit) {
		return s
	}
	return ""
}

// tooShort reports whether a word that has only begun is a letter that no title and no name
// has as a word: it asks for nothing yet.
func (p *planner) tooShort(term string) bool {
	w, _ := p.lexicon.find(term)
	return utf8.RuneCountInString(term) == 1 && !w.in(segment.Title) && !w.in(segment.Names)
}

// dropSoft leaves out the unit of the word that has only begun.
func (p *plan) dropSoft() {
	drop := func(units []unit) []unit {
		last := len(units) - 1
		for last >= 0 && !units[last].near {
			last--
		}
		return slices.Delete(slices.Clone(units), last, last+1)
	}
	p.units, p.loose, p.key, p.soft = drop(p.units), drop(p.loose), p.softKey, false
}

func (p *planner) mark(term string, unit int) {
	if _, ok := p.terms[term]; !ok && term != "" {
		p.terms[term] = unit
	}
}

// beginning returns the last term of a text as far as it is written.
func beginning(a *analysis.Analyzer, text string) string {
	if tokens := a.Prefix(text); len(tokens) > 0 {
		return tokens[len(tokens)-1].Term
	}
	return ""
}

// word adds the unit of a term, which is "" for a word that only has a beginning.
func (p *planner) word(text, prefix string, at unknown) {
	if p.seen[text] {
		return
	}
	p.seen[text] = true
	u := unit{near: true}
	if w, ok := p.lexicon.find(text); ok {
		u.expansions = append(u.expansions, expansion{w, exactFactor})
	}
	if prefix != "" {
		for _, w := range p.lexicon.completions(prefix, text) {
			u.expansions = append(u.expansions, expansion{w, completionFactor})
		}
		if w, ok := p.lexicon.stem(prefix); ok && len(u.expansions) == 0 {
			u.expansions = append(u.expansions, expansion{w, completionFactor})
		}
	}
	if len(u.expansions) == 0 && text != "" {
		words, edits := p.lexicon.typos(text)
		factor := typoFactor
		if edits > 1 {
			factor = typosFactor
		}
		for _, w := range words {
			u.expansions = append(u.expansions, expansion{w, factor})
		}
		if u.typo = len(words) > 0; u.typo {
			at.best = words[0]
			p.unknown = append(p.unknown, at)
		}
	}
	if len(u.expansions) > 0 && u.expansions[0].factor < exactFactor {
		p.taken[text] = u.expansions[0].word.text
	}
	p.units = append(p.units, u)
}

// phrase adds the unit of a phrase and returns its terms.
func (p *planner) phrase(text *string) []string {
	tokens := p.analyzer.Query(*text)
	u := unit{literal: literalWords(*text)}
	if len(tokens) > 0 {
		u.phrase, u.fields = spread(tokens), p.having(tokens)
	}
	var terms []string
	for _, t := range tokens {
		terms = append(terms, t.Term)
		if _, ok := p.lexicon.find(t.Term); !ok {
			if words, _ := p.lexicon.typos(t.Term); len(words) > 0 {
				p.unknown = append(p.unknown, unknown{text, t.Start, t.End, t.Term, words[0]})
			}
		}
	}
	p.units = append(p.units, u)
	return terms
}

// spread places terms at their distances.
func spread(tokens []analysis.Token) []string {
	first := tokens[0].Position
	terms := make([]string, tokens[len(tokens)-1].Position-first+1)
	for _, t := range tokens {
		terms[t.Position-first] = t.Term
	}
	return terms
}

// having returns the fields of phrases whose dictionaries have all terms.
func (p *planner) having(tokens []analysis.Token) []segment.Field {
	var fields []segment.Field
	for _, f := range phraseFields {
		if !slices.ContainsFunc(tokens, func(t analysis.Token) bool {
			w, ok := p.lexicon.find(t.Term)
			return !ok || !w.in(f)
		}) {
			fields = append(fields, f)
		}
	}
	return fields
}

// exclude adds what the query is without.
func (p *planner) exclude(t query.Term) {
	if t.Phrase {
		p.unwanted = append(p.unwanted, literalWords(t.Text))
		return
	}
	tokens := p.analyzer.Query(t.Text)
	if len(tokens) == 0 {
		return
	}
	if len(tokens) > 1 {
		for _, f := range p.having(tokens) {
			p.without = append(p.without, blevequery.NewPhraseQuery(spread(tokens), f.String()))
		}
		return
	}
	if w, ok := p.lexicon.find(tokens[0].Term); ok {
		for f := range segment.TextFields {
			if w.in(f) {
				p.without = append(p.without, term(w.text, f, 1))
			}
		}
	}
}
