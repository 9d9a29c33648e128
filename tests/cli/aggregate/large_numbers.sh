# Beyond 2^53 millionths, or 2^53 records, nothing may be rounded twice.
stream() {
    printf '#bell\t1\n#fields\tm\n#types\tdecimal\n'
    printf '%s\n' "$@"
    printf '#end\tin=%d\tout=%d\trejected=0\tdropped=0\n' $# $#
}
stream 999999999999 999999999999 999999999999 | bell-aggregate --measures m
stream 999999999999.000001 999999999999.000003 | bell-aggregate --measures m --columns m_sd,m_min
partial() {
    printf '#bell\t1\n#fields\tfield\tvalue\tcount\n#types\tstr\tstr\tint\n'
    printf '#scale\tthumbs\tmin=0\tmax=1\tpoints=0,1\n'
    printf '#partial\tby=\tevery=\tzone=UTC\tpeople=\tmeasures=\tscales=thumbs\tscore=yes\n'
    printf 'score\t1\t%s\n#end\tin=1\tout=1\trejected=0\tdropped=0\n' "$1"
}
partial 9007199254740993 | bell-aggregate --merge --columns scored,n_1,share_1
partial 18446744073709551615 | bell-aggregate --merge --columns scored,n_1,share_1
