package content

import (
	"bytes"
	"strings"
	"unicode"

	"vigie/generator/internal/diag"
)

// commonWords are frequent words that tell languages apart: each is rare, or not a
// word, in the others. They are no more than it takes to tell a page's worth of text.
var commonWords = []struct {
	code, name string
	words      []string
}{
	{"fr", "French", strings.Fields("le les des et est une dans pour qui pas sur avec ce cette ses sont ou du au aux nous vous il elle plus par mais être fait été où ils leur aussi comme votre nos peut sans")},
	{"en", "English", strings.Fields("the and of to is that for it with was are this be by you from have not which at we your can will their has but they our more about when these my i do how who been were them than then there here what into out would could should any some only each")},
	{"de", "German", strings.Fields("der die das und ist nicht ein eine zu den mit von sich auf für im dem auch wird sind wie oder wir aus nach bei nur noch über kann werden einer")},
	{"es", "Spanish", strings.Fields("el los las y una por con para del al lo más pero este esta como está ser hay cuando muy sobre también entre hasta")},
	{"it", "Italian", strings.Fields("il di che è della per sono con del dei gli le delle nel alla questo anche più da dal nella essere questa")},
	{"pt", "Portuguese", strings.Fields("uma não em da dos das para com que é ao como mas ele são também pelo pela até isso você")},
	{"nl", "Dutch", strings.Fields("het een van dat niet voor op zijn met aan door ook maar bij naar deze worden wordt kan uit nog dit heeft geen")},
	{"ca", "Catalan", strings.Fields("els les amb és per una dels que aquest aquesta són també més però com pel del ser seva")},
	{"sv", "Swedish", strings.Fields("och att det som är på för med av inte till den har ett om de så från kan var eller vi")},
	{"da", "Danish", strings.Fields("og at det som er på for med af ikke til den har om de fra kan var eller vi også blev")},
	{"pl", "Polish", strings.Fields("i w nie na się z do jest że to jak po co ale od za są przez dla czy być tak który")},
}

// scripts are the alphabets that tell a language by themselves.
var scripts = []struct {
	code, name string
	table      *unicode.RangeTable
}{
	{"ja", "Japanese", unicode.Hiragana}, {"ja", "Japanese", unicode.Katakana}, {"ko", "Korean", unicode.Hangul}, {"zh", "Chinese", unicode.Han},
	{"ru", "Russian", unicode.Cyrillic}, {"ar", "Arabic", unicode.Arabic}, {"el", "Greek", unicode.Greek}, {"he", "Hebrew", unicode.Hebrew},
	{"hi", "Hindi", unicode.Devanagari}, {"th", "Thai", unicode.Thai},
}

// The evidence that a guess of the language rests on: words that were counted at least,
// and how much more of the text than by French it must explain.
const (
	guessSample  = 20_000 // words read
	guessMinimum = 4      // common words of the language
	guessWords   = 3      // different ones of them
	guessLetters = 20     // letters of a script
)

// askLanguage warns that the site does not say its language where its texts do not look
// French, which it is taken for. The guess is told and never acted on: a site's language
// is in its addresses, its feeds and its typography.
func (l *loader) askLanguage() {
	if l.Config.LanguageGiven {
		return
	}
	code, name := l.guessLanguage()
	if code == "" || code == l.Config.Language {
		return
	}
	l.report(diag.Errorf(diag.Position{File: l.Config.Source.Name(), Line: 1, Col: 1}, "missing-language",
		"language is not given, and taken for %q; the texts look %s", l.Config.Language, name).
		WithSuggestion("add language = %q, or language = %q if they are", code, l.Config.Language).AsWarning())
}

// guessLanguage returns the language that most of the site's text is in; "" where there
// is too little to tell.
func (l *loader) guessLanguage() (code, name string) {
	language := map[string][]int{} // places in commonWords by word
	for i, c := range commonWords {
		for _, word := range c.words {
			language[word] = append(language[word], i)
		}
	}
	counts := make([]int, len(commonWords))
	different := make([]map[string]bool, len(commonWords))
	for i := range different {
		different[i] = map[string]bool{}
	}
	letters := make([]int, len(scripts))
	latin, read := 0, 0
	for _, p := range l.written {
		if p.Lang != l.Config.Language {
			continue
		}
		fenced := false
		for line := range bytes.Lines(p.File.Text()[p.Body:]) {
			if trimmed := bytes.TrimSpace(line); bytes.HasPrefix(trimmed, []byte("```")) || bytes.HasPrefix(trimmed, []byte("~~~")) {
				fenced = !fenced
			}
			if fenced {
				continue
			}
			words := bytes.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			for _, word := range words {
				read++
				lower := strings.ToLower(string(word))
				for _, i := range language[lower] {
					counts[i]++
					different[i][lower] = true
				}
				for _, r := range string(word) {
					if unicode.Is(unicode.Latin, r) {
						latin++
						continue
					}
					for i, s := range scripts {
						if unicode.Is(s.table, r) {
							letters[i]++
						}
					}
				}
			}
		}
		if read > guessSample {
			break
		}
	}
	for i, s := range scripts {
		if letters[i] >= guessLetters && letters[i] > latin/4 {
			return s.code, s.name
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	if counts[best] < guessMinimum || len(different[best]) < guessWords || best > 0 && counts[best]*2 < counts[0]*3 {
		return "", ""
	}
	return commonWords[best].code, commonWords[best].name
}
