# Levels are joined by name, in the records and in the margin, and never by themselves.
printf 'age\n16-34\n35-54\n55-64\n65+\n55-64\n' | bell-ingest -o in.bell.gz
cat >s.yaml <<'END'
weight:
  margins: [{by: age, counts: {16-34: 40, 35-54: 30, 55-64: 15, 65+: 9, 75+: 6}}]
END
bell-weight -s s.yaml in.bell.gz; echo "status $?"
echo '  collapse: {age: {55+: [55-64, 65+, 75+]}}' >>s.yaml
bell-weight -s s.yaml in.bell.gz -o out.bell.gz --report - | grep ,age,
bell-view --body out.bell.gz
