package sitetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"
)

// words are what the corpus is written with; a Zipf-like draw repeats the first
// ones as a language does.
var words = strings.Fields(`le la de et à un une les des en du que qui dans pour sur est au par plus ne
se ce son avec il sont nuage donnée service fournisseur référentiel qualification exigence sécurité
État marché client contrat loi décret région réseau stockage calcul chiffrement clé audit évaluation
jalon décision conformité Europe France souveraineté droit immunité accès centre plateforme offre
périmètre projet année mois éditeur logiciel technologie licence partenaire capital société système
information administration hébergement sauvegarde incident continuité réversibilité portabilité coût
publication source texte article règlement directive commission agence autorité catalogue édition
annonce calendrier échéance renouvellement extension recours arrêt été déjà où français étranger
américain européen public privé nouveau premier dernier certifié qualifié annoncé prévu confirmé
contesté technique juridique économique stratégique l’usage d’accord qu’elle s’appuie n’est aujourd’hui`)

// Corpus writes a site of n generated French articles into a folder that does not
// exist: about 3 kB each, with three tags, a code block, a list, a quotation, a
// table in one of five and a link to an earlier article. The same n gives the same
// bytes everywhere.
func Corpus(dir string, n int) error {
	config := "title = \"Corpus\"\nbase_url = \"https://corpus.example/\"\nlanguage = \"fr\"\n\n[kinds.article]\nfolder = \"articles\"\nschema = \"NewsArticle\"\nnews = true\n"
	if err := writeFile(filepath.Join(dir, "config.toml"), []byte(config)); err != nil {
		return err
	}
	for i := range n {
		if err := writeFile(filepath.Join(dir, "content", "articles", fmt.Sprintf("a%05d.md", i)), article(i)); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

// article is the text of the article number i.
func article(i int) []byte {
	random := rand.New(rand.NewPCG(uint64(i), 20261121))
	var b bytes.Buffer
	date := time.Date(2015, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * 10 * time.Hour)
	fmt.Fprintf(&b, "+++\ntitle = %q\ndate = %s\ndescription = %q\ntags = [\"thème %d\", \"thème %d\", \"thème %d\"]\n+++\n\n",
		sentence(random, 7), date.Format(time.RFC3339), sentence(random, 22), random.IntN(20), 20+random.IntN(20), 40+random.IntN(20))
	for section := range 3 {
		for range 2 {
			for range 4 {
				b.WriteString(sentence(random, 10+random.IntN(14)) + " ")
			}
			if i > 0 && section == 1 {
				fmt.Fprintf(&b, "Voir [[a%05d]]. ", random.IntN(i))
			}
			b.WriteString("\n\n")
		}
		fmt.Fprintf(&b, "## %s\n\n", strings.TrimSuffix(sentence(random, 5), "."))
	}
	for range 4 {
		fmt.Fprintf(&b, "- %s\n", sentence(random, 8))
	}
	fmt.Fprintf(&b, "\n> %s\n\n```go\nfunc jalon%d() int {\n\treturn %d // %s\n}\n```\n\n", sentence(random, 18), i, random.IntN(1000), sentence(random, 4))
	if i%5 == 0 {
		b.WriteString("| Prestataire | Début | Fin |\n|---|---|---|\n")
		for range 4 {
			fmt.Fprintf(&b, "| %s | %d | %d |\n", words[random.IntN(len(words))], 2015+random.IntN(10), 2025+random.IntN(5))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", sentence(random, 20))
	return b.Bytes()
}

// sentence is n words, drawn so that the first of the list come most often.
func sentence(random *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		u := random.Float64()
		list[i] = words[int(u*u*float64(len(words)))]
	}
	s := strings.Join(list, " ")
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:] + "."
}
