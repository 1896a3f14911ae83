package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// barWidth is the progress bar's width in characters.
const barWidth = 30

// progress returns what draws a bar on a terminal while work goes on for more than
// a moment, nil where nobody would see it.
func (c *cli) progress() func(stage string, done, total int) {
	if !terminal(c.stderr) || c.quiet || c.json {
		return nil
	}
	var mu sync.Mutex
	start, drawn, shown := time.Now(), time.Time{}, false
	return func(stage string, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if done < total && (now.Sub(start) < time.Second || now.Sub(drawn) < 100*time.Millisecond) {
			return
		}
		if done >= total {
			if shown {
				fmt.Fprint(c.stderr, "\r\x1b[K")
				shown = false
			}
			return
		}
		drawn, shown = now, true
		full := barWidth * done / max(total, 1)
		fmt.Fprintf(c.stderr, "\r%s [%s%s] %d/%d", stage, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, total)
	}
}
