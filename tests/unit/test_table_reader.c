/* Tables read back: what bell-aggregate wrote, wide, long and as a partial, is the same groups; and
 * every fault with its line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "records/stream_writer.h"
#include "tables/distribution.h"
#include "tables/partial.h"
#include "tables/table_reader.h"

enum { GROUPS = 40, LINES_MAX = 4 * GROUPS, PATH = 64 };

static uint64_t state = 20240611;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void write_file(char path[PATH], struct slice text)
{
    (void)snprintf(path, PATH, "table-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.data, text.len), (ssize_t)text.len);
    assert_int_equal(close(fd), 0);
}

/* ---- a group as one line of text ---- */

static bool put(struct buffer *out, double value)
{
    char text[DOUBLE_TEXT_MAX];
    (void)double_format(text, value);
    return buffer_appendf(out, "|%s", text);
}

static void show(struct buffer *out, const struct table_names *names, const struct table_group *g)
{
    bool ok = true;
    for (size_t k = 0; ok && k < names->count; k++) {
        ok = buffer_appendf(out, "%s=", names->names[k]);
        for (size_t i = 0; ok && i < g->key[k].len; i++)
            ok = buffer_append_byte(out, g->key[k].data[i] == '\n' ? '^' : g->key[k].data[i]);
        ok = ok && buffer_append_byte(out, ';');
    }
    ok = ok && buffer_appendf(out, " %d%d%d", g->total, g->withheld, g->votes);
    const double figures[] = {g->scored, g->missing, g->off_scale,  g->records, g->people,
                              g->mean,   g->sd,      g->population, g->lowest,  g->highest};
    for (size_t i = 0; ok && i < sizeof figures / sizeof *figures; i++)
        ok = put(out, figures[i]);
    if (g->weighted != NULL)
        ok = ok && put(out, g->n_eff);
    for (size_t b = 0; ok && b < g->bands; b++) {
        ok = buffer_appendf(out, " %.*s", (int)g->band[b].name.len, g->band[b].name.data) &&
             put(out, g->band[b].low) && put(out, g->band[b].high) && put(out, g->scores[b]) &&
             put(out, g->counts[b]) && (g->weighted == NULL || put(out, g->weighted[b]));
    }
    assert_true(ok && buffer_append_byte(out, '\n'));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of all groups, in the order of their bytes. */
static char *read_table(const char *path, const struct table_reader_options *options)
{
    struct table_reader *reader;
    const struct table_group *group;
    struct error err = ERROR_INIT;
    struct buffer text = BUFFER_INIT, sorted = BUFFER_INIT;
    if (table_reader_open(&reader, &path, 1, options, &err) != STATUS_OK)
        fail_msg("%s:%d: %s", err.file, (int)err.line, err.text);
    for (;;) {
        if (table_reader_next(reader, &group, &err) != STATUS_OK)
            fail_msg("%s:%d: %s", err.file, (int)err.line, err.text);
        if (group == NULL)
            break;
        show(&text, table_reader_names(reader), group);
    }
    char *lines[LINES_MAX];
    size_t count = 0;
    for (char *at = text.data, *end; at != NULL && (end = strchr(at, '\n')) != NULL; at = end + 1) {
        assert_true(count < LINES_MAX);
        *end = '\0';
        lines[count++] = at;
    }
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        assert_true(buffer_appendf(&sorted, "%s\n", lines[i]));
    table_reader_free(reader);
    buffer_free(&text);
    return buffer_take(&sorted);
}

/* ---- random tables ---- */

struct sample {
    bool two_scales, windows, people, weighted;
    struct distribution plan;
    struct groups_plan groups_plan;
    struct groups groups;
    const struct scale *scales[2];
    size_t scale_count;
};

static const char *const by[] = {"platform", "kind"};
static const char *const texts[] = {"twitter", "a,b", "say \"x\"", "l1\nl2", "=1", "\xc3\xa9"};

static void add_records(struct sample *s, struct group *group, const struct scale *scale)
{
    struct error err = ERROR_INIT;
    for (size_t n = 1 + next_random() % 60; n > 0; n--) {
        uint64_t kind = next_random() % 8;
        char person[8];
        struct weight_sum sum = {.w = 0};
        for (size_t i = 0; i < 3; i++)
            weight_sum_count(&sum, (int64_t)(next_random() % 3000000));
        int64_t score = scale->points != NULL
                            ? scale->points[next_random() % scale->point_count]
                            : (int64_t)(next_random() % 1001) * (scale->max / 1000);
        enum status st = kind == 0   ? groups_add_missing(group, 2, &err)
                         : kind == 1 ? groups_add_off_scale(group, 1, &err)
                         : s->weighted
                             ? groups_add_weighted(&s->groups, group, score, 3, &sum, &err)
                             : groups_add_score(&s->groups, group, score, 3, &err);
        assert_int_equal(st, STATUS_OK);
        (void)snprintf(person, sizeof person, "p%u", (unsigned)(next_random() % 20));
        if (s->people)
            assert_int_equal(groups_add_person(&s->groups, group, slice_of(person), NULL, 1, &err),
                             STATUS_OK);
    }
}

static void make_sample(struct sample *s)
{
    struct error err = ERROR_INIT;
    s->scales[0] = scale_builtin(s->two_scales ? "percent" : "sentiment3");
    s->scales[1] = scale_builtin("stars5");
    s->scale_count = s->two_scales ? 2 : 1;
    s->plan = (struct distribution){.by = by,
                                    .by_count = 2,
                                    .windows = s->windows,
                                    .scored = true,
                                    .people = s->people,
                                    .weight = s->weighted ? "w" : NULL,
                                    .quantile_type = 7};
    s->groups_plan = (struct groups_plan){
        .by_count = 2, .key_count = 4, .people = s->people, .weighted = s->weighted};
    groups_init(&s->groups, &s->groups_plan, NULL);
    for (size_t i = 0; i < GROUPS; i++) {
        char window[16];
        struct group *group;
        size_t scale = next_random() % s->scale_count;
        (void)snprintf(window, sizeof window, "2015-02-%02u", (unsigned)(1 + next_random() % 9));
        const struct slice key[4] = {
            next_random() % 7 == 0 ? SLICE_MISSING : slice_of(texts[next_random() % 6]),
            slice_of(texts[next_random() % 6]), slice_of(s->scales[scale]->name),
            s->windows ? slice_of(window) : SLICE_MISSING};
        assert_int_equal(groups_find(&s->groups, key, &group, &err), STATUS_OK);
        add_records(s, group, s->scales[scale]);
    }
}

static char *through_csv(struct sample *s, bool long_layout, bool full)
{
    struct buffer csv = BUFFER_INIT;
    struct error err = ERROR_INIT;
    struct table_reader_options options = {.scale = NULL};
    char path[PATH];
    s->plan.long_layout = long_layout;
    s->plan.full = full;
    assert_int_equal(
        distribution_write(&s->plan, &s->groups, NULL, s->scales, s->scale_count, &csv, &err),
        STATUS_OK);
    write_file(path, (struct slice){csv.data, csv.len});
    if (!long_layout && !s->two_scales)
        options.scale = "sentiment3";
    char *lines = read_table(path, &options);
    (void)unlink(path);
    buffer_free(&csv);
    return lines;
}

struct text_sink {
    struct buffer text;
    size_t width;
    uint64_t rows;
};

static enum status put_row(void *to, const struct slice *cells, struct error *err)
{
    struct text_sink *sink = to;
    sink->rows++;
    return stream_append_record(&sink->text, cells, sink->width) ? STATUS_OK : error_no_memory(err);
}

static void put_header(struct buffer *out, const struct header *header)
{
    bool ok = buffer_append_text(out, "#bell\t1\n#fields");
    for (size_t i = 0; ok && i < header->schema.count; i++)
        ok = buffer_appendf(out, "\t%s", header->schema.fields[i].name);
    ok = ok && buffer_append_text(out, "\n#types");
    for (size_t i = 0; ok && i < header->schema.count; i++)
        ok = buffer_appendf(out, "\t%s", field_type_name(header->schema.fields[i].type));
    ok = ok && buffer_append_text(out, "\n");
    for (size_t i = 0; ok && i < header->line_count; i++)
        ok = buffer_appendf(out, "#%s\t%s\n", header->lines[i].kind, header->lines[i].text);
    assert_true(ok);
}

/* As a stream of rows, cut into two files behind a random row. */
static char *through_partials(struct sample *s)
{
    static const bool no_set[] = {false, false};
    const char *names[2] = {s->scales[0]->name, s->scales[1]->name};
    struct partial_plan plan = {.by = by,
                                .by_set = no_set,
                                .by_count = 2,
                                .scale_column = s->two_scales,
                                .every = s->windows ? "day" : NULL,
                                .zone = "UTC",
                                .people = s->people ? "author" : NULL,
                                .weight = s->weighted ? "w" : NULL,
                                .scales = names,
                                .scale_count = s->scale_count,
                                .scored = true};
    struct header from = HEADER_INIT, to = HEADER_INIT;
    struct error err = ERROR_INIT;
    struct text_sink sink = {.width = partial_width(&plan)};
    for (size_t i = 0; i < s->scale_count; i++) {
        struct buffer line = BUFFER_INIT;
        assert_true(scale_to_line(s->scales[i], &line));
        assert_int_equal(header_add_line(&from, "scale", line.data, &err), STATUS_OK);
        buffer_free(&line);
    }
    assert_int_equal(partial_header(&plan, &from, &to, &err), STATUS_OK);
    assert_int_equal(partial_write(&plan, &s->groups, put_row, &sink, &err), STATUS_OK);
    struct buffer all = BUFFER_INIT;
    put_header(&all, &to);
    assert_true(buffer_append(&all, sink.text.data, sink.text.len));
    assert_true(buffer_appendf(&all, "#end\tin=%llu\tout=%llu\trejected=0\tdropped=0\n",
                               (unsigned long long)sink.rows, (unsigned long long)sink.rows));
    char path[PATH];
    write_file(path, (struct slice){all.data, all.len});
    struct table_reader_options options = {.scale = NULL};
    char *lines = read_table(path, &options);
    (void)unlink(path);
    buffer_free(&all);
    buffer_free(&sink.text);
    header_free(&from);
    header_free(&to);
    return lines;
}

static void drop(char *text, const char *piece)
{
    size_t len = strlen(piece);
    for (char *at = strstr(text, piece); at != NULL; at = strstr(at, piece))
        memmove(at, at + len, strlen(at + len) + 1);
}

static void every_way_gives_the_same_groups(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 48; i++) {
        struct sample s = {.two_scales = i & 1,
                           .windows = (i & 2) != 0,
                           .people = (i & 4) != 0,
                           .weighted = (i & 8) != 0};
        make_sample(&s);
        char *wide = through_csv(&s, false, false), *full = through_csv(&s, false, true);
        char *rows = through_csv(&s, true, false);
        assert_string_equal(wide, full);
        if (!s.two_scales)
            drop(rows, "scale=sentiment3;"); /* only the long layout has it */
        assert_string_equal(wide, rows);
        assert_true(strlen(wide) > 100);
        free(wide);
        free(full);
        free(rows);
        groups_free(&s.groups);
    }
}

