package render

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vigie/generator/internal/content"
	"vigie/generator/internal/diag"
	"vigie/generator/internal/publish"
	"vigie/generator/internal/record"
	"vigie/generator/internal/search"
)

// claimant is what an editor wrote to have a file of the site at its path.
type claimant struct {
	noun   string // "page", "alias", "file"
	errorf func(rule, format string, args ...any) diag.Diagnostic
	cure   string
}

// claimedByPage is the claim of a page that editors wrote; nil for one that they did not.
func claimedByPage(p *content.Page) *claimant {
	if p == nil || p.File == nil {
		return nil
	}
	return &claimant{noun: "page", errorf: p.AddressErrorf, cure: "rename the file, or give it another slug"}
}

// claimedByAlias is the claim of a page's old address.
func claimedByAlias(p *content.Page, alias record.Field[string]) *claimant {
	return &claimant{noun: "alias", cure: "remove the alias", errorf: func(rule, format string, args ...any) diag.Diagnostic {
		return p.File.Errorf(alias.Span.Offset, alias.Span.Length, rule, format, args...)
	}}
}

// claimedByFile is the claim of a file that is published as it is.
func claimedByFile(name string) *claimant {
	return &claimant{noun: "file", cure: "rename the file", errorf: func(rule, format string, args ...any) diag.Diagnostic {
		return diag.Errorf(diag.Position{File: name}, rule, format, args...)
	}}
}

// replaceable are the files that the build makes unless static/ has one of the name.
var replaceable = []string{"robots.txt", "llms.txt"}

// replaced tells whether a file of static/ stands for one that the build would make.
func (r *renderer) replaced(name string) bool {
	return slices.Contains(replaceable, name) && r.statics[name]
}

// answered are the paths that are not planned though something answers there: the search
// that is made of the planned files, the search of vigie serve, and preview's own files.
func (r *renderer) answered() map[string]string {
	paths := map[string]string{"search.json": "the search of vigie serve", "suggest.json": "the search of vigie serve", "_vigie": "vigie preview"}
	if r.scripts != nil {
		paths[search.DescriptorPath] = "the search index"
		for _, home := range r.site.Homes {
			paths[strings.TrimPrefix(manifestPath(home.Lang), "/")] = "the search index"
		}
	}
	return paths
}

// holder is who has a path. at is its place in the plan, -1 for what is not planned.
type holder struct {
	path   string
	origin string
	by     *claimant
	at     int
}

// checkClaims finds the files that want one path, or one that is a folder of others, and
// leaves one of them: the first, but what the build makes goes before what somebody wrote,
// who can write it elsewhere. It is the one place where the addresses of all that is
// published meet.
func (r *renderer) checkClaims() {
	files, folders := make(map[string]holder, len(r.outputs)), make(map[string]holder, len(r.outputs))
	for name, origin := range r.answered() {
		files[publish.Fold(name)] = holder{name, origin, nil, -1}
	}
	var lost []int
	lose := func(loser, winner holder) {
		r.report(r.clash(loser, winner))
		if loser.at >= 0 {
			lost = append(lost, loser.at)
		}
	}
	for i, o := range r.outputs {
		own := holder{o.path, o.origin, o.by, i}
		key := publish.Fold(o.path)
		other, taken := files[key]
		if !taken {
			other, taken = folders[key]
		}
		for dir := path.Dir(key); !taken && dir != "."; dir = path.Dir(dir) {
			if folders[dir].origin != "" && files[dir].origin == "" {
				break // who has the folder has those above
			}
			other, taken = files[dir]
		}
		switch {
		case taken && own.by == nil && other.by != nil:
			lose(other, own)
			delete(files, publish.Fold(other.path))
		case taken:
			lose(own, other)
			continue
		}
		files[key] = own
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if folders[dir].origin != "" {
				break
			}
			folders[dir] = own
		}
	}
	if len(lost) == 0 {
		return
	}
	slices.Sort(lost)
	kept := r.outputs[:0:0]
	for i, o := range r.outputs {
		if _, found := slices.BinarySearch(lost, i); !found {
			kept = append(kept, o)
		}
	}
	r.outputs = kept
}

// clash tells who loses a path to whom.
func (r *renderer) clash(loser, winner holder) diag.Diagnostic {
	taken := "is taken by " + winner.origin
	if winner.by == nil && winner.at >= 0 {
		taken += ", which the build makes"
	}
	if own, other := publish.Fold(loser.path), publish.Fold(winner.path); strings.HasPrefix(own, other+"/") {
		taken = fmt.Sprintf("lies below %q, which %s", winner.path, taken)
	} else if strings.HasPrefix(other, own+"/") {
		taken = fmt.Sprintf("is the folder of %q, which %s", winner.path, taken)
	} else if loser.path != winner.path {
		taken = fmt.Sprintf("differs from %q in case or accents’ encoding only, which %s", winner.path, taken)
	}
	if loser.by == nil { // both are made: config.toml has them meet
		return diag.Errorf(diag.Position{File: r.config.Source.Name()}, "duplicate-url", "path %q of %s %s", loser.path, loser.origin, taken).
			WithSuggestion("give one of them another path or folder")
	}
	what := "path " + `"` + loser.path + `"`
	if loser.by.noun != "file" {
		what = "address /" + strings.TrimSuffix(loser.path, "index.html")
	}
	cure := loser.by.cure
	if loser.by.noun == "file" && slices.Contains(replaceable, loser.path) {
		cure = "put it into static/, whose file is published in place of it"
	}
	d := loser.by.errorf("duplicate-url", "%s of this %s %s", what, loser.by.noun, taken).WithSuggestion("%s", cure)
	if winner.by != nil {
		d = d.WithNote(winner.by.errorf("duplicate-url", "").Position, "taken here")
	}
	return d
}
