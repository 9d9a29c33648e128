# A backslash at the end of a line joins it to the next one, as in a shell; messages are one line.
printf 'a\n1\n1\n' >in.csv
bell pipe 'ingest in.csv \
  | normalize --unique all --from a \
      --range "1,\
5" --text' | sed -n '/^[^#]/p'
# shellcheck disable=SC2016 # the sign itself is meant
bell pipe 'ingest in.csv
$x' || echo $?
bell pipe 'ingest in.csv "x
' || echo $?
bell pipe 'ingest in.csv || normalize' || echo $?
