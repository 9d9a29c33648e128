/* text_form.h - NFC and letter case of texts, by utf8proc.
 *
 * The result is either the text itself (nothing to change; the common case for ASCII) or a
 * new one in the arena.
 */
#ifndef BELL_FIELDS_TEXT_FORM_H
#define BELL_FIELDS_TEXT_FORM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

enum text_case {
    TEXT_CASE_FOLD,  /* full Unicode case folding: "Straße" is "strasse" */
    TEXT_CASE_LOWER, /* character by character */
    TEXT_CASE_UPPER
};

/* STATUS_DATA if the text is no UTF-8 (out is untouched, the error says so); STATUS_IO if
 * memory is out.  A missing text stays missing. */
enum status text_form_nfc(struct arena *arena, struct slice text, struct slice *out,
                          struct error *err) BELL_CHECK;
enum status text_form_case(struct arena *arena, enum text_case to, struct slice text,
                           struct slice *out, struct error *err) BELL_CHECK;

#endif