static void partials_give_them_too(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 16; i++) {
        struct sample s = {.two_scales = i & 1,
                           .windows = (i & 2) != 0,
                           .people = (i & 4) != 0,
                           .weighted = (i & 8) != 0};
        make_sample(&s);
        char *wide = through_csv(&s, false, false);
        char *merged = through_partials(&s);
        assert_string_equal(wide, merged);
        free(wide);
        free(merged);
        groups_free(&s.groups);
    }
}

/* ---- what is read of small tables ---- */

static void read_text(const char *text, const char *scale, const char *expected)
{
    char path[PATH];
    struct table_reader_options options = {.scale = scale};
    write_file(path, slice_of(text));
    char *lines = read_table(path, &options);
    assert_string_equal(lines == NULL ? "" : lines, expected);
    free(lines);
    (void)unlink(path);
}

static void small_tables(void **unused)
{
    (void)unused;
    read_text("\xef\xbb\xbfn_1,n_2\r\n3,1\r\n", NULL,
              " 000|4|||||1.25|0.5||1|2 1|1|1|1|3 2|2|2|2|1\n");
    /* A measure called n is no band, where shares are there to tell. */
    read_text("g,records,scored,missing,off_scale,n_down,n_up,share_down,share_up,mean,status,"
              "n_count,n_sum\na,5,4,1,0,1,3,0.25,0.75,0.75,u,9,9\n",
              "thumbs", "g=a; 000|4|1|0|5||0.75|0.5||0|1 down|0|0|0|1 up|1|1|1|3\n");
    read_text("g,records,scored,n_1,n_2,mean,population,status\n"
              "(all),4,4,3,1,1.25,9,u\nb,,,,,,,c\nc,2,,,,,,u\n",
              NULL,
              "g=(all); 100|4|||4||1.25|0.5|9|1|2 1|1|1|1|3 2|2|2|2|1\n"
              "g=b; 010|0||||||||1|2\n"
              "g=c; 000|0|||2|||||1|2\n");
    /* Ranges are called 1, 2, 3 as well. */
    read_text("scored,n_1,n_2,n_3,n_4,n_5,mean\n2,0,0,0,1,1,81\n", "percent",
              " 000|2|||||81|14.142135623730951||0|100 1|0|20|10|0 2|20|40|30|0 3|40|60|50|0 "
              "4|60|80|70|1 5|80|100|90|1\n");
    read_text("scored,n_0,n_0.5,n_1,mean\n2,0,1,1,0.75\n", "0..1/0.5",
              " 000|2|||||0.75|0.3535533905932738||0|1 0|0|0|0|0 0.5|0.5|0.5|0.5|1 1|1|1|1|1\n");
    /* One vote a person: bands hold persons. */
    read_text("records,people,scored,missing,off_scale,n_1,n_2,mean\n9,3,8,1,0,1.5,0.5,1.25\n",
              NULL, " 001|2|1|0|9|3|1.25|0.6123724356957945||1|2 1|1|1|1|1.5 2|2|2|2|0.5\n");
    read_text("g,records,status\n", NULL, "");
    read_text("g,records,status\nx,7,\n", NULL, "g=x; 000|0|||7||||||\n");
}

