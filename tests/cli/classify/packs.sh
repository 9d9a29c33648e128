mkdir rules
cat >rules/pack.yaml <<'END'
labels:
  kind: {from: [bio], rules: [{label: fan, any: [fan]}], else: other}
END
cat >s.yaml <<'END'
classify: {packs: [rules/pack.yaml]}
END
printf 'bio\na fan\nnone\n' | bell-ingest | bell-classify -s s.yaml --text | sed -n '/^[^#]/p'
sed 's/pack\.yaml/absent.yaml/' s.yaml >t.yaml
printf 'bio\nx\n' | bell-ingest | bell-classify -s t.yaml 2>err
echo "$?"
grep -o 'absent\.yaml' err | sort -u
