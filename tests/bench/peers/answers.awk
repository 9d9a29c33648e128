# From a platform and a rating as spelt to a name, a scale and a score.

BEGIN {
    alias["x"] = "twitter"; alias["fb"] = "facebook"
    scale_of["twitter"] = "sentiment3"; scale_of["facebook"] = "stars5"; scale_of["reviews"] = "nps"
    word["negative"] = -1; word["neutral"] = 0; word["positive"] = 1
}

function platform_name(spelt)
{
    spelt = tolower(spelt)
    return spelt in alias ? alias[spelt] : spelt
}

# "" if there is none.
function score_of(rating)
{
    gsub(/^ +| +$/, "", rating)
    if (rating in word)
        return word[rating]
    return rating ~ /^-?[0-9]+$/ ? rating + 0 : ""
}
