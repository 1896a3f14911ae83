package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"vigie/generator/internal/search"
)

// TestPhrase states what a quoted phrase finds, by tier.
func TestPhrase(t *testing.T) {
	text := func(id, body string) search.Document {
		return search.Document{ID: id, Lang: "fr", Title: strings.Trim(id, "/"), Body: []search.Section{{Text: body}}}
	}
	e := open(t, []search.Document{
		text("/a/", "Voici ce qui est demandé dans le référentiel."),
		text("/b/", "Il dit ce que l’on demande, ou ce qui, dans un cas, est demandé."),
		text("/c/", "L’immunité aux lois extraterritoriales."),
		text("/d/", "La qualification. Une offre qualifiée à la demande."),
		{ID: "/e/", Lang: "fr", Title: "e", Body: []search.Section{{Text: "Fin en à"}, {Text: "la suite"}}},
		text("/f/", "Le sous-traitant, le CŒUR ; 10\u202f000 clients."),
	})
	for query, want := range map[string]string{
		`"ce qui est demandé dans"`:     "all /a/, near /b/, near /d/",
		`"CE QUI EST demandé"`:          "all /a/, near /b/, near /d/",
		`"ce qui est`:                   "all /a/",
		`"l'immunité aux lois"`:         "all /c/",
		`"d’immunité aux lois"`:         "near /c/",
		`"immunité, aux lois"`:          "all /c/",
		`"immunite aux lois"`:           "near /c/",
		`"qualifiée"`:                   "all /d/",
		`"qualifiées"`:                  "near /d/",
		`"à la"`:                        "all /d/", // not over the border of two sections
		`"à la" demande`:                "all /d/",
		`"sous traitant"`:               "all /f/",
		`"coeur" `:                      "all /f/",
		`"10 000 clients"`:              "all /f/",
		`demandé -"ce qui est demandé"`: "all /b/, all /d/",
		`"offre immunité"`:              "partial /c/, partial /d/",
		`"ce que la"`:                   "",
	} {
		var found []string
		for _, h := range find(t, e, search.Request{Query: query}).Hits {
			if h.Tier == search.Partial && !strings.HasPrefix(want, "partial") {
				continue
			}
			found = append(found, fmt.Sprintf("%s %s", h.Tier, h.ID))
		}
		if got := strings.Join(found, ", "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
}
