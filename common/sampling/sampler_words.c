#include "sampling/sampler_words.h"

#include <string.h>

/* One of the texts of a table.  Never two draws in the arguments of one call: C leaves their
 * order open, and with it the bytes. */
#define PICK(r, table) ((table)[random_below((r), sizeof(table) / sizeof *(table))])

static char *put(char *at, const char *text)
{
    size_t len = strlen(text);
    memcpy(at, text, len);
    return at + len;
}

static char *put_base36(char *at, uint64_t number)
{
    char digits[16];
    size_t n = 0;
    do {
        digits[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number != 0);
    while (n > 0)
        *at++ = digits[--n];
    return at;
}

static const char *const towns[] = {
    "Ashby",   "Barrowby",     "Calder",    "Denholm",     "Eastwell",   "Fenwick",
    "Garrow",  "Harlow Green", "Ivybridge", "Kelso",       "Llanfair",   "Marston",
    "Norby",   "Oakham",       "Penrose",   "Quarry Bank", "Rowan Hill", "St. Ives",
    "Thornby", "Ulverton",     "Wexcombe",  "Yarrow",
};

static const char *const given[] = {
    "Amira",  "Ben",   "Carys", "Dmitri", "Ella",  "Femi",   "Grace", "Hanna", "Imran", "José",
    "Karin",  "Liam",  "Mei",   "Noor",   "Olu",   "Priya",  "Rhys",  "Søren", "Tomás", "Una",
    "Viktor", "Wanda", "Yusuf", "Zoë",    "Chloé", "Jürgen", "Siân",  "Tom",   "Sue",   "Alex",
};

static const char *const family[] = {
    "Adeyemi", "Baker",    "Costa", "Davies",  "Evans",      "Fischer", "García",
    "Hughes",  "Ivanov",   "Jones", "Khan",    "Larsen",     "Müller",  "Novák",
    "O'Neill", "Patel",    "Quinn", "Roberts", "Smith-Hale", "Taylor",  "Unwin",
    "Vance",   "Williams", "Young", "Żak",     "Łukasz",
};

const char *sampler_kind_name(enum sampler_kind kind)
{
    static const char *const names[KIND_COUNT] = {"official", "neighbourhood", "individual",
                                                  "anonymous", "retired"};
    return names[kind];
}

char *sampler_handle(char *at, struct random *r, enum sampler_kind kind, uint64_t number)
{
    static const char *const stems[KIND_COUNT][4] = {
        {"Council", "TownHall", "Transport", "CityDesk"},
        {"OurStreet", "Greenside", "HillTop", "Riverside"},
        {"sunny", "quiet", "busy", "lucky"},
        {"anon-", "anon-", "anon-", "anon-"},
        {"old", "slow", "garden", "bus"},
    };
    at = put(at, stems[kind][random_below(r, 4)]);
    if (kind != KIND_ANONYMOUS)
        *at++ = '_';
    return put_base36(at, number);
}

char *sampler_name(char *at, struct random *r, enum sampler_kind kind)
{
    static const char *const masks[] = {
        "A Reader", "Nobody", "Someone, somewhere", "???", "night owl", "me", "Ωmega"};
    const bool first_form = random_chance(r, 500);
    if (kind == KIND_OFFICIAL)
        return put(put(at, PICK(r, towns)), first_form ? " Council" : " Town Hall");
    if (kind == KIND_NEIGHBOURHOOD)
        return put(put(at, PICK(r, towns)), first_form ? " Residents" : " & District");
    if (kind == KIND_ANONYMOUS)
        return put(at, PICK(r, masks));
    const char *first = PICK(r, given);
    const char *last = PICK(r, family);
    if (random_chance(r, 30))
        return put(put(put(at, last), ", "), first);
    return put(put(put(at, first), " "), last);
}

char *sampler_bio(char *at, struct random *r, enum sampler_kind kind)
{
    /* %: a town.  Words that only look like another kind ("unofficial", "retiring",
     * "anonymously") stand here on purpose: a rule has to mind the edges of words. */
    static const char *const official[] = {
        "Official account of % Council. Not monitored 24/7",
        "The OFFICIAL page of %, for news and notices",
        "% newsdesk. Call us, do not report faults here",
        "Official feed: roads, bins, libraries in %",
    };
    static const char *const neighbourhood[] = {
        "Neighbourhood watch for % and villages",
        "Residents' group of %. All welcome, first Monday",
        "Your neighbourhood team in %",
        "News from our neighbourhood\nNot run by the council",
    };
    static const char *const individual[] = {
        "Coffee, dogs, % FC. Views my own",
        "Mum of three in %",
        "Nurse. Cyclist. Tired.",
        "Unofficial fan page, no complaints please",
        "Retiring and shy, but I do write",
        "I never post anonymously",
        "Runs a \"tiny\" café in %",
        "",
        "Student, % born and bred ☕",
        "Driver 🚌 | dad | chess",
        "they/them, %",
        "Reads everything, answers little",
    };
    static const char *const anonymous[] = {
        "Anonymous",
        "Anonymous account, tales from the front desk",
        "",
        "Just here to read",
        "Prefer to stay anonymous",
    };
    static const char *const retired[] = {
        "Retired teacher, %",          "Retired. Garden, grandchildren, crosswords",
        "Former bus driver, now free", "Former nurse from %, 40 years",
        "Happily retired 🌻",
    };
    const char *form = "";
    switch (kind) {
    case KIND_OFFICIAL:
        form = PICK(r, official);
        break;
    case KIND_NEIGHBOURHOOD:
        form = PICK(r, neighbourhood);
        break;
    case KIND_ANONYMOUS:
        form = PICK(r, anonymous);
        break;
    case KIND_RETIRED:
        form = PICK(r, retired);
        break;
    case KIND_INDIVIDUAL:
    case KIND_COUNT:
        form = PICK(r, individual);
        break;
    }
    const char *town = strchr(form, '%');
    if (town == NULL)
        return put(at, form);
    memcpy(at, form, (size_t)(town - form));
    at += town - form;
    return put(put(at, PICK(r, towns)), town + 1);
}

static const char *const subjects[] = {
    "the new ticket office", "your website",     "the helpline",      "the bin round",
    "the bus to %",          "the library in %", "the repair team",   "the front desk",
    "the online form",       "parking near %",   "the street lights", "the swimming pool",
    "the clinic in %",       "the road works",   "the app",           "the evening class",
};

static const char *const bad[] = {
    "is a waste of time",           "has been down again",     "never answered",
    "was rude to my mother",        "is unacceptable",         "still waiting after three weeks",
    "made me fill it in twice",     "is worse than last year", "charged me twice",
    "left us standing in the rain",
};
static const char *const complaints[] = {
    "I want to make a complaint",
    "This is a formal complaint",
    "Disgusted",
    "Not good enough",
    "Nobody calls back",
    "Worst service so far",
    "I will not use it again",
};
static const char *const even[] = {
    "is all right",     "does what it should",       "is the same as ever",
    "could be quicker", "was open when I came",      "has its days",
    "works, mostly",    "is neither here nor there",
};
static const char *const good[] = {
    "is brilliant",
    "has really improved",
    "sorted it in minutes",
    "was kind and patient",
    "is the best in the county",
    "made my week",
    "went out of its way for us",
};
static const char *const praise[] = {
    "Thank you so much", "Thanks to all",           "Well done", "Great work", "Keep it up",
    "Much appreciated",  "Cannot praise it enough",
};
static const char *const questions[] = {
    "Can you tell me who is in charge of %?",
    "When will it open again?",
    "How do I get a refund?",
    "Does anyone know the number?",
    "Why was it closed on Monday?",
    "Where can I hand in the form?",
};
static const char *const reports[] = {
    "I want to report a broken lamp in %", "Reporting a pothole near %",
    "There has been a leak since Friday",  "Report: rubbish dumped behind the school",
    "A tree is down on the road to %",
};
static const char *const fillers[] = {
    "to be fair",
    "as I said before",
    "my neighbour agrees",
    "not for the first time",
    "we waited, and waited",
    "I know you are busy",
    "in the snow",
    "on a Sunday, of all days",
    "the lady at the counter was new",
    "it cost £12.50",
    "see the photo",
    "ten minutes, no more",
    "and that is that",
    "I have lived here since 1987",
    "for what it's worth",
    "my son says so too",
    "between two and four",
    "it’s on the list",
};
static const char *const marks[] = {"👍", "😡", "🙏", "❤️", "😂", "👏👏", "🤷", "🚲", "☔", "🎉"};
static const char *const accents[] = {
    "très bien", "así así",           "naïve, I know",           "the café side", "Grüße aus %",
    "déjà vu",   "cafe\xcc\x81 time", "smo\xcc\x88rga\xcc\x8as", "já vi",         "šťastný den",
};
static const char *const oddities[] = {
    "\tsee above",
    "C:\\photos\\2024",
    "R&amp;D",
    "+1",
    "a 5\\5 from me",
    "50% off?",
    "https://example.org/q?a=1,2",
    "#fixit",
    "@council",
    "\\N",
    "- sent from my phone",
};

/* A phrase of a table, its % replaced by a town, sometimes shouted. */
static char *phrase(char *at, struct random *r, const char *form)
{
    const bool loud = random_chance(r, 25);
    for (; *form != '\0'; form++) {
        char *start = at;
        if (*form == '%')
            at = put(at, PICK(r, towns));
        else
            *at++ = *form;
        for (; loud && start < at; start++)
            if (*start >= 'a' && *start <= 'z')
                *start = (char)(*start - 'a' + 'A');
    }
    return at;
}

/* Between two sentences: mostly a blank. */
static char *gap(char *at, struct random *r)
{
    const uint64_t draw = random_below(r, 1000);
    if (draw < 30)
        return put(at, "\n");
    if (draw < 38)
        return put(at, "\r\n");
    if (draw < 45)
        return put(at, "\n\n");
    return put(at, draw < 500 ? ". " : draw < 700 ? ", " : draw < 800 ? "... " : "! ");
}

static char *statement(char *at, struct random *r, enum sampler_mood mood)
{
    char *start = at;
    at = put(phrase(at, r, PICK(r, subjects)), " ");
    if (*start >= 'a' && *start <= 'z' && random_chance(r, 700))
        *start = (char)(*start - 'a' + 'A');
    const char *verdict = mood == MOOD_BAD    ? PICK(r, bad)
                          : mood == MOOD_GOOD ? PICK(r, good)
                                              : PICK(r, even);
    if (!random_chance(r, 60))
        return phrase(at, r, verdict);
    return put(phrase(put(at, "\""), r, verdict), "\"");
}

static char *intent(char *at, struct random *r, enum sampler_mood mood)
{
    const uint64_t draw = random_below(r, 100);
    if (draw < 12)
        return phrase(at, r, PICK(r, questions));
    if (draw < 24)
        return phrase(at, r, PICK(r, reports));
    if (mood == MOOD_BAD)
        return phrase(at, r, PICK(r, complaints));
    if (mood == MOOD_GOOD)
        return phrase(at, r, PICK(r, praise));
    return phrase(at, r, PICK(r, fillers));
}

char *sampler_text(char *at, struct random *r, enum sampler_mood mood)
{
    if (random_chance(r, 25))
        return at;
    if (random_chance(r, 20))
        at = put(at, "   ");
    bool some = false;
    if (random_chance(r, 850)) {
        at = statement(at, r, mood);
        some = true;
    }
    if (!some || random_chance(r, 550)) {
        at = intent(some ? gap(at, r) : at, r, mood);
    }
    for (int i = 0; i < 5 && random_chance(r, 730); i++) {
        at = gap(at, r);
        at = phrase(at, r, PICK(r, fillers));
    }
    if (random_chance(r, 60)) {
        at = gap(at, r);
        at = phrase(at, r, PICK(r, accents));
    }
    if (random_chance(r, 40))
        at = put(put(at, " "), PICK(r, oddities));
    if (random_chance(r, 110))
        at = put(put(at, " "), PICK(r, marks));
    return at;
}