static void weights_are_read(void **unused)
{
    (void)unused;
    static const char text[] = "g,records,scored,missing,off_scale,n_1,n_2,weighted,n_eff,w_1,w_2,"
                               "share_1,share_2,mean\na,4,4,0,0,3,1,5,3.5,2,3,0.4,0.6,1.6\n";
    char path[PATH];
    const char *paths[] = {path};
    struct table_reader_options options = {.scale = NULL};
    struct table_reader *reader;
    const struct table_group *g;
    struct error err = ERROR_INIT;
    write_file(path, slice_of(text));
    assert_int_equal(table_reader_open(&reader, paths, 1, &options, &err), STATUS_OK);
    assert_int_equal(table_reader_next(reader, &g, &err), STATUS_OK);
    assert_int_equal(g->bands, 2);
    assert_true(g->weighted[0] == 2 && g->weighted[1] == 3 && g->n_eff == 3.5 && g->mean == 1.6);
    assert_int_equal(table_reader_next(reader, &g, &err), STATUS_OK);
    assert_null(g);
    assert_int_equal(table_reader_next(reader, &g, &err), STATUS_OK);
    assert_null(g);
    table_reader_free(reader);
    (void)unlink(path);
}

/* ---- faults ---- */

static enum status read_status(const char *text, const char *scale, struct error *err)
{
    char path[PATH];
    const char *paths[] = {path};
    struct table_reader_options options = {.scale = scale};
    struct table_reader *reader = NULL;
    const struct table_group *group;
    write_file(path, slice_of(text));
    enum status s = table_reader_open(&reader, paths, 1, &options, err);
    while (s == STATUS_OK) {
        s = table_reader_next(reader, &group, err);
        if (s == STATUS_OK && group == NULL)
            break;
    }
    table_reader_free(reader);
    (void)unlink(path);
    return s;
}

