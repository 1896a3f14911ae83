package preview

import "slices"

// maxNews is how many updates are told to a page that comes back.
const maxNews = 16

// news are the pages that the latest updates changed. Updates are counted, so that a
// page that is loaded anew because of one, and may take its time, is told of it.
type news struct {
	last    int           // counts updates
	updates [][]elsewhere // the last of them, the latest last
}

// elsewhere is a page that changed, and the update that changed it last.
type elsewhere struct {
	Update int    `json:"update"`
	URL    string `json:"url"`
	Title  string `json:"title"`
}

// add counts an update that changed some pages, or none.
func (n *news) add(pages []elsewhere) {
	n.last++
	for i := range pages {
		pages[i].Update = n.last
	}
	if n.updates = append(n.updates, pages); len(n.updates) > maxNews {
		n.updates = n.updates[1:]
	}
}

// since lists the pages that changed after an update, the latest first. An update that
// changed the page at a URL is no news to it.
func (n *news) since(update int, url string) []elsewhere {
	list := []elsewhere{}
	listed := map[string]bool{}
	for i := range min(len(n.updates), n.last-update) {
		pages := n.updates[len(n.updates)-1-i]
		if slices.ContainsFunc(pages, func(p elsewhere) bool { return p.URL == url }) {
			continue
		}
		for _, p := range pages {
			if !listed[p.URL] {
				listed[p.URL] = true
				list = append(list, p)
			}
		}
	}
	return list
}
