# Written by build-aux/list-sources.
manual_pages = \
	doc/bell-format.5 \
	doc/bell-study.5
doc_files = \
	doc/ARCHITECTURE.md \
	doc/COVERAGE.md \
	doc/PERFORMANCE.md \
	doc/csv-grammar.md \
	doc/silent-majority.md \
	doc/tutorial.md
