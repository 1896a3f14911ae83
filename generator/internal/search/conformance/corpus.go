package conformance

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"vigie/generator/internal/search"
)

// vocabulary is what generated documents are written with: words with accents,
// elisions, hyphens, capitals and codes.
var vocabulary = strings.Fields(`le la de et à un une les des en du que qui dans pour sur ne
nuage donnée service fournisseur référentiel qualification exigence sécurité État marché client
contrat loi décret région réseau stockage calcul chiffrement clé audit évaluation jalon décision
conformité Europe France souveraineté droit immunité accès centre plateforme offre périmètre
projet année logiciel technologie licence partenaire capital société système information
administration hébergement sauvegarde incident continuité réversibilité portabilité coût source
texte article règlement directive commission agence autorité catalogue annonce calendrier échéance
renouvellement extension recours arrêt été déjà où français étranger européen public nouveau
certifié qualifié annoncé prévu confirmé contesté juridique stratégique l’usage d’accord
qu’elle s’appuie n’est aujourd’hui sous-traitant SecNumCloud S3NS 10 000 2024/1689 19.6 œuvre
Noël client·e·s L.121-1 C5 J0 mise-à-jour eIDAS Kraków Αθήνα 東京`)

// syllables make the words that most terms of a language are: rare ones.
var syllables = strings.Fields(`ba be bi bo ca ce cla cou da de di do fa fé fi flo ga ge gra
la le li lo ma me mi mon na né ni no pa pe pré pro ra re ri ron sa se si sta ta te ti tra va ve vi vo`)

const rareWords = 60_000

// sentence is n words, of which the first of the vocabulary come most often; one in
// nine is rare.
func sentence(random *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		u := random.Float64()
		list[i] = vocabulary[int(u*u*float64(len(vocabulary)))]
		if random.IntN(9) == 0 {
			list[i] = rare(int(u * u * u * rareWords))
		}
	}
	return strings.Join(list, " ") + "."
}

// rare is the word number n.
func rare(n int) string {
	word := ""
	for n += len(syllables); n > 0; n /= len(syllables) {
		word += syllables[n%len(syllables)]
	}
	return word
}

// Generate returns n documents of about 3 kB of French. The same n gives the same.
func Generate(n int) []search.Document {
	kinds := [][2]string{{"article", "Articles"}, {"provider", "Fournisseurs"}, {"law", "Droit"}, {"term", "Glossaire"}}
	docs := make([]search.Document, n)
	for i := range docs {
		random := rand.New(rand.NewPCG(uint64(i), 20261121))
		kind := kinds[0]
		if i%5 == 0 {
			kind = kinds[1+random.IntN(3)]
		}
		tags := []int{random.IntN(20), 20 + random.IntN(20)}
		d := search.Document{
			ID: fmt.Sprintf("/%ss/a%05d/", kind[0], i), Lang: "fr", Kind: kind[0], KindTitle: kind[1],
			Title: strings.TrimSuffix(sentence(random, 3+random.IntN(6)), "."), Summary: sentence(random, 22),
			Entities:  []string{sentence(random, 2)},
			Tags:      []string{fmt.Sprint("theme-", tags[0]), fmt.Sprint("theme-", tags[1])},
			TagTitles: []string{fmt.Sprint("Thème ", tags[0]), fmt.Sprint("Thème ", tags[1])},
		}
		if i%9 > 0 {
			d.Date = time.Date(2015, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i/3) * 30 * time.Hour)
		}
		if i%7 == 0 {
			d.Names = []string{strings.TrimSuffix(sentence(random, 2), "."), fmt.Sprint("A", i)}
		}
		for s := range 4 {
			section := search.Section{}
			if s > 0 {
				section.Heading = strings.TrimSuffix(sentence(random, 5), ".")
				section.Anchor = fmt.Sprint("section-", s)
			}
			for range 7 {
				section.Text += sentence(random, 10+random.IntN(14)) + " "
			}
			d.Body = append(d.Body, section)
		}
		docs[i] = d
	}
	return docs
}
