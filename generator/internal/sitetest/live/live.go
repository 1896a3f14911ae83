// Package live holds what is kept between builds, and in preview's memory, against builds
// from nothing. It has tests alone.
package live
