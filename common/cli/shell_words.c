#include "cli/shell_words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

struct splitter {
    const char *text;
    const char *at;
    struct buffer word;
    bool in_word;
    struct shell_steps *steps;
};

static enum status bad(const struct splitter *s, const char *what, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE, "%s, at byte %zu of what is to be run: '%s'", what,
                     (size_t)(s->at - s->text) + 1, text_escape(shown, slice_of(s->at)));
}

static bool add_step(struct shell_steps *steps)
{
    struct shell_step *grown = realloc(steps->steps, (steps->count + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    steps->steps = grown;
    grown[steps->count] = (struct shell_step){.words = calloc(1, sizeof(char *))};
    return grown[steps->count++].words != NULL;
}

static bool end_word(struct splitter *s)
{
    if (!s->in_word)
        return true;
    struct shell_step *step = &s->steps->steps[s->steps->count - 1];
    char **grown = realloc(step->words, (step->count + 2) * sizeof *grown);
    if (grown == NULL)
        return false;
    step->words = grown;
    char *word = strdup(s->word.data == NULL ? "" : s->word.data);
    if (word == NULL)
        return false;
    grown[step->count++] = word;
    grown[step->count] = NULL;
    buffer_clear(&s->word);
    s->in_word = false;
    return true;
}

/* From the quote at s->at to behind its partner. */
static enum status take_quoted(struct splitter *s, struct error *err)
{
    char quote = *s->at;
    const char *start = s->at++;
    s->in_word = true;
    while (*s->at != quote) {
        if (*s->at == '\0') {
            s->at = start;
            return bad(s, "a quote that is not closed", err);
        }
        if (quote == '"' && (*s->at == '$' || *s->at == '`'))
            return bad(s, "only a shell knows what to do with $ or `", err);
        if (quote == '"' && *s->at == '\\' && s->at[1] == '\n') {
            s->at += 2;
            continue;
        }
        if (quote == '"' && *s->at == '\\' && strchr("\"\\$`", s->at[1]) != NULL &&
            s->at[1] != '\0')
            s->at++;
        if (!buffer_append_byte(&s->word, *s->at++))
            return error_no_memory(err);
    }
    s->at++;
    return STATUS_OK;
}

static enum status take_one(struct splitter *s, struct error *err)
{
    char c = *s->at;
    if (c == '\'' || c == '"')
        return take_quoted(s, err);
    if (c == ' ' || c == '\t' || c == '\n' || c == '|') {
        if (!end_word(s) || (c == '|' && !add_step(s->steps)))
            return error_no_memory(err);
        s->at++;
        return STATUS_OK;
    }
    if (c == '\\' && s->at[1] == '\n') {
        s->at += 2; /* a line that goes on */
        return STATUS_OK;
    }
    if (c == '\\') {
        if (s->at[1] == '\0')
            return bad(s, "a backslash with nothing behind it", err);
        c = *++s->at;
    } else if (strchr("$`;&<>()*?[", c) != NULL || (strchr("#~", c) != NULL && !s->in_word)) {
        return bad(s, "a sign that only a shell can act on (quote it if it is meant so)", err);
    }
    s->in_word = true;
    s->at++;
    return buffer_append_byte(&s->word, c) ? STATUS_OK : error_no_memory(err);
}

enum status shell_words_split(const char *text, struct shell_steps *steps, struct error *err)
{
    struct splitter splitter = {.text = text, .at = text, .word = BUFFER_INIT, .steps = steps};
    *steps = (struct shell_steps){.count = 0};
    enum status s = add_step(steps) ? STATUS_OK : error_no_memory(err);
    while (s == STATUS_OK && *splitter.at != '\0')
        s = take_one(&splitter, err);
    if (s == STATUS_OK && !end_word(&splitter))
        s = error_no_memory(err);
    for (size_t i = 0; s == STATUS_OK && i < steps->count; i++)
        if (steps->steps[i].count == 0)
            s = error_set(err, STATUS_USAGE, "step %zu is empty; steps stand between |", i + 1);
    buffer_free(&splitter.word);
    if (s != STATUS_OK)
        shell_words_free(steps);
    return s;
}

void shell_words_free(struct shell_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        for (size_t w = 0; steps->steps[i].words != NULL && w < steps->steps[i].count; w++)
            free(steps->steps[i].words[w]);
        free(steps->steps[i].words);
    }
    free(steps->steps);
    *steps = (struct shell_steps){.count = 0};
}
