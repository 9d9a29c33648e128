# --range takes the place of the study's scale, and --scale that of its range; in a study they
# contradict each other, and step and reverse do nothing beside a scale by name.
show() {
    bell-normalize -s s.yaml --text "$@" in.bell.gz | sed -n '/^[^#]/p' | cut -f 1,2,3
    echo
}
printf 'a\n1\n' | bell-ingest -o in.bell.gz
echo 'normalize: {score: {from: a, scale: stars5}}' >s.yaml
show --range 1,7 --reverse
show --reverse
echo 'normalize: {score: {from: a, range: [1, 5], step: 1, reverse: true}}' >s.yaml
show --scale nps
echo 'normalize: {score: {from: a, scale: stars5, range: [1, 5]}}' >s.yaml
show
echo 'normalize: {score: {from: a, scale: stars5, reverse: true}}' >s.yaml
show
echo 'normalize: {score: {from: a, by: a, scales: {"1": nps}, step: 2}}' >s.yaml
show
