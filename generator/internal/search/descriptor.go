package search

import (
	"encoding/json"
	"fmt"
)

// DescriptorPath is where a site publishes its [Descriptor].
const DescriptorPath = "search/index.json"

// DescriptorVersion is the version of the descriptor that this program writes and
// the only one it reads.
const DescriptorVersion = 1

// Descriptor says where a published site's indexes are.
type Descriptor struct {
	Version   int                  `json:"version"`
	Languages []LanguageDescriptor `json:"languages"` // the default language first
}

// LanguageDescriptor is one language's search. Paths are relative to the site's root.
type LanguageDescriptor struct {
	Lang     string `json:"lang"`
	Page     string `json:"page"`     // the search page: "search/"
	Index    string `json:"index"`    // the index file
	Manifest string `json:"manifest"` // what the browser loads first
}

// ParseDescriptor reads a descriptor. A version that this program does not know is
// an error.
func ParseDescriptor(data []byte) (Descriptor, error) {
	var d Descriptor
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("search: %s: %w", DescriptorPath, err)
	}
	if d.Version != DescriptorVersion {
		return d, fmt.Errorf("search: %s has version %d, want %d", DescriptorPath, d.Version, DescriptorVersion)
	}
	return d, nil
}

// Encode returns the descriptor as it is published.
func (d Descriptor) Encode() []byte {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(err) // strings and numbers only: cannot fail
	}
	return append(data, '\n')
}

// Of returns the language of a code, the first where it is "".
func (d Descriptor) Of(lang string) (LanguageDescriptor, bool) {
	for _, l := range d.Languages {
		if l.Lang == lang || lang == "" {
			return l, true
		}
	}
	return LanguageDescriptor{}, false
}
