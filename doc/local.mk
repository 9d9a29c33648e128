# Written by build-aux/list-sources.
manual_pages =
doc_files = \
	doc/tutorial.md
