"""What the jobs ask, for the peers: words from main.yaml itself, so that no two can drift apart.

    ACCOUNT_CLASS, INTENT   [(label, [phrase, ...]), ...], the first that matches wins
    BANDS                   [(column, scale, lowest, highest score), ...]
    groups(job)             group columns of a job's table, without scale
"""
import os
import re

STUDY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "main.yaml")
COLUMNS = ["id", "time", "platform", "account", "author", "bio", "followers", "rating", "likes",
           "text"]
RECORD_COLUMNS = ["platform", "bio", "opinion", "text", "score", "scale", "unscored", "account_class",
                  "intent"]
ALIASES = {"x": "twitter", "fb": "facebook"}
SCALES = {"twitter": "sentiment3", "facebook": "stars5", "reviews": "nps"}
WORDS = {"negative": -1, "neutral": 0, "positive": 1}
BANDS = ([("n_detractors", "nps", 0, 6), ("n_passives", "nps", 7, 8), ("n_promoters", "nps", 9, 10)]
         + [("n_" + word, "sentiment3", score, score) for word, score in WORDS.items()]
         + [(f"n_{star}", "stars5", star, star) for star in range(1, 6)])
QUANTILES = {"p10": 0.1, "median": 0.5, "p90": 0.9}
NO_CLASS, NO_INTENT = "individual", "none"


def rules(label):
    """The rules of one label: a reader for the form in which main.yaml is written, no more."""
    with open(STUDY, encoding="utf-8") as f:
        section = re.search(rf"^    {label}:.*?^      else:", f.read(), re.S | re.M).group(0)
    found = re.findall(r"label: (\w+),?\s+any: \[([^\]]*)\]", section)
    return [(name, [" ".join(w.split()) for w in words.split(",")]) for name, words in found]


ACCOUNT_CLASS, INTENT = rules("account_class"), rules("intent")
ALL_PHRASES = [phrase for _, phrases in INTENT for phrase in phrases]


def pattern(phrases):
    """Regular expression of phrases that need no word edge: in this text none stands inside a
    word, which the comparison of the tables would show."""
    return "|".join(phrases)


def edged(words):
    """Regular expression with word edges: the bios hold "unofficial" and "anonymously"."""
    return rf"\b(?:{'|'.join(words)})\b"


def groups(job):
    return ["platform"] if job == "light" else ["account_class", "intent"]


def quantiles(job):
    return {} if job == "light" else QUANTILES


def header(job):
    return (groups(job) + ["scale", "records", "scored"] + [band[0] for band in BANDS] + ["mean", "sd"]
            + list(quantiles(job)))
