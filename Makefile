# The two commands of the README are `make demo` and `make test`; the rest is for development.
# Each target installs the Debian packages it lacks, through sudo when not root.

SWIFT ?= swift
BINARY = .build/release/moniker
LINTED = $(wildcard Sources Tests Benchmarks Fuzz Package.swift)

.PHONY: all build demo test lint format clean

all: build

build: ## Build the release binary at .build/release/moniker.
	@Scripts/install-dependencies.sh build
	$(SWIFT) build -c release --product moniker

demo: build ## Build a sample site, rename its library, verify, revert one entry.
	@Scripts/install-dependencies.sh demo
	@Demo/run.sh $(BINARY)

test: build ## Run every test, the end-to-end ones on a real WordPress and MariaDB.
	@Scripts/install-dependencies.sh test
	$(SWIFT) build -c release --product crash-model
	@MONIKER_CRASH_POINTS=1 Scripts/run-tests.sh

.PHONY: crash
crash: build ## Run the long version of the tests of crashes, faults and races; print their table. CASES bounds each matrix of faults (100; all of them take a day).
	@Scripts/install-dependencies.sh test
	$(SWIFT) build -c release --product crash-model
	@MONIKER_CRASH_POINTS=1 MONIKER_LONG_RUN=1 MONIKER_FAULT_CASES=$(or $(CASES),100) Scripts/run-tests.sh --filter \
		'CrashModelTests|EndToEndTests|EngineTests|FilesTests|JournalTests'

.PHONY: schemathesis
schemathesis: build ## Ask the API whatever its OpenAPI document allows and forbids, EXAMPLES (500) times an operation, from SEED (1); print a table.
	@Scripts/install-dependencies.sh test
	@MONIKER_BINARY=$(CURDIR)/$(BINARY) Scripts/schemathesis.sh --examples $(or $(EXAMPLES),500) --seed $(or $(SEED),1)

.PHONY: browser
browser: build ## Test the dashboard in Chromium; screenshots go to .test/screenshots.
	@Scripts/install-dependencies.sh test browser
	@MONIKER_BINARY=$(CURDIR)/$(BINARY) Scripts/browser.sh

lint: ## Check formatting, the layering of targets, and the syntax of the scripts.
	@Scripts/install-dependencies.sh lint
	$(SWIFT) format lint --strict --recursive --parallel $(LINTED)
	python3 Scripts/layering.py
	Scripts/check-syntax.sh

format: ## Format every Swift file in place.
	$(SWIFT) format --in-place --recursive --parallel $(LINTED)

ifneq ($(wildcard Benchmarks/Package.swift),)
.PHONY: bench bench-rewriter bench-site
bench: bench-rewriter bench-site ## Measure the rewriter, then renames on big sites; SCALE=0.05 for a quick try.

bench-rewriter: ## Measure the rewriter alone.
	@Scripts/install-dependencies.sh build
	$(SWIFT) run --package-path Benchmarks -c release

bench-site: build ## Measure renames and reverts on generated sites of SCALE (1) times 110,000 posts; PARTS=main,growth,references,sqlite; at scale 1 into docs/performance.md.
	@Scripts/install-dependencies.sh bench
	Benchmarks/measure-site.py $(if $(SCALE)$(PARTS),--scale $(or $(SCALE),1) $(if $(PARTS),--only $(PARTS)),--write)
endif

.PHONY: dist load
dist: ## Build the program for machines without Swift into dist/, with its unit and container file.
	@Scripts/install-dependencies.sh build
	@Scripts/make-dist.sh

load: build ## Ask the service as 200 readers and 20 writers for SECONDS (60); fails where a write is lost or doubled.
	@Scripts/install-dependencies.sh bench
	Benchmarks/measure-service.py --seconds $(or $(SECONDS),60)

ifneq ($(wildcard Fuzz/run.sh),)
.PHONY: fuzz
fuzz: ## Fuzz every parser for SECONDS (60); see Fuzz/run.sh.
	@Scripts/install-dependencies.sh build
	@Fuzz/run.sh $(or $(SECONDS),60)
endif

.PHONY: hostile sanitize
hostile: ## Measure the optimized rewriter on adversarial values of 20 MB.
	@Scripts/install-dependencies.sh test
	$(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build-hostile \
		--disable-xctest --filter LinearityTests

sanitize: ## Run the unit tests with ThreadSanitizer and with AddressSanitizer.
	@Scripts/install-dependencies.sh test
	@Scripts/sanitize.sh

clean: ## Remove what was built, the test sites and the sample site.
	rm -rf .build .build-* Fuzz/.build .test demo-site
