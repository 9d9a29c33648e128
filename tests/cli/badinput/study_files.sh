try() {
    printf '%b' "$1" >s.yaml
    bell-ingest -s s.yaml --check-study
    echo $?
}
try 'ingest: {trim: perhaps}\n'
try 'ingest:\n  trim: yes\n  trim: no\n'
try 'ingest: &a {trim: yes}\nnormalize: *a\n'
try 'study: x\n---\nstudy: y\n'
try 'ingest: [a, b]\n'
try 'ingest:\n  fields: {a: {column: [b, {c: d}]}}\n'
try 'ingest:\n\ttrim: yes\n'
try 'aggregate: {every: fortnight}\n'
try 'scales: {s: {points: [1, x]}}\n'
try 'normalize: {score: {from: a, scale: stars}}\n'
try 'ingest: {<<: {trim: yes}}\n'
