# Without a study every column becomes a text field; nothing is guessed.
printf 'id,rating,text\n007,5,fine\n8,,"two\nlines"\n' >in.csv
bell-ingest --text --no-provenance in.csv
