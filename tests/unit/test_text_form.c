/* NFC of texts by the short way and by the whole one, over all characters. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "fields/text_form.h"

static uint64_t random_state = 11;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

/* The way round for texts that are in NFC already never differs from the whole way. */
static void check_nfc(struct arena *arena, const char *text, size_t len)
{
    struct error err = ERROR_INIT;
    struct slice out;
    utf8proc_uint8_t *whole = NULL;
    assert_int_equal(text_form_nfc(arena, (struct slice){text, len}, &out, &err), STATUS_OK);
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &whole,
                                      (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    assert_true(n >= 0);
    assert_true(slice_equal(out, (struct slice){(const char *)whole, (size_t)n}));
    free(whole);
}

static void nfc_is_the_same_by_the_short_way(void **state)
{
    (void)state;
    static const uint32_t partners[] = {'a',    0x301,  0x323,  0xe9,  0x915, 0x93c, 0x1100,
                                        0x1161, 0x11a8, 0xac00, 0xb47, 0xb3e, 0x344, 0x1f600};
    enum { PARTNERS = sizeof partners / sizeof partners[0] };
    struct arena arena = ARENA_INIT;
    for (uint32_t c = 1; c < 0x110000; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        char text[12];
        size_t len = utf8_encode(text, partners[random_below(PARTNERS)]);
        len += utf8_encode(text + len, c);
        len += utf8_encode(text + len, partners[random_below(PARTNERS)]);
        check_nfc(&arena, text, len);
        if (c % 4096 == 0)
            arena_reset(&arena);
    }
    for (int round = 0; round < 300000; round++) {
        char text[24];
        size_t len = 0;
        for (uint32_t n = 1 + random_below(5); n > 0; n--)
            len += utf8_encode(text + len, random_below(3) == 0 ? partners[random_below(PARTNERS)]
                                                                : 0x20 + random_below(0x2000));
        check_nfc(&arena, text, len);
        if (round % 4096 == 0)
            arena_reset(&arena);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nfc_is_the_same_by_the_short_way),
    };
    return cmocka_run_group_tests_name("text_form", tests, NULL, NULL);
}
