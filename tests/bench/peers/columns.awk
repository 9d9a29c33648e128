# Platform and rating, as spelt, from CSV, for datamash: awk -f csv.awk -f columns.awk

BEGIN { FS = "\"" }
NR > 1 { csv(); print field[3] "\t" field[8] }
