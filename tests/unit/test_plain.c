/* Numbers and pages for people. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "estimates/explain.h"
#include "estimates/plain_number.h"
#include "estimates/plain_page.h"

static const double none = (double)NAN;

static void counts(void **unused)
{
    (void)unused;
    char out[PLAIN_MAX];
    assert_string_equal(plain_count(out, 0), "0");
    assert_string_equal(plain_count(out, 999), "999");
    assert_string_equal(plain_count(out, 1000), "1,000");
    assert_string_equal(plain_count(out, 47975000), "47,975,000");
    assert_string_equal(plain_count(out, 1e12), "1,000,000,000,000");
    assert_string_equal(plain_count(out, -1234), "-1,234");
    assert_string_equal(plain_count(out, -0.2), "0");
    assert_string_equal(plain_many(out, 1, "person", "people"), "1 person");
    assert_string_equal(plain_many(out, 0, "person", "people"), "0 people");
    assert_string_equal(plain_many(out, 1200, "answer", "answers"), "1,200 answers");
}

static void percentages(void **unused)
{
    (void)unused;
    char out[PLAIN_MAX];
    assert_string_equal(plain_percent(out, 25000.0 / 48e6, none, PLAIN_NEAREST), "0.05 %");
    assert_string_equal(plain_percent(out, 1, none, PLAIN_NEAREST), "100 %");
    assert_string_equal(plain_percent(out, 0, none, PLAIN_NEAREST), "0 %");
    assert_string_equal(plain_percent(out, 0.123, none, PLAIN_NEAREST), "12 %");
    assert_string_equal(plain_percent(out, 0.02, none, PLAIN_NEAREST), "2 %");
    assert_string_equal(plain_percent(out, 0.994, none, PLAIN_NEAREST), "99.4 %");
    assert_string_equal(plain_percent(out, -0.0163, none, PLAIN_NEAREST), "-1.6 %");
    /* "at least", "at most" */
    assert_string_equal(plain_percent(out, 0.727, none, PLAIN_DOWN), "72 %");
    assert_string_equal(plain_percent(out, 0.722, none, PLAIN_UP), "73 %");
    assert_string_equal(plain_percent(out, 0.72, none, PLAIN_DOWN), "72 %");
    /* On its own side of what it is compared with. */
    assert_string_equal(plain_percent(out, 0.3012, 0.3, PLAIN_NEAREST), "30.1 %");
    assert_string_equal(plain_percent(out, 0.3, 0.3, PLAIN_NEAREST), "30 %");
    for (double part = 1e-12; part < 0.5; part *= 1.7) {
        assert_string_not_equal(plain_percent(out, part, none, PLAIN_NEAREST), "0 %");
        assert_string_not_equal(plain_percent(out, 1 - part, none, PLAIN_NEAREST),
                                1 - part < 1 - 1e-11 ? "100 %" : "-");
    }
    assert_string_equal(plain_points(out, 0.05), "5 percentage points");
    assert_string_equal(plain_points(out, 0.01), "1 percentage point");
    assert_string_equal(plain_points(out, 0.025), "2.5 percentage points");
    assert_string_equal(plain_one_in(out, 25000.0 / 48e6), "1 in 1,920");
    assert_string_equal(plain_one_in(out, 0.4), "1 in 2.5");
    assert_string_equal(plain_one_in(out, 0.5), "1 in 2");
    assert_string_equal(plain_one_in(out, 1), "all");
}

static void figures_and_ratios(void **unused)
{
    (void)unused;
    char out[PLAIN_MAX];
    assert_string_equal(plain_beside(out, 3.4996, 4, 3.5, PLAIN_NEAREST), "3.4996");
    assert_string_equal(plain_beside(out, 3.5, 4, 3.5, PLAIN_NEAREST), "3.50");
    assert_string_equal(plain_beside(out, 3.8333, 4, 3, PLAIN_NEAREST), "3.83");
    assert_string_equal(plain_beside(out, 61.23, 100, 50, PLAIN_NEAREST), "61.2");
    assert_string_equal(plain_beside(out, -0.001, 2, none, PLAIN_NEAREST), "0.00");
    assert_string_equal(plain_beside(out, 3.867, 4, 3, PLAIN_DOWN), "3.86");
    assert_string_equal(plain_ratio_down(out, 4.29, 3), "4.2");
    assert_string_equal(plain_ratio_up(out, 4.21, 3), "4.3");
    assert_string_equal(plain_ratio_down(out, 2.06, 3), "2");
    assert_string_equal(plain_ratio_up(out, 2.97, 3), "2.97"); /* not 3 */
    assert_string_equal(plain_ratio_down(out, 3.02, 3), "3");
    assert_string_equal(plain_ratio_down(out, 107.9, 3), "107");
    assert_string_equal(plain_ratio_down(out, 12345.6, 3), "12,345");
}

static void lines_are_broken(void **unused)
{
    (void)unused;
    struct buffer out = BUFFER_INIT;
    struct plain_page page = PLAIN_PAGE_INIT(&out);
    page_add(&page, "%s", "1234567890 1234567890 1234567890 1234567890 1234567890");
    page_add(&page, "%s", "1234567890 123 %");
    page_add(&page, "%s", "\xc3\xa4\xc3\xa4\xc3\xa4 end.");
    page_end(&page, 2);
    page_end(&page, 2); /* nothing more */
    assert_true(page_close(&page));
    assert_string_equal(out.data,
                        "  1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n"
                        "  123 % \xc3\xa4\xc3\xa4\xc3\xa4 end.\n");
    buffer_free(&out);
}

static void probe_sizes(void **unused)
{
    (void)unused;
    const double z = 1.959963984540054;
    /* 1067 for 3 points and 385 for 5 are in every textbook; a small population needs fewer. */
    assert_int_equal((int)explain_probe_size(0.5, 0.03, none, z), 1068);
    assert_int_equal((int)explain_probe_size(0.5, 0.05, none, z), 385);
    assert_int_equal((int)explain_probe_size(0.5, 0.05, 1000, z), 278);
    assert_int_equal((int)explain_probe_size(0.5, 0.05, 10, z), 10);
    assert_int_equal((int)explain_probe_size(0.001, 0.05, none, z), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(percentages),
        cmocka_unit_test(figures_and_ratios),
        cmocka_unit_test(lines_are_broken),
        cmocka_unit_test(probe_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
