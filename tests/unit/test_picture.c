/* Pictures: numbers for people, texts that fit and move nothing, sections, and the child process
 * that draws. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "io/child.h"
#include "pictures/figure_text.h"
#include "pictures/gnuplot.h"
#include "pictures/layout.h"
#include "pictures/picture.h"
#include "pictures/svg.h"
#include "pictures/terminal.h"
#include "pictures/text_fit.h"

/* ---- numbers ---- */

static void percents(void **state)
{
    static const struct {
        double share;
        const char *text;
    } cases[] = {
        {0, "0 %"},
        {1, "100 %"},
        {0.5, "50.0 %"},
        {0.234, "23.4 %"},
        {0.05, "5.00 %"},
        {24950.0 / 48000000, "0.0520 %"},
        {1 - 24950.0 / 48000000, "99.9 %"},
        {0.9996, "99.96 %"},
        {0.99999949, "99.9999 %"},
        {1 - 1e-16, "99.999999999999 %"},
        {1e-9, "0.000000100 %"},
        {1e-300, "1e-298 %"},
        {0.09995, "9.99 %"}, /* the double is a little less */
        {0.099951, "10.0 %"},
    };
    char text[FIGURE_TEXT_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(figure_percent(text, cases[i].share), cases[i].text);
    assert_string_equal(figure_percent(text, NAN), "");
    assert_string_equal(figure_percents(text, 0.101, 0.452), "10.1 to 45.2 %");
    assert_string_equal(figure_percents(text, NAN, 0.452), "");
}

static void numbers(void **state)
{
    char text[FIGURE_TEXT_MAX];
    (void)state;
    assert_string_equal(figure_count(text, 48000000), "48,000,000");
    assert_string_equal(figure_count(text, 999), "999");
    assert_string_equal(figure_count(text, 1000), "1,000");
    assert_string_equal(figure_count(text, 0), "0");
    assert_string_equal(figure_count(text, 2.5), "2.50");
    assert_string_equal(figure_count(text, 1234.5), "1,234");
    assert_string_equal(figure_count(text, 9007199254740993.0), "9,007,199,254,740,992");
    assert_string_equal(figure_number(text, 3.6), "3.60");
    assert_string_equal(figure_number(text, -0.3789), "-0.379");
    assert_string_equal(figure_number(text, 12345), "12,300");
    assert_string_equal(figure_number(text, 999.6), "1,000");
    assert_string_equal(figure_number(text, -1234567), "-1,230,000");
    assert_string_equal(figure_number(text, INFINITY), "");
    assert_string_equal(figure_short(text, 5), "5");
    assert_string_equal(figure_short(text, -1), "-1");
    assert_string_equal(figure_short(text, 2.5), "2.5");
    assert_string_equal(figure_short(text, 1e6), "1,000,000");
    assert_string_equal(figure_numbers(text, -0.725, 0.0818), "-0.725 to 0.0818");
}

/* ---- texts ---- */

static const char *clean(struct arena *arena, const char *text)
{
    return text_clean(arena, slice_of(text), TEXT_NAME_MAX);
}

static void cleaned(void **state)
{
    struct arena arena = ARENA_INIT;
    (void)state;
    assert_string_equal(clean(&arena, "1"), "1");
    assert_string_equal(clean(&arena, ""), "");
    assert_string_equal(clean(&arena, "Zu\u0308rich \u65e5\u672c"), "Zu\u0308rich \u65e5\u672c");
    assert_string_equal(clean(&arena, "a\tb\nc\rd"), "a b c d");
    assert_string_equal(clean(&arena, "\033[31mred\007"), "\ufffd[31mred\ufffd");
    assert_string_equal(clean(&arena, "\xc2\x9b"
                                      "31m"),
                        "\ufffd31m"); /* the CSI of 8 bits */
    assert_string_equal(clean(&arena, "a\u202eb\u2066c\ufeff"), "abc");
    assert_string_equal(clean(&arena, "a\xff\xc3z"), "a\ufffd\ufffdz");
    assert_string_equal(clean(&arena, "a\uffffb"), "a\ufffdb");
    assert_string_equal(clean(&arena, "a\u2028b"), "a b");
    char pile[4000] = "e";
    for (size_t i = 0; i < 900; i++)
        strcat(pile, "\u0301"); /* lint: strcat because there is room */
    assert_int_equal(strlen(clean(&arena, pile)), 1 + 4 * 2);
    char *longest = text_clean(&arena, (struct slice){pile, 0}, 5);
    assert_string_equal(longest, "");
    assert_string_equal(text_clean(&arena, slice_of("abcdefgh"), 5), "abcde");
    arena_free(&arena);
}

/* Any bytes come out as one line of valid text without anything that moves a terminal. */
static void clean_of_noise(void **state)
{
    struct arena arena = ARENA_INIT;
    uint64_t random = 88172645463325252u;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            bytes[i] = (char)(random >> 20);
        }
        const char *text = text_clean(&arena, (struct slice){bytes, random % 25}, 8);
        assert_non_null(text);
        assert_true(utf8_valid(slice_of(text)));
        for (const char *at = text; *at != '\0'; at++)
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void cut_and_broken(void **state)
{
    struct arena arena = ARENA_INIT;
    struct text_face columns = TEXT_TERMINAL;
    struct text_face pixels = {.size = 12};
    const char **lines;
    (void)state;
    assert_true(text_width(&columns, slice_of("\u65e5\u672c e\u0301")) == 6);
    assert_string_equal(text_cut(&arena, &columns, "abcdef", 6), "abcdef");
    assert_string_equal(text_cut(&arena, &columns, "abcdef", 5), "abcd\u2026");
    assert_string_equal(text_cut(&arena, &columns, "abc def", 5), "abc\u2026");
    assert_string_equal(text_cut(&arena, &columns, "\u65e5\u672c\u8a9e", 4), "\u65e5\u2026");
    assert_string_equal(text_cut(&arena, &columns, "abc", 0), "");
    assert_int_equal(text_wrap(&arena, &columns, "one two three", 7, 9, &lines), 2);
    assert_string_equal(lines[0], "one two");
    assert_string_equal(lines[1], "three");
    assert_int_equal(text_wrap(&arena, &columns, "abcdefghij", 4, 9, &lines), 3);
    assert_string_equal(lines[2], "ij");
    assert_int_equal(text_wrap(&arena, &columns, "one two three four", 8, 2, &lines), 2);
    assert_string_equal(lines[1], "three f\u2026");
    assert_int_equal(text_wrap(&arena, &columns, "\u65e5\u672c", 1, 9, &lines), 2);
    for (double width = 0; width < 200; width += 7) {
        const char *text = "The quick brown fox \u65e5\u672c\u8a9e WWWW iiii";
        size_t count = text_wrap(&arena, &pixels, text, width, 3, &lines);
        for (size_t i = 0; i < count && width > 20; i++)
            assert_true(text_width(&pixels, slice_of(lines[i])) <= width + 1e-6);
    }
    arena_free(&arena);
}

/* ---- the model ---- */

static void fill(struct picture *picture, const char *scale, size_t bars, double first)
{
    struct picture_panel *panel;
    struct error err = ERROR_INIT;
    assert_int_equal(picture_add(picture, bars, &panel, &err), STATUS_OK);
    assert_non_null(panel);
    panel->scale = scale;
    panel->name = "a & <b>";
    panel->lowest = 1;
    panel->highest = (double)bars;
    panel->scored = 100;
    for (size_t i = 0; i < bars; i++) {
        panel->bars[i].name = i == 0 ? "one" : "more";
        panel->bars[i].share.value = i == 0 ? first : (1 - first) / (double)(bars - 1);
    }
    panel->mean.value = 2;
}

static void sections(void **state)
{
    struct picture picture;
    struct error err = ERROR_INIT;
    const struct picture_options options = {.ratio = NAN, .most = 3};
    struct picture_panel *panel;
    (void)state;
    picture_init(&picture, &options);
    fill(&picture, "stars5", 5, 0.27);
    fill(&picture, "nps", 3, 0.55);
    fill(&picture, "stars5", 5, 0.34);
    assert_int_equal(picture_add(&picture, 5, &panel, &err), STATUS_OK);
    assert_null(panel);
    assert_int_equal(picture_finish(&picture, &err), STATUS_OK);
    assert_int_equal(picture.left_out, 1);
    assert_int_equal(picture.section_count, 2);
    assert_string_equal(picture.sections[0].scale, "stars5");
    assert_int_equal(picture.sections[0].count, 2);
    assert_true(picture.sections[0].share_most == 0.4);
    assert_true(picture.sections[0].lowest == 1 && picture.sections[0].highest == 5);
    assert_true(picture.sections[1].share_most == 0.6);
    assert_false(picture.shows[REACH_ANY]);
    picture_free(&picture);
}

/* Everything that is asked for lies on the canvas, whatever its size; a table without rows too. */
static void within(void **state)
{
    struct error err = ERROR_INIT;
    const struct picture_options options = {.ratio = 3, .most = 30, .title = "A title"};
    (void)state;
    for (size_t panels = 0; panels < 14; panels++)
        for (double width = LAYOUT_WIDTH_MIN; width < 1500; width += 173) {
            struct picture picture;
            struct canvas canvas;
            struct arena arena = ARENA_INIT;
            picture_init(&picture, &options);
            for (size_t i = 0; i < panels; i++)
                fill(&picture, i % 3 == 0 ? "nps" : NULL, 2 + i, 0.5);
            assert_int_equal(picture_finish(&picture, &err), STATUS_OK);
            canvas_init(&canvas);
            const struct layout_options layout = {.width = width};
            assert_int_equal(layout_draw(&picture, &layout, &arena, &canvas, &err), STATUS_OK);
            for (size_t i = 0; i < canvas.count; i++) {
                const struct canvas_item *item = &canvas.items[i];
                if (item->kind == CANVAS_GROUP || item->kind == CANVAS_GROUP_END)
                    continue;
                assert_true(item->x >= 0 && item->x <= width);
                assert_true(item->y >= 0 && item->y <= canvas.height);
                if (item->kind != CANVAS_TEXT)
                    continue;
                const struct text_face face = {.size = item->size, .bold = item->bold};
                double wide = text_width(&face, slice_of(item->text));
                double left = item->anchor == ANCHOR_START    ? item->x
                              : item->anchor == ANCHOR_MIDDLE ? item->x - wide / 2
                                                              : item->x - wide;
                assert_true(left >= -0.01 && left + wide <= width + 0.01);
            }
            canvas_free(&canvas);
            arena_free(&arena);
            picture_free(&picture);
        }
}

static void hostile_names(void **state)
{
    struct picture picture;
    struct canvas canvas;
    struct arena arena = ARENA_INIT;
    struct buffer svg = BUFFER_INIT;
    struct buffer script = BUFFER_INIT;
    struct error err = ERROR_INIT;
    const struct picture_options options = {.ratio = NAN, .most = 3, .title = "<&\">'; x"};
    const struct layout_options layout = {.width = 900};
    (void)state;
    picture_init(&picture, &options);
    fill(&picture, NULL, 3, 0.2);
    picture.panels[0].name = "it's `touch x` \"$(y)\" \\";
    assert_int_equal(picture_finish(&picture, &err), STATUS_OK);
    canvas_init(&canvas);
    assert_int_equal(layout_draw(&picture, &layout, &arena, &canvas, &err), STATUS_OK);
    assert_int_equal(svg_write(&canvas, &svg, &err), STATUS_OK);
    assert_int_equal(gnuplot_script(&canvas, &script, &err), STATUS_OK);
    assert_non_null(strstr(svg.data, "&lt;&amp;&quot;&gt;'; x"));
    assert_non_null(strstr(script.data, "\"it\\047s \\140touch x\\140 \\042\\044\\050y\\051\\042 "
                                        "\\134\" at"));
    assert_non_null(strstr(script.data, "\"\\074\\046\\042\\076\\047; x\" at"));
    buffer_free(&svg);
    buffer_free(&script);
    canvas_free(&canvas);
    arena_free(&arena);
    picture_free(&picture);
}

/* ---- the child ---- */

static void child(void **state)
{
    static const char *const echo[] = {"cat", NULL};
    static const char *const deaf[] = {"sh", "-c", "echo said >&2; exit 7", NULL};
    static const char *const endless[] = {"yes", NULL};
    static const char *const nobody[] = {"no-such-program-of-bellpipe", NULL};
    static const char *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
    struct error err = ERROR_INIT;
    enum { BYTES = 3000000 };
    char *bytes = calloc(1, BYTES);
    struct slice input = {bytes, BYTES};
    struct child_result result = CHILD_RESULT_INIT;
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    assert_int_equal(child_run(echo, input, BYTES, &result, &err), STATUS_OK);
    assert_true(result.found && result.status == 0 && result.output.len == BYTES);
    assert_memory_equal(result.output.data, bytes, BYTES);
    child_result_free(&result);
    assert_int_equal(child_run(deaf, input, BYTES, &result, &err), STATUS_OK);
    assert_int_equal(result.status, 7);
    assert_true(result.errors.len == 5 && memcmp(result.errors.data, "said\n", 5) == 0);
    child_result_free(&result);
    assert_int_equal(child_run(endless, input, 100000, &result, &err), STATUS_IO);
    child_result_free(&result);
    assert_int_equal(child_run(nobody, input, BYTES, &result, &err), STATUS_OK);
    assert_false(result.found);
    child_result_free(&result);
    assert_int_equal(child_run(killed, input, BYTES, &result, &err), STATUS_OK);
    assert_int_equal(result.status, 128 + 9);
    child_result_free(&result);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percents),       cmocka_unit_test(numbers),
        cmocka_unit_test(cleaned),        cmocka_unit_test(clean_of_noise),
        cmocka_unit_test(cut_and_broken), cmocka_unit_test(sections),
        cmocka_unit_test(within),         cmocka_unit_test(hostile_names),
        cmocka_unit_test(child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
