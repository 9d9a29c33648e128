#include "labels/regex.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/text.h"
#include "base/buffer.h"
#include "base/utf8.h"

enum { JIT_STACK_START = 32 * 1024, JIT_STACK_MAX = 1024 * 1024, MESSAGE_MAX = 256 };

struct regex {
    pcre2_code *code;
};

struct regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL: PCRE2 was built without a compiler */
    struct buffer subject;
};

static enum status compile_error(const struct node *node, int code, size_t offset,
                                 struct error *err)
{
    PCRE2_UCHAR message[MESSAGE_MAX];
    char shown[TEXT_ESCAPED_MAX];
    size_t len = strlen(node->text);

    if (pcre2_get_error_message(code, message, sizeof(message)) < 0)
        message[0] = '\0';
    if (offset >= len)
        return node_error(node, err, "regex: %s (at its end)", (const char *)message);
    text_escape(shown, (struct slice){node->text + offset, len - offset});
    return node_error(node, err, "regex: %s (byte %zu of it, before '%s')", (const char *)message,
                      offset + 1, shown);
}

enum status regex_compile(struct regex **regex, const struct node *node, struct error *err)
{
    int code = 0;
    PCRE2_SIZE offset = 0;

    *regex = NULL;
    if (node->kind != NODE_SCALAR || node->text == NULL || node->text[0] == '\0')
        return node_error(node, err, "regex: a pattern is wanted here");
    *regex = calloc(1, sizeof(**regex));
    if (*regex == NULL)
        return error_no_memory(err);
    /* \C could split a character, and what follows it would no longer be UTF-8. */
    (*regex)->code =
        pcre2_compile((PCRE2_SPTR)node->text, PCRE2_ZERO_TERMINATED,
                      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
    if ((*regex)->code == NULL) {
        free(*regex);
        *regex = NULL;
        if (code == PCRE2_ERROR_HEAP_FAILED)
            return error_no_memory(err);
        return compile_error(node, code, offset, err);
    }
    /* Without the compiler, or where it cannot do a pattern, the interpreter is used. */
    (void)pcre2_jit_compile((*regex)->code, PCRE2_JIT_COMPLETE);
    return STATUS_OK;
}

void regex_free(struct regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->code);
    free(regex);
}

enum status regex_scratch_new(struct regex_scratch **scratch, struct error *err)
{
    struct regex_scratch *new = calloc(1, sizeof(*new));

    *scratch = NULL;
    if (new == NULL)
        return error_no_memory(err);
    new->data = pcre2_match_data_create(1, NULL);
    new->context = pcre2_match_context_create(NULL);
    if (new->data == NULL || new->context == NULL) {
        regex_scratch_free(new);
        return error_no_memory(err);
    }
    (void)pcre2_set_match_limit(new->context, REGEX_MATCH_LIMIT);
    (void)pcre2_set_depth_limit(new->context, REGEX_DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(new->context, REGEX_HEAP_KIB);
    new->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (new->stack != NULL)
        pcre2_jit_stack_assign(new->context, NULL, new->stack);
    *scratch = new;
    return STATUS_OK;
}

void regex_scratch_free(struct regex_scratch *scratch)
{
    if (scratch == NULL)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    buffer_free(&scratch->subject);
    free(scratch);
}

/* The text where zeros follow it: compiled patterns look at memory in wide steps, and what they
 * find behind the text should be known. */
static bool put_subject(struct regex_scratch *scratch, struct slice text)
{
    enum { STEP = 32 };
    static const char zeros[STEP];
    buffer_clear(&scratch->subject);
    return buffer_append_slice(&scratch->subject, text) &&
           buffer_append(&scratch->subject, zeros, STEP);
}

enum status regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text,
                        enum regex_result *result, struct error *err)
{
    *result = REGEX_NO;
    if (slice_missing(text))
        return STATUS_OK;
    if (!utf8_valid(text)) {
        *result = REGEX_NOT_UTF8;
        return STATUS_OK;
    }
    if (!put_subject(scratch, text))
        return error_no_memory(err);
    int code = pcre2_match(regex->code, (PCRE2_SPTR)scratch->subject.data, text.len, 0,
                           PCRE2_NO_UTF_CHECK, scratch->data, scratch->context);
    switch (code) {
    case PCRE2_ERROR_NOMATCH:
        return STATUS_OK;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_JIT_STACKLIMIT:
    case PCRE2_ERROR_RECURSELOOP:
        *result = REGEX_LIMIT;
        return STATUS_OK;
    case PCRE2_ERROR_NOMEMORY:
        return error_no_memory(err);
    default:
        break;
    }
    if (code < 0) {
        PCRE2_UCHAR message[MESSAGE_MAX] = "";
        (void)pcre2_get_error_message(code, message, sizeof(message));
        return error_set(err, STATUS_IO, "a regex could not be matched: %s", (const char *)message);
    }
    *result = REGEX_YES;
    return STATUS_OK;
}
