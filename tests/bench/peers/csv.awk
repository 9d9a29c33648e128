# Reads CSV in awk: set FS = "\"" and call csv() on each line.  Odd pieces stand outside quotes.
# Sets field[1..]; commas and newlines inside quotes become \001 and \002, doubled quotes vanish.

function csv(    i, line, more)
{
    line = $0
    while (NF % 2 == 0 && (getline more) > 0) {
        line = line "\002" more
        $0 = line
    }
    if (NF == 1)
        return split(line, field, ",")
    line = $1
    for (i = 2; i <= NF; i++) {
        if (i % 2 == 0)
            gsub(/,/, "\001", $i)
        line = line $i
    }
    return split(line, field, ",")
}
