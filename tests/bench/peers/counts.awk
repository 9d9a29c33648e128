# The table of the light job from platform, rating, count, of datamash or Miller:
# awk -F '\t' -f answers.awk -f figures.awk -f counts.awk

$3 ~ /^[0-9]+$/ {
    name = platform_name($1)
    add(name, scale_of[name], score_of($2), $3)
}

END { figures("platform", 0) }
