package sitetest

import (
	"flag"
	"testing"
)

var corpusDir = flag.String("corpus", "", "write the benchmark's site of -corpus-size articles to this `folder`, for other programs")
var corpusSize = flag.Int("corpus-size", 10000, "articles of -corpus")

// TestWriteCorpus writes the corpus where -corpus asks for it.
func TestWriteCorpus(t *testing.T) {
	if *corpusDir == "" {
		t.Skip("no -corpus given: nothing to write")
	}
	if err := Corpus(*corpusDir, *corpusSize); err != nil {
		t.Fatal(err)
	}
}
