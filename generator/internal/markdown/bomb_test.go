package markdown_test

import (
	"strings"
	"testing"
	"time"

	"vigie/generator/internal/diag"
	"vigie/generator/internal/markdown"
)

func TestX(t *testing.T) {
	c := markdown.New(markdown.Options{Language: "fr"})
	for name, unit := range map[string]string{
		"quote": "> ", "bracket": "[", "wiki": "[[", "close": "]", "link": "[a](b)", "nestlink": "[a](", "em": "*a ", "em2": "*a **b ", "em3": "a**b_c*d_ ",
		"quoteline": "> \n", "list": "- ", "list2": "- a\n ", "cite": "[@a ", "foot": "[^a ", "html": "<a ", "html2": "<!-- ", "tick": "`a``", "img": "![", "quot": "\"a ", "quot2": "a \" ", "bang": " !", "num": "1 000 ", "colon": "a: ", "tilde": "~a ", "entity": "&amp;", "esc": "\\\"", "dl": "a\n: b\n", "br": "a[b]", "url": "http://a.b/", "at": "a@b", "dash": "---", "table": "|a", "heading": "# a\n", "fn": "[^a]: b\n", "callout": "> [!NOTE]\n", "openparen": "[a](<b", "quotcallout": "[!NOTE]", "nestedbr": "[a]: b\n", "us": "_a", "stars": "*", "crlf": "a\r\n", "ref": "[a][b]", "x": "a!b:c;d?", "lt": "<", "dl2": ": ", "dots": ". . ", "hbomb": "a**b_c*d_ [x]( ", "comment": "<!-- a --> ", "decl": "<!A ", "proc": "<? ", "cdata": "<![CDATA[ ", "fence": "```a\n", "tag": "<a b=\"c\" ", "amp": "&#x1;", "tab": "|a|b|\n|-|-|\n", "cells": "|a[b]", "strong": "**a** ", "wikis": "[[nope]] ",
	} {
		for _, n := range []int{200000} {
			start := time.Now()
			d, _ := c.Parse(diag.NewSource("x", []byte(strings.Repeat(unit, n))), 0)
			p := time.Since(start)
			c.Render(d, nil)
			if e := time.Since(start); e > 1000*time.Millisecond {
				t.Logf("%s n=%d parse %v total %v", name, n, p, e)
			}
		}
	}
}
