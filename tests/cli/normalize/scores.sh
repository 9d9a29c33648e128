printf 'id,opinion\n1,negative\n2,positive\n3,\n4,neutral\n5,-1\n' | bell-ingest --no-provenance |
    bell-normalize --from opinion --scale sentiment3 --text --no-provenance
