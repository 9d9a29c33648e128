# tsv knows no quoting; a quoted tab file is csv with "\t".
printf 'a\tb\n"x\t"y"\n' | bell-ingest --format tsv --text --no-provenance | sed -n 4p
printf 'a\tb\n"x\ty"\t"q"\n' | bell-ingest --delimiter '\t' --text --no-provenance | sed -n 4p
