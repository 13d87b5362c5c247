# The older tool's target names; each runs npm, cargo or the command. SIDECAR_DIR names the photo folder:
#   make validate-rust SIDECAR_DIR=/photos
# Uses the native engine if cargo could build it, else the TypeScript engine; `tandem doctor` says which.

SIDECAR_DIR ?= demo/photos
SIDECAR_TOOL = node packages/cli/bin/tandem sidecar
WORKERS ?= 16

.PHONY: setup demo build test bench check
setup:
	npm run --silent setup
demo:
	npm run demo
build:
	npm run build
test:
	npm test
bench:
	npm run bench
check:
	npm run check

.PHONY: build-rust-sidecar test-rust-sidecar bench-rust-sidecar benchmark-rust
build-rust-sidecar: setup
test-rust-sidecar:
	cargo test --workspace --exclude tandem-node --no-fail-fast --locked
bench-rust-sidecar benchmark-rust: setup
	npm run bench

.PHONY: validate-rust stats-rust convert-binary convert-rkyv format-stats test-integration
validate-rust: setup
	$(SIDECAR_TOOL) validate --input $(SIDECAR_DIR) --workers $(WORKERS)
stats-rust: setup
	$(SIDECAR_TOOL) stats --input $(SIDECAR_DIR)
convert-binary: setup
	$(SIDECAR_TOOL) convert --input $(SIDECAR_DIR) --format bin
convert-rkyv: setup
	$(SIDECAR_TOOL) convert --input $(SIDECAR_DIR) --format rkyv
format-stats: setup
	$(SIDECAR_TOOL) format-stats --input $(SIDECAR_DIR)
test-integration: validate-rust stats-rust format-stats
