printf 'a\ncaf\351\n' | bell-ingest --encoding latin1 --text --no-provenance | sed -n 4p
printf '\357\273\277a\ncaf\303\251\n' | bell-ingest --text --no-provenance | sed -n '2p;4p'
printf '\377\376a\000\n\000\351\000\n\000' | bell-ingest --encoding utf-16 --text --no-provenance | sed -n 4p
printf 'a\n\216\n' | bell-ingest --encoding macintosh --text --no-provenance | sed -n 4p
