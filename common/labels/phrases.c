/* phrases.c - takes phrases, and chooses the way for a text. */
#include "labels/phrases.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "labels/phrases_parts.h"

struct phrases_scratch {
    uint8_t *ring; /* of the automaton; NULL: not needed */
};

enum status phrases_new(struct phrases **phrases, struct error *err)
{
    *phrases = calloc(1, sizeof(**phrases));
    return *phrases == NULL ? error_no_memory(err) : STATUS_OK;
}

void phrases_free(struct phrases *phrases)
{
    if (phrases == NULL)
        return;
    intern_free(&phrases->all.texts);
    free(phrases->all.list);
    free(phrases->all.characters);
    phrase_automaton_free(phrases->automaton);
    phrase_filter_free(phrases->filter);
    free(phrases);
}

size_t phrases_count(const struct phrases *phrases)
{
    return phrases->all.texts.count;
}

size_t phrases_words(const struct phrases *phrases)
{
    return ((size_t)phrases->all.texts.count + 63) / 64;
}

/* The folded text of a phrase, blanks trimmed and each run of them one space. */
static enum status fold_phrase(struct slice text, struct buffer *folded, struct phrase *phrase,
                               struct error *err)
{
    bool blank = false;

    for (size_t i = 0; i < text.len;) {
        uint32_t character;
        char bytes[4];
        size_t n = utf8_decode(text.data + i, text.len - i, &character);
        if (n == 0)
            return error_set(err, STATUS_USAGE, "a phrase is not UTF-8");
        i += n;
        if (phrases_is_blank(character)) {
            blank = folded->len > 0;
            continue;
        }
        if (folded->len == 0)
            phrase->edge_before = phrases_is_word(character);
        phrase->edge_behind = phrases_is_word(character);
        if (blank && !buffer_append_byte(folded, ' '))
            return error_no_memory(err);
        blank = false;
        if (!buffer_append(folded, bytes, utf8_encode(bytes, phrases_fold(character))))
            return error_no_memory(err);
    }
    if (folded->len == 0)
        return error_set(err, STATUS_USAGE, "a phrase is empty");
    phrase->len = (uint32_t)folded->len;
    return STATUS_OK;
}

static bool list_reserve(struct phrase_list *all, size_t count)
{
    if (count <= all->cap)
        return true;
    size_t cap = all->cap == 0 ? 64 : all->cap * 2;
    struct phrase *list = realloc(all->list, cap * sizeof(*list));
    if (list == NULL)
        return false;
    all->list = list;
    all->cap = cap;
    return true;
}

enum status phrases_add(struct phrases *phrases, struct slice phrase, uint32_t *id,
                        struct error *err)
{
    struct phrase_list *all = &phrases->all;
    struct buffer folded = BUFFER_INIT;
    struct phrase entry = {0};
    bool added = false;
    enum status s;

    if (phrase.len > PHRASES_TABLE_MAX) /* lengths stay far inside 32 bits */
        return error_set(err, STATUS_USAGE, "a phrase is longer than 16 MiB");
    s = fold_phrase(phrase, &folded, &entry, err);
    if (s != STATUS_OK)
        goto end;
    if (!list_reserve(all, (size_t)all->texts.count + 1)) {
        s = error_no_memory(err);
        goto end;
    }
    *id = intern_add(&all->texts, (struct slice){folded.data, folded.len}, &added);
    if (*id == INTERN_NONE) {
        s = error_no_memory(err);
        goto end;
    }
    if (added) {
        all->list[*id] = entry;
        if (folded.len > all->longest)
            all->longest = folded.len;
    }
end:
    buffer_free(&folded);
    return s;
}

enum status phrases_build(struct phrases *phrases, struct error *err)
{
    struct phrase_list *all = &phrases->all;

    if (all->texts.count == 0)
        return STATUS_OK;
    all->characters = calloc(PHRASE_CHARACTERS, sizeof(*all->characters));
    if (all->characters == NULL)
        return error_no_memory(err);
    for (uint32_t c = 0; c < PHRASE_CHARACTERS; c++)
        all->characters[c] = phrase_character(c);
    enum status s = phrase_automaton_new(&phrases->automaton, all, err);
    return s == STATUS_OK ? phrase_filter_new(&phrases->filter, all, false, err) : s;
}

enum status phrases_scratch_new(const struct phrases *phrases, struct phrases_scratch **scratch,
                                struct error *err)
{
    size_t ring = phrases->automaton == NULL ? 0 : phrase_automaton_ring(phrases->automaton);

    *scratch = calloc(1, sizeof(**scratch));
    if (*scratch == NULL)
        return error_no_memory(err);
    if (ring == 0)
        return STATUS_OK;
    (*scratch)->ring = calloc(ring, 1);
    if ((*scratch)->ring == NULL) {
        free(*scratch);
        *scratch = NULL;
        return error_no_memory(err);
    }
    return STATUS_OK;
}

void phrases_scratch_free(struct phrases_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->ring);
    free(scratch);
}

void phrases_match_plain(const struct phrases *phrases, struct phrases_scratch *scratch,
                         struct slice text, uint64_t *found)
{
    if (phrases->automaton != NULL)
        phrase_automaton_match(phrases->automaton, scratch->ring, text, found);
}

void phrases_match(const struct phrases *phrases, struct phrases_scratch *scratch,
                   struct slice text, uint64_t *found)
{
    if (phrases->filter == NULL ||
        phrase_filter_match_some(phrases->filter, &text, 1, phrases_words(phrases), found) != 0)
        phrases_match_plain(phrases, scratch, text, found);
}

void phrases_match_many(const struct phrases *phrases, struct phrases_scratch *scratch,
                        const struct slice *texts, size_t count, uint64_t *found)
{
    const size_t words = phrases_words(phrases);

    if (phrases->automaton == NULL)
        return;
    if (phrases->filter == NULL || !phrase_filter_beats_lanes(phrases->filter)) {
        phrase_automaton_match_many(phrases->automaton, scratch->ring, texts, count, words, found);
        return;
    }
    for (size_t i = 0; i < count; i += FILTER_TEXTS) {
        size_t n = count - i < FILTER_TEXTS ? count - i : FILTER_TEXTS;
        uint64_t unsure =
            phrase_filter_match_some(phrases->filter, texts + i, n, words, found + i * words);
        for (; unsure != 0; unsure &= unsure - 1) {
            size_t k = i + (size_t)__builtin_ctzll(unsure);
            phrases_match_plain(phrases, scratch, texts[k], found + k * words);
        }
    }
}