static void faults_have_lines(void **unused)
{
    static const struct {
        const char *text, *scale, *says;
        enum status status;
        uint64_t line;
    } cases[] = {
        {"", NULL, "begins with a header", STATUS_DATA, 0},
        {"a,b\n1,2\n", NULL, "no table of bell-aggregate", STATUS_DATA, 1},
        {"n_1,n_1\n1,2\n", NULL, "two columns are called 'n_1'", STATUS_DATA, 1},
        {"n_1,n_2\n1,2\n1\n", NULL, "1 fields, but the header has 2", STATUS_DATA, 3},
        {"n_1,n_2\n1,x\n", NULL, "'x' is not a number", STATUS_DATA, 2},
        {"n_1,n_2\n1,nan\n", NULL, "'nan' is not a number", STATUS_DATA, 2},
        {"n_1,n_2\n1,1e999\n", NULL, "'1e999' is not a number", STATUS_DATA, 2},
        {"n_1,n_2\n1,0x10\n", NULL, "'0x10' is not a number", STATUS_DATA, 2},
        {"n_1,n_2\n1,-2\n", NULL, "below 0", STATUS_DATA, 2},
        {"n_1,n_2\n\"1,2\n", NULL, "quote", STATUS_DATA, 2},
        {"n_1,n_2\n1,\n", NULL, "some counts of the row are blank", STATUS_DATA, 2},
        {"g,n_1,n_2\n\xff,1,2\n", NULL, "not UTF-8", STATUS_DATA, 2},
        {"scored,n_1,n_2\n4,1,2\n", NULL, "add up to 3, but scored is 4", STATUS_DATA, 2},
        {"records,scored,missing,off_scale,n_1,n_2\n9,3,1,1,1,2\n", NULL,
         "add up to 5, but records is 9", STATUS_DATA, 2},
        {"scored,n_1,n_2,mean\n3,1,2,81\n", NULL, "name the scale", STATUS_USAGE, 2},
        {"scored,n_down,n_up,mean\n3,1,2,0.5\n", "thumbs", "not that of the counts", STATUS_DATA,
         2},
        {"n_1,n_2,population\n3,1,4\n3,2,4\n", NULL,
         "5 scored records, but the population is only 4", STATUS_DATA, 3},
        {"people,n_1,n_2,population\n2,3,1,3\n4,3,1,3\n", NULL,
         "4 people, but the population is only 3", STATUS_DATA, 3},
        {"n_down,n_up\n1,2\n", NULL, "name the scale", STATUS_USAGE, 1},
        {"n_2,n_1\n1,2\n", NULL, "name the scale", STATUS_USAGE, 1},
        {"n_1,n_2\n1,2\n", "thumbs", "the bands of the table (1, 2) are not those of scale thumbs",
         STATUS_USAGE, 1},
        {"n_1,n_2\n1,2\n", "stars6", "'stars6' is not built in", STATUS_USAGE, 1},
        {"scale,records,n_1,n_2\nstars5,3,1,2\n", NULL, "are not those of scale stars5",
         STATUS_USAGE, 2},
        {"scale,n_1,n_2\nstars5,1,2\n", "stars5", "none is to be named", STATUS_USAGE, 1},
        {"scale,records,n_down,n_up,n_x\nthumbs,3,1,2,\nthumbs,3,1,2,1\n", NULL,
         "none of the row's scale", STATUS_DATA, 3},
        {"scale,quantity,band,low,high,value\nx,n,1,1,1,3\nx,n,1,1,1,4\n", NULL, "two rows of n",
         STATUS_DATA, 3},
        {"scale,quantity,band,low,high,value\nx,n,1,1,1,3\nx,n,2,2,2,1\nx,scored,,,,9\n", NULL,
         "add up to 4, but scored is 9", STATUS_DATA, 2},
        {"scale,quantity,band,low,high,value\nx,n,2,2,2,3\nx,n,1,1,1,1\n", NULL, "must rise",
         STATUS_DATA, 2},
        {"scale,quantity,band,low,high,value\nx,scored,,,,9\n", NULL, "no counts of their bands",
         STATUS_DATA, 2},
        {"#bell\t1\n#fields\ta\n#types\tstr\nx\n#end\tin=1\tout=1\trejected=0\tdropped=0\n", NULL,
         "bell-aggregate makes a table", STATUS_DATA, 0},
        {"#bell\t1\n#fields\ta\n#types\tstr\n", NULL, "", STATUS_DATA, 0},
        {"#bell\t1\n#fields\ta\n#types\t", NULL, "", STATUS_DAMAGED, 0},
        {"#bellx\n", NULL, "", STATUS_DAMAGED, 0},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        enum status s = read_status(cases[i].text, cases[i].scale, &err);
        if (s != cases[i].status || strstr(err.text, cases[i].says) == NULL ||
            err.line != cases[i].line)
            fail_msg("case %zu: status %d, line %d, '%s' lacks '%s'", i, (int)s, (int)err.line,
                     err.text, cases[i].says);
    }
}

