# The main job: awk -v labels=... -v classes=... -f csv.awk -f answers.awk -f figures.awk -f main.awk
# labels and classes: "label=regex;label=regex"; in classes < and > stand for the edges of a word.
# Each bio is looked at once.

BEGIN {
    FS = "\""
    label_count = split(labels, part, ";")
    for (i = 1; i <= label_count; i++) {
        split(part[i], half, "=")
        label[i] = half[1]; phrases[i] = half[2]
        any = any (i > 1 ? "|" : "") half[2]
    }
    class_count = split(classes, part, ";")
    for (i = 1; i <= class_count; i++) {
        split(part[i], half, "=")
        class[i] = half[1]; words[i] = "(^|[^a-z0-9_])(" half[2] ")([^a-z0-9_]|$)"
    }
}

NR == 1 { next }

{
    csv()
    text = tolower(field[10])
    intent = "none"
    if (text ~ any)
        for (i = 1; i <= label_count; i++)
            if (text ~ phrases[i]) {
                intent = label[i]
                break
            }
    seen[field[3] "," field[8] "," class_of(field[6]) "," intent]++
}

function class_of(bio,    i, lowered)
{
    if (bio in known)
        return known[bio]
    lowered = tolower(bio)
    for (i = 1; i <= class_count; i++)
        if (lowered ~ words[i])
            return known[bio] = class[i]
    return known[bio] = "individual"
}

END {
    for (spelt in seen) {
        split(spelt, part, ",")
        add(part[3] "," part[4], scale_of[platform_name(part[1])], score_of(part[2]), seen[spelt])
    }
    figures("account_class,intent", 1)
}
