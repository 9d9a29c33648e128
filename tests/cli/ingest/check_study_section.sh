# What is wrong without a look at the source, --check-study says.
try() {
    printf 'ingest: {%s}\n' "$1" >s.yaml
    bell-ingest -s s.yaml --check-study || echo $?
}
try 'fields: {a: {column: x, value: y}}'
try 'fields: {a: {column: x, index: 4}}'
try 'fields: {a: {value: }}'
try 'fields: {a: {index: 0}}'
try 'fields: {a: {column: x, type: time, zone: Europe/Londn}}'
try 'fields: {a: {column: x, type: time, format: "%Q", zone: UTC}}'
try 'fields: {a: {column: x, zone: UTC}}'
try 'fields: {a: {value: secret, type: int, pseudonym: person}}'
try 'fields: {a: {column: x, type: set, pseudonym: person}}'
try 'fields: {item: {column: x}}, items: {columns: [y]}'
try 'fields: {origin: {column: x}}, origin: true'
try 'items: {name: x}'
try 'items: {columns: [y], labels: nowhere.csv}'
try 'delimiter: ab'
try 'encoding: nonsense'
try 'format: tsv, delimiter: ";"'
# These are right as far as can be known; no key is asked for.
try 'fields: {a: {column: x, value: }, b: {index: 4000}, c: {column: y, pseudonym: person}}'
try 'items: {columns: ["a..b"]}'
