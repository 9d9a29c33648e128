# The table from counts: add(key, scale, score, n), then figures(names, with_quantiles).
# A key holds the group's values, joined by commas.

function add(key, scale, score, n)
{
    key = key "," scale
    scales[key] = scale
    records[key] += n
    if (score == "")
        return
    scored[key] += n
    number[key, score] += n
    sum[key] += n * score
    squares[key] += n * score * score
}

function between(key, low, high,    n, score)
{
    n = 0
    for (score = low; score <= high; score++)
        n += number[key, score]
    return n
}

# The value number `at`, from 0, in ascending order.
function value_at(key, at,    score, upto)
{
    for (score = -1; score <= 10; score++) {
        upto += number[key, score]
        if (upto > at)
            return score
    }
}

function quantile(key, p,    at, low)
{
    at = (scored[key] - 1) * p
    low = int(at)
    return value_at(key, low) + (at - low) * (value_at(key, low < at ? low + 1 : low) - value_at(key, low))
}

function row(key, with_quantiles,    k, n, line)
{
    k = scales[key]
    n = scored[key] + 0
    line = key "," records[key] "," n
    if (k == "nps")
        line = line "," between(key, 0, 6) "," between(key, 7, 8) "," between(key, 9, 10) ",,,,,,,,"
    else if (k == "sentiment3")
        line = line ",,,," number[key, -1] "," number[key, 0] "," number[key, 1] ",,,,,"
    else
        line = line ",,,,,,," number[key, 1] "," number[key, 2] "," number[key, 3] "," number[key, 4] "," number[key, 5]
    line = line "," (n > 0 ? sprintf("%.17g", sum[key] / n) : "")
    line = line "," (n > 1 ? sprintf("%.17g", sqrt((n * squares[key] - sum[key] * sum[key]) / (n * (n - 1)))) : "")
    if (with_quantiles)
        line = line (n > 0 ? "," quantile(key, 0.1) "," quantile(key, 0.5) "," quantile(key, 0.9) : ",,,")
    return line
}

function figures(names, with_quantiles,    key)
{
    print names ",scale,records,scored,n_detractors,n_passives,n_promoters,n_negative,n_neutral,n_positive," \
        "n_1,n_2,n_3,n_4,n_5,mean,sd" (with_quantiles ? ",p10,median,p90" : "")
    for (key in records)
        print row(key, with_quantiles)
}
