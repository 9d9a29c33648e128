printf 'a,b\n"tab\there","back\\slash"\n#x,"cr\rff\fvt\vbs\b"\n' >in.csv
bell-ingest --text --no-provenance in.csv | sed -n '4,$p'