/* No cut, and no changed byte, of a good table is a crash. */
static void any_bytes_are_dull(void **unused)
{
    static const char good[] =
        "g,scale,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,n_down,n_up,mean,status\n"
        "a,stars5,6,6,0,0,1,0,2,0,3,,,3.66666,u\n\"b\"\"c\",thumbs,3,3,0,0,,,,,,1,2,0.6666666,u\n"
        "b,,,,,,,,,,,,,,c\n";
    struct error err = ERROR_INIT;
    (void)unused;
    assert_int_equal(read_status(good, NULL, &err), STATUS_OK);
    for (unsigned i = 0; i < 600; i++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        if (i < 200)
            text[next_random() % (sizeof good - 1)] = '\0';
        else
            text[next_random() % (sizeof good - 1)] = (char)(1 + next_random() % 255);
        enum status s = read_status(text, NULL, &err);
        assert_true(s == STATUS_OK || s == STATUS_DATA || s == STATUS_USAGE);
    }
}

/* The fewest digits that read back, found by trying all numbers of them. */
static void fewest_digits(char out[DOUBLE_TEXT_MAX], double value)
{
    for (int precision = 0; precision <= 16; precision++) {
        (void)snprintf(out, DOUBLE_TEXT_MAX, "%.*e", precision, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

static void doubles_are_as_short_as_can_be(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 60000; i++) {
        union {
            uint64_t bits;
            double value;
        } x = {.bits = next_random()};
        char text[DOUBLE_TEXT_MAX], few[DOUBLE_TEXT_MAX];
        double value = x.value;
        if (i % 4 == 1)
            value = (double)(next_random() % 100000) / 1000;
        else if (i % 4 == 2)
            value = (double)(next_random() % 1000) / (double)(1 + next_random() % 1000);
        else if (i % 4 == 3)
            value =
                i % 8 == 3 ? (double)(next_random() >> (i % 60)) : x.value * 0x1p-1000 * 0x1p-20;
        if (!isfinite(value))
            continue;
        (void)double_format(text, value);
        fewest_digits(few, value);
        size_t digits = 0, least = 0;
        bool zeros = true; /* so far nothing but zeros in front */
        for (const char *c = text; *c != '\0' && *c != 'e'; c++) {
            zeros = zeros && (*c == '0' || *c == '.' || *c == '-');
            digits += !zeros && *c != '.';
        }
        for (const char *c = few; *c != 'e'; c++)
            least += *c != '.' && *c != '-';
        /* Zeros at the end of a plain whole number are no digits that count. */
        if (strchr(text, '.') == NULL && strchr(text, 'e') == NULL)
            for (size_t at = strlen(text); at > 1 && text[at - 1] == '0'; at--)
                digits--;
        if (digits > least)
            fail_msg("%s for %s", text, few);
        assert_true(strtod(text, NULL) == value);
    }
}

static void doubles_there_and_back(void **unused)
{
    static const char *const bad[] = {"",    "-",  ".",  "e5",  "1e",    "1e+", "0x1",  "inf",
                                      "nan", " 1", "1 ", "1,5", "1e400", "--1", "1.2.3"};
    double value = 0;
    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(double_parse(slice_of(bad[i]), &value));
    for (unsigned i = 0; i < 20000; i++) {
        union {
            uint64_t bits;
            double value;
        } x = {.bits = next_random()};
        char text[DOUBLE_TEXT_MAX];
        size_t len = double_format(text, x.value);
        if (!isfinite(x.value))
            continue;
        assert_true(double_parse((struct slice){text, len}, &value));
        assert_true(value == x.value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_gives_the_same_groups),
        cmocka_unit_test(partials_give_them_too),
        cmocka_unit_test(small_tables),
        cmocka_unit_test(weights_are_read),
        cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(any_bytes_are_dull),
        cmocka_unit_test(doubles_are_as_short_as_can_be),
        cmocka_unit_test(doubles_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
