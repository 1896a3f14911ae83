# The verbs of this repository. `make` alone lists them.
# Building and serving a site needs Go only; the tests need more, which `make
# test` installs where it can.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

GO       ?= go
PKG      ?= ./...# what the targets below look at
TIMEOUT  ?= 60m# for the tests of a package: it ends what hangs, and no slow machine reaches it
PROCS    ?= 2# packages built and tested at the same time
FUZZTIME ?= 60s# for each fuzz target of `make soak`
BENCH    ?= .# the benchmarks of `make bench`, a regular expression

BROWSERTEST := generator/internal/browsertest
NODE_STAMP  := $(BROWSERTEST)/node_modules/.package-lock.json

.PHONY: help
help: ## list these targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name does; do printf '  make %-8s %s\n' "$$name" "$$does"; done

.PHONY: build
build: ## build the site from content/ into public/
	$(GO) run ./cmd/vigie build

.PHONY: serve
serve: ## build the site and serve it with search on http://localhost:8080
	$(GO) run ./cmd/vigie serve

.PHONY: test
test: tools lint ## install what is missing, then lint and run all tests
	VIGIE_REQUIRE_BROWSER=1 $(GO) test -p $(PROCS) -timeout $(TIMEOUT) $(PKG)

.PHONY: lint
lint: ## check formatting, go vet and staticcheck
	@unformatted=$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path './public/*' -print0 | xargs -0 gofmt -l); \
	if [ -n "$$unformatted" ]; then printf 'not formatted (run gofmt -w):\n%s\n' "$$unformatted"; exit 1; fi
	$(GO) vet $(PKG)
	$(GO) tool staticcheck $(PKG)

# What runs many things at once. `make race PKG=./...` looks at everything.
RACY := build publish preview serve watch search/engine

.PHONY: race
race: tools compiler ## run the tests of what works in parallel with the race detector
	CGO_ENABLED=1 $(GO) test -race -p $(PROCS) -timeout $(TIMEOUT) $(if $(filter file default,$(origin PKG)),$(RACY:%=./generator/internal/%),$(PKG))

.PHONY: vuln
vuln: ## look for known vulnerabilities in what is used
	@out=$$($(GO) tool govulncheck $(PKG) 2>&1) && status=0 || status=$$?; \
	printf '%s\n' "$$out"; \
	if [ $$status -eq 0 ]; then exit 0; fi; \
	if [ $$status -ne 3 ] && grep -qE 'fetching vulnerabilities|reading index of vulnerabilities' <<<"$$out"; then \
		echo 'vuln: the vulnerability database cannot be reached, nothing was checked'; exit 0; \
	fi; \
	exit $$status

.PHONY: bench
bench: ## run the benchmarks (BENCH=regexp)
	$(GO) test -p 1 -run '^$$' -bench '$(BENCH)' -benchmem $(PKG)

.PHONY: soak
soak: ## run the long tests (two hours), then each fuzz target for FUZZTIME
	VIGIE_SOAK=1 $(GO) test -p $(PROCS) -count 1 -timeout 600m $(PKG)
	@for package in $$($(GO) list $(PKG)); do \
		for target in $$($(GO) test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s -parallel $(PROCS) "$$package"; \
		done; \
	done

.PHONY: clean
clean: ## remove the built site, what builds keep, and what make installed here
	rm -rf public .public.vigie-spare .vigie/cache $(BROWSERTEST)/node_modules

# What the tests need beside Go: a browser, Java for the Nu HTML checker,
# xmllint for the grammars of the feeds, npm for the checkers themselves.
.PHONY: tools
tools: programs $(NODE_STAMP)

.PHONY: programs
programs:
	@has() { command -v "$$1" >/dev/null; }; missing=(); \
	if [ -z "$${VIGIE_CHROMIUM:-}" ] && ! has chromium && ! has chromium-browser && ! has google-chrome && ! has google-chrome-stable && ! has chrome \
		&& [ ! -x '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' ]; then missing+=(chromium); fi; \
	has java    || missing+=(default-jre-headless); \
	has xmllint || missing+=(libxml2-utils); \
	has npm     || missing+=(npm); \
	$(install)

# The race detector is linked by a C compiler.
.PHONY: compiler
compiler:
	@has() { command -v "$$1" >/dev/null; }; missing=(); \
	has "$$($(GO) env CC)" || missing+=(gcc libc6-dev); \
	$(install)

# Installs the Debian packages in the shell's list "missing", or says which they are.
define install
if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
if [ "$$(id -u)" = 0 ]; then sudo=(); \
elif has sudo && sudo -n true 2>/dev/null; then sudo=(sudo); \
else sudo=(false); fi; \
if ! has apt-get || [ "$${sudo[0]:-}" = false ]; then \
	echo "the tests need programs that are not installed; install these Debian packages, or what your system calls them: $${missing[*]}" >&2; \
	exit 1; \
fi; \
echo "installing $${missing[*]}"; \
export DEBIAN_FRONTEND=noninteractive; \
$${sudo[@]+"$${sudo[@]}"} apt-get -q -o DPkg::Lock::Timeout=300 update; \
$${sudo[@]+"$${sudo[@]}"} apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$${missing[@]}"
endef

# npm writes the stamp itself; the packages' install scripts would download more
# and are not needed.
$(NODE_STAMP): $(BROWSERTEST)/package.json $(BROWSERTEST)/package-lock.json | programs
	cd $(BROWSERTEST) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
