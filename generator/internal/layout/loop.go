package layout

import (
	"fmt"
	"html/template"
	"runtime"
	"slices"
	"strings"
	"text/template/parse"
)

// A template that includes itself without end would run into text/template's own
// limit of 100,000 levels, which takes hundreds of megabytes and, through a range,
// minutes. So calls that can lead back to where they stand are guarded.

// guardName is the function that guards a call; maxFrames is how deep in Go's calls a
// guarded call may stand, some hundred templates within each other.
const (
	guardName = "vigieGuard"
	maxFrames = 1500
)

// loopError is a template that includes itself without end.
type loopError struct {
	place string // of the call, "file:line:column"
	chain string // of templates, from one to itself
}

func (e *loopError) Error() string { return "template includes itself without end: " + e.chain }

// guard fails where templates are too deep within each other.
func guard(place, chain string) (string, error) {
	var frame [1]uintptr
	if runtime.Callers(maxFrames, frame[:]) > 0 {
		return "", &loopError{place, chain}
	}
	return "", nil
}

// guardLoops guards the calls of a set of templates that can lead back to where they
// stand. It must be called before any of the set is executed.
func guardLoops(t *template.Template) error {
	calls := map[string][]string{}   // by name of the template they stand in
	places := map[[2]string]string{} // of the first call from one template to another
	each := func(do func(in *template.Template, list *parse.ListNode, at int, call *parse.TemplateNode)) {
		for _, in := range t.Templates() {
			if in.Tree == nil {
				continue
			}
			for _, list := range lists(in.Tree.Root) {
				for at, n := range slices.Backward(list.Nodes) { // what is inserted moves nothing to come
					if call, ok := n.(*parse.TemplateNode); ok {
						do(in, list, at, call)
					}
				}
			}
		}
	}
	each(func(in *template.Template, _ *parse.ListNode, _ int, call *parse.TemplateNode) {
		calls[in.Name()] = append(calls[in.Name()], call.Name)
		places[[2]string{in.Name(), call.Name}], _ = in.Tree.ErrorContext(call)
	})
	for _, list := range calls {
		slices.Sort(list)
	}
	var failed error
	each(func(in *template.Template, list *parse.ListNode, at int, call *parse.TemplateNode) {
		loop := wayBack(calls, call.Name, in.Name())
		if loop == nil {
			return
		}
		// Which call meets the limit is chance: the loop is told from its first name on.
		first := slices.Index(loop, slices.Min(loop))
		loop = slices.Concat(loop[first:], loop[:first])
		loop = append(loop, loop[0])
		node, err := guardNode(places[[2]string{loop[0], loop[1]}], strings.Join(loop, " → "))
		if err != nil {
			failed = err
			return
		}
		list.Nodes = slices.Insert(list.Nodes, at, node)
	})
	return failed
}

// wayBack is the shortest chain of calls from one template to another, both included;
// nil where there is none.
func wayBack(calls map[string][]string, from, to string) []string {
	ways := [][]string{{from}}
	seen := map[string]bool{from: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if last == to {
			return way
		}
		for _, next := range calls[last] {
			if !seen[next] {
				seen[next] = true
				ways = append(ways, append(slices.Clone(way), next))
			}
		}
	}
	return nil
}

// guardNode makes the guard of a call. It assigns, so that it writes nothing whatever
// it stands in.
func guardNode(place, chain string) (parse.Node, error) {
	text := fmt.Sprintf("{{$%s := %[1]s %q %q}}", guardName, place, chain)
	trees, err := parse.Parse(guardName, text, "", "", builtins())
	if err != nil {
		return nil, fmt.Errorf("guard of the call at %s: %w", place, err)
	}
	return trees[guardName].Root.Nodes[0], nil
}

// lists are the lists of nodes in a template: its own and those of its branches.
func lists(root *parse.ListNode) []*parse.ListNode {
	if root == nil {
		return nil
	}
	all := []*parse.ListNode{root}
	for _, n := range root.Nodes {
		var branch *parse.BranchNode
		switch n := n.(type) {
		case *parse.IfNode:
			branch = &n.BranchNode
		case *parse.RangeNode:
			branch = &n.BranchNode
		case *parse.WithNode:
			branch = &n.BranchNode
		default:
			continue
		}
		all = append(all, lists(branch.List)...)
		all = append(all, lists(branch.ElseList)...)
	}
	return all
}
