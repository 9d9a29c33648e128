/* Records to tables: against a plain recount, and the same text for any order, split, number of
 * workers, and through partials. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "tables/aggregator.h"

enum { RECORDS = 400, CELL = 40, WORKERS_MAX = 5, PARTS_MAX = 4 };
enum { GROUP, TAGS, TIME, SCORE, SCALE, UNSCORED, AUTHOR, LIKES, COLUMNS };

static const char *const names[COLUMNS] = {"group", "tags",     "time",   "score",
                                           "scale", "unscored", "author", "likes"};
static const enum field_type types[COLUMNS] = {FIELD_STR, FIELD_SET, FIELD_TIME, FIELD_DECIMAL,
                                               FIELD_STR, FIELD_STR, FIELD_STR,  FIELD_INT};

static const char stars_line[] = "stars5\tmin=1\tmax=5\tpoints=1,2,3,4,5";
static const char tenths_line[] = "tenths\tmin=0\tmax=1";

struct record {
    char cells[COLUMNS][CELL]; /* "\\N": missing */
};

static struct record records[RECORDS];
static uint64_t state = 4242;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static const char *pick(const char *const *from, size_t count)
{
    return from[next_random() % count];
}

static void make_records(bool two_scales)
{
    static const char *const groups[] = {"x", "y", "a,b", "=z", "", "\\N", "x y", "\xC3\xA9"};
    static const char *const tags[] = {"a", "a,b", "b,c", "", "\\N", "c"};
    static const char *const authors[] = {"ann", "bob", "cy", "di", "\\N"};
    for (size_t i = 0; i < RECORDS; i++) {
        struct record *r = &records[i];
        uint64_t kind = next_random() % 10;
        bool tenths = two_scales && next_random() % 3 == 0;
        (void)snprintf(r->cells[GROUP], CELL, "%s", pick(groups, 8));
        (void)snprintf(r->cells[TAGS], CELL, "%s", pick(tags, 6));
        (void)snprintf(r->cells[AUTHOR], CELL, "%s", pick(authors, 5));
        (void)snprintf(r->cells[TIME], CELL, "2015-%02u-%02uT%02u:30:00Z",
                       (unsigned)(1 + next_random() % 3), (unsigned)(1 + next_random() % 28),
                       (unsigned)(next_random() % 24));
        (void)snprintf(r->cells[LIKES], CELL, "%d", (int)(next_random() % 2000) - 1000);
        (void)snprintf(r->cells[SCALE], CELL, "%s", tenths ? "tenths" : "stars5");
        (void)snprintf(r->cells[SCORE], CELL, tenths ? "0.%u" : "%u",
                       (unsigned)(1 + next_random() % 5));
        (void)snprintf(r->cells[UNSCORED], CELL, "\\N");
        if (kind < 2) {
            (void)snprintf(r->cells[SCORE], CELL, "\\N");
            (void)snprintf(r->cells[UNSCORED], CELL, "%s", kind == 0 ? "missing" : "off_scale");
        }
        if (kind == 3)
            (void)snprintf(r->cells[TIME], CELL, "\\N");
        if (kind == 4)
            (void)snprintf(r->cells[LIKES], CELL, "\\N");
    }
}

static void shuffle(void)
{
    for (size_t i = RECORDS - 1; i > 0; i--) {
        size_t j = next_random() % (i + 1);
        struct record swap = records[i];
        records[i] = records[j];
        records[j] = swap;
    }
}

static void make_header(struct header *header, bool two_scales)
{
    struct error err = ERROR_INIT;
    *header = (struct header)HEADER_INIT;
    for (size_t c = 0; c < COLUMNS; c++)
        assert_int_equal(schema_add(&header->schema, names[c], types[c], NULL, &err), STATUS_OK);
    assert_int_equal(header_add_line(header, "scale", stars_line, &err), STATUS_OK);
    if (two_scales)
        assert_int_equal(header_add_line(header, "scale", tenths_line, &err), STATUS_OK);
}

static struct slice cell_of(const char *text)
{
    return strcmp(text, "\\N") == 0 ? SLICE_MISSING : slice_of(text);
}

static void process(struct aggregator *a, struct aggregate_worker *worker, size_t from, size_t to)
{
    struct batch batch;
    struct error err = ERROR_INIT;
    batch_init(&batch);
    assert_int_equal(batch_shape(&batch, COLUMNS, to - from, false, &err), STATUS_OK);
    for (size_t r = from; r < to; r++) {
        for (size_t c = 0; c < COLUMNS; c++)
            batch.columns[c].cells[r - from] = cell_of(records[r].cells[c]);
    }
    assert_int_equal(aggregator_process(a, worker, &batch, &err), STATUS_OK);
    assert_int_equal(batch.marked, 0);
    batch_free(&batch);
}

/* Counts records [from, to) in batches of any size, given to any of the workers. */
static void count(struct aggregator *a, size_t from, size_t to, size_t workers)
{
    struct aggregate_worker *list[WORKERS_MAX] = {NULL};
    struct error err = ERROR_INIT;
    for (size_t w = 0; w < workers; w++)
        assert_int_equal(aggregator_worker_new(a, &list[w], &err), STATUS_OK);
    while (from < to) {
        size_t end = from + 1 + next_random() % 60;
        end = end < to ? end : to;
        process(a, list[next_random() % workers], from, end);
        from = end;
    }
    for (size_t w = 0; w < workers; w++)
        assert_int_equal(aggregator_gather(a, list[w], &err), STATUS_OK);
    for (size_t w = 0; w < workers; w++)
        aggregator_worker_free(a, list[w]);
}

static struct aggregate_table table_of(const struct aggregate_table *like)
{
    struct aggregate_table table = *like;
    table.plan.people = table.people != NULL;
    if (table.plan.quantile_type == 0)
        table.plan.quantile_type = 7;
    if (table.zone == NULL)
        table.zone = "UTC";
    return table;
}

static void write_table(struct aggregator *a, const struct header *header, struct buffer *out)
{
    struct arena arena = ARENA_INIT;
    const struct scale *const *scales;
    size_t scale_count;
    struct error err = ERROR_INIT;
    struct aggregate_table *t = &a->tables[0];
    assert_int_equal(aggregator_scales(a, header, &arena, &scales, &scale_count, &err), STATUS_OK);
    if (distribution_write(&t->plan, &t->groups, t->plan.total ? &t->totals : NULL, scales,
                           scale_count, out, &err) != STATUS_OK)
        fail_msg("%s", err.text);
    arena_free(&arena);
}

static char *run(const struct aggregate_table *like, bool two_scales, size_t workers)
{
    struct header header;
    struct buffer out = BUFFER_INIT;
    struct error err = ERROR_INIT;
    struct budget budget = {.limit = 0};
    struct aggregate_table table = table_of(like);
    struct aggregator a = {.tables = &table, .table_count = 1, .budget = &budget};
    make_header(&header, two_scales);
    assert_int_equal(aggregator_open(&a, &header, &err), STATUS_OK);
    count(&a, 0, RECORDS, workers);
    write_table(&a, &header, &out);
    aggregator_close(&a);
    assert_int_equal(budget.used, 0);
    header_free(&header);
    return buffer_take(&out);
}

/* ---- through partials ---- */

struct rows {
    char *cells[4000][12]; /* NULL: missing */
    size_t count;
    size_t width;
};

static enum status keep_row(void *to, const struct slice *cells, struct error *err)
{
    struct rows *rows = to;
    (void)err;
    assert_true(rows->count < 4000);
    for (size_t c = 0; c < rows->width; c++)
        rows->cells[rows->count][c] =
            slice_missing(cells[c]) ? NULL : strndup(cells[c].data, cells[c].len);
    if (rows->count > 0) { /* sorted by bytes, and no two rows alike but for the count */
        int order = 0;
        for (size_t c = 0; order == 0 && c + 1 < rows->width; c++)
            order = slice_compare(slice_of(rows->cells[rows->count - 1][c]),
                                  slice_of(rows->cells[rows->count][c]));
        assert_true(order < 0);
    }
    rows->count++;
    return STATUS_OK;
}

static void free_rows(struct rows *rows)
{
    for (size_t r = 0; r < rows->count; r++) {
        for (size_t c = 0; c < rows->width; c++)
            free(rows->cells[r][c]);
    }
    free(rows);
}

static struct rows *make_partial(const struct aggregate_table *like, bool two_scales, size_t from,
                                 size_t to, struct header *partial)
{
    struct header header;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct partial_plan plan;
    const struct scale *const *scales;
    size_t scale_count;
    struct aggregate_table table = table_of(like);
    struct aggregator a = {.tables = &table, .table_count = 1};
    struct rows *rows = calloc(1, sizeof *rows);
    assert_non_null(rows);
    make_header(&header, two_scales);
    assert_int_equal(aggregator_open(&a, &header, &err), STATUS_OK);
    count(&a, from, to, 2);
    assert_int_equal(aggregator_scales(&a, &header, &arena, &scales, &scale_count, &err),
                     STATUS_OK);
    assert_int_equal(aggregator_partial_plan(&a, 0, scales, scale_count, &arena, &plan, &err),
                     STATUS_OK);
    if (scale_count == 1)
        assert_int_equal(groups_unify_scale(&table.groups, SLICE_MISSING, &err), STATUS_OK);
    assert_int_equal(partial_header(&plan, &header, partial, &err), STATUS_OK);
    rows->width = partial_width(&plan);
    assert_int_equal(rows->width, partial->schema.count);
    assert_int_equal(partial_write(&plan, &table.groups, keep_row, rows, &err), STATUS_OK);
    aggregator_close(&a);
    arena_free(&arena);
    header_free(&header);
    return rows;
}

static void process_rows(struct aggregator *a, struct aggregate_worker *worker,
                         const struct rows *rows)
{
    struct batch batch;
    struct error err = ERROR_INIT;
    batch_init(&batch);
    assert_int_equal(batch_shape(&batch, rows->width, rows->count, false, &err), STATUS_OK);
    for (size_t r = 0; r < rows->count; r++) {
        for (size_t c = 0; c < rows->width; c++)
            batch.columns[c].cells[r] = slice_of(rows->cells[r][c]);
    }
    assert_int_equal(aggregator_process(a, worker, &batch, &err), STATUS_OK);
    assert_int_equal(batch.marked, 0);
    batch_free(&batch);
}

static char *run_partials(const struct aggregate_table *like, bool two_scales, size_t parts)
{
    struct header headers[PARTS_MAX];
    struct rows *rows[PARTS_MAX];
    struct buffer out = BUFFER_INIT;
    struct error err = ERROR_INIT;
    struct aggregate_worker *worker;
    for (size_t p = 0; p < parts; p++) {
        rows[p] = make_partial(like, two_scales, RECORDS * p / parts, RECORDS * (p + 1) / parts,
                               &headers[p]);
        assert_string_equal(header_line(&headers[p], "partial"),
                            header_line(&headers[0], "partial"));
    }
    struct aggregate_table table = table_of(like);
    struct aggregator a = {.tables = &table, .table_count = 1, .merge = true};
    assert_int_equal(aggregator_open(&a, &headers[0], &err), STATUS_OK);
    assert_int_equal(aggregator_worker_new(&a, &worker, &err), STATUS_OK);
    for (size_t p = parts; p-- > 0;)
        process_rows(&a, worker, rows[p]);
    assert_int_equal(aggregator_gather(&a, worker, &err), STATUS_OK);
    aggregator_worker_free(&a, worker);
    write_table(&a, &headers[0], &out);
    aggregator_close(&a);
    for (size_t p = 0; p < parts; p++) {
        header_free(&headers[p]);
        free_rows(rows[p]);
    }
    return buffer_take(&out);
}

/* ---- the tests ---- */

static const char *const by_group[] = {"group"};
static const char *const by_two[] = {"tags", "weekday"};
static const char *const by_scale[] = {"scale", "hour_of_day"};
static const char *const measures[] = {"likes", "score"};

static const struct aggregate_table kinds[] = {
    {.plan = {.by = by_group, .by_count = 1, .full = true, .total = true}, .people = "author"},
    {.plan = {.by = by_group, .by_count = 1, .measures = measures, .measure_count = 2},
     .every = "week"},
    {.plan = {.by = by_two, .by_count = 2, .full = true}, .every = "month", .people = "author"},
    {.plan = {.by = by_scale, .by_count = 2, .total = true, .long_layout = true}},
    {.plan = {.bands = {.kind = BANDS_EQUAL, .count = 4}, .quantile_type = 1}, .every = "day"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void order_splits_and_workers_do_not_matter(void **unused)
{
    (void)unused;
    for (int round = 0; round < 30; round++) {
        bool two = round % 2 == 1;
        make_records(two);
        for (size_t k = 0; k < KINDS; k++) {
            char *first = run(&kinds[k], two, 1);
            shuffle();
            char *second = run(&kinds[k], two, 1 + next_random() % WORKERS_MAX);
            assert_string_equal(first, second);
            free(first);
            free(second);
        }
        struct aggregate_table votes = kinds[0];
        votes.plan.votes = true;
        char *first = run(&votes, two, 1);
        shuffle();
        char *second = run(&votes, two, 4);
        assert_string_equal(first, second);
        free(first);
        free(second);
    }
}

static void partials_merge_to_the_same_table(void **unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        bool two = round % 2 == 1;
        make_records(two);
        for (size_t k = 0; k < KINDS; k++) {
            char *first = run(&kinds[k], two, 1);
            char *second = run_partials(&kinds[k], two, 1 + next_random() % PARTS_MAX);
            assert_string_equal(first, second);
            free(first);
            free(second);
        }
    }
}

/* The number in the named column of the row that begins with key; -999 if the cell is blank. */
static double cell(const char *csv, const char *key, const char *column)
{
    size_t at = 0;
    const char *head = csv, *line = csv;
    size_t len = strlen(column);
    while (strncmp(head, column, len) != 0 || (head[len] != ',' && head[len] != '\n')) {
        head += strcspn(head, ",\n");
        assert_int_equal(*head, ',');
        head++;
        at++;
    }
    do {
        line = strchr(line, '\n');
        assert_non_null(line);
        line++;
    } while (strncmp(line, key, strlen(key)) != 0);
    const char *c = line + strlen(key) - 1; /* the comma behind the key */
    for (size_t i = 1; i < at; i++)
        c = strchr(c + 1, ',');
    return c[1] == ',' || c[1] == '\n' ? -999 : strtod(c + 1, NULL);
}

static void near(double got, long double want)
{
    if (!(fabsl((long double)got - want) <= 1e-12L * (1 + fabsl(want))))
        fail_msg("got %.17g, want %.17Lg", got, want);
}

static void figures_agree_with_a_recount(void **unused)
{
    (void)unused;
    static const struct {
        const char *group, *key;
    } groups[] = {{"x", "x,"}, {"y", "y,"}, {"a,b", "\"a,b\","}, {"=z", "=z,"}, {NULL, "(all),"}};
    for (int round = 0; round < 40; round++) {
        make_records(false);
        struct aggregate_table kind = kinds[0];
        kind.plan.measures = measures;
        kind.plan.measure_count = 1;
        char *csv = run(&kind, false, 3);
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
            const char *key = groups[g].key;
            long double n = 0, missing = 0, off = 0, sum = 0, squares = 0, band[6] = {0}, likes = 0;
            for (size_t i = 0; i < RECORDS; i++) {
                const struct record *r = &records[i];
                if (groups[g].group != NULL && strcmp(r->cells[GROUP], groups[g].group) != 0)
                    continue;
                if (strcmp(r->cells[LIKES], "\\N") != 0)
                    likes += atoi(r->cells[LIKES]);
                missing += strcmp(r->cells[UNSCORED], "missing") == 0;
                off += strcmp(r->cells[UNSCORED], "off_scale") == 0;
                if (strcmp(r->cells[SCORE], "\\N") == 0)
                    continue;
                int score = atoi(r->cells[SCORE]);
                n++;
                sum += score;
                squares += score * score;
                band[score]++;
            }
            near(cell(csv, key, "records"), n + missing + off);
            near(cell(csv, key, "scored"), n);
            near(cell(csv, key, "missing"), missing);
            near(cell(csv, key, "off_scale"), off);
            near(cell(csv, key, "n_4"), band[4]);
            near(cell(csv, key, "share_5"), band[5] / n);
            near(cell(csv, key, "mean"), sum / n);
            near(cell(csv, key, "sd"), sqrtl((squares - sum * sum / n) / (n - 1)));
            near(cell(csv, key, "extreme_share"), (band[1] + band[5]) / n);
            near(cell(csv, key, "middle_share"), band[3] / n);
            near(cell(csv, key, "net"), (band[4] + band[5] - band[1] - band[2]) / n);
            near(cell(csv, key, "likes_sum"), likes);
        }
        free(csv);
    }
}

static void each_person_has_one_vote(void **unused)
{
    (void)unused;
    static const char *const authors[] = {"ann", "bob", "cy", "di"};
    for (int round = 0; round < 40; round++) {
        make_records(false);
        struct aggregate_table kind = kinds[0];
        kind.plan.votes = true;
        char *csv = run(&kind, false, 2);
        long double mean = 0, five = 0, voters = 0;
        for (size_t p = 0; p < 4; p++) {
            long double n = 0, sum = 0, fives = 0;
            for (size_t i = 0; i < RECORDS; i++) {
                const struct record *r = &records[i];
                if (strcmp(r->cells[GROUP], "x") != 0 ||
                    strcmp(r->cells[AUTHOR], authors[p]) != 0 ||
                    strcmp(r->cells[SCORE], "\\N") == 0)
                    continue;
                n++;
                sum += atoi(r->cells[SCORE]);
                fives += strcmp(r->cells[SCORE], "5") == 0;
            }
            if (n == 0)
                continue;
            voters++;
            mean += sum / n;
            five += fives / n;
        }
        near(cell(csv, "x,", "mean"), mean / voters);
        near(cell(csv, "x,", "n_5"), five);
        near(cell(csv, "x,", "share_5"), five / voters);
        free(csv);
    }
}

static void memory_is_limited(void **unused)
{
    (void)unused;
    struct header header;
    struct error err = ERROR_INIT;
    struct budget budget = {.limit = 8192};
    struct aggregate_worker *worker;
    struct aggregate_table table = table_of(&kinds[1]);
    struct aggregator a = {.tables = &table, .table_count = 1, .budget = &budget};
    make_records(false);
    make_header(&header, false);
    assert_int_equal(aggregator_open(&a, &header, &err), STATUS_OK);
    assert_int_equal(aggregator_worker_new(&a, &worker, &err), STATUS_OK);
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(batch_shape(&batch, COLUMNS, RECORDS, false, &err), STATUS_OK);
    for (size_t r = 0; r < RECORDS; r++) {
        for (size_t c = 0; c < COLUMNS; c++)
            batch.columns[c].cells[r] = cell_of(records[r].cells[c]);
    }
    assert_int_equal(aggregator_process(&a, worker, &batch, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "--max-memory"));
    batch_free(&batch);
    aggregator_worker_free(&a, worker);
    aggregator_close(&a);
    assert_int_equal(budget.used, 0);
    header_free(&header);
}

static void bad_numbers_are_refused(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"1e3", "4.0000001", "", "x", "1000000000000"};
    struct header header;
    struct error err = ERROR_INIT;
    struct aggregate_worker *worker;
    struct aggregate_table table = table_of(&kinds[1]);
    struct aggregator a = {.tables = &table, .table_count = 1};
    make_records(false);
    make_header(&header, false);
    assert_int_equal(aggregator_open(&a, &header, &err), STATUS_OK);
    assert_int_equal(aggregator_worker_new(&a, &worker, &err), STATUS_OK);
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(batch_shape(&batch, COLUMNS, 6, false, &err), STATUS_OK);
    for (size_t r = 0; r < 6; r++) {
        for (size_t c = 0; c < COLUMNS; c++)
            batch.columns[c].cells[r] = SLICE_MISSING;
        batch.columns[r % 2 == 0 ? LIKES : SCORE].cells[r] = slice_of(r < 5 ? bad[r] : "4.5000000");
    }
    batch.columns[TIME].cells[5] = slice_of("2015-01-01T00:00:00Z");
    assert_int_equal(aggregator_process(&a, worker, &batch, &err), STATUS_OK);
    assert_int_equal(batch.marked, 5);
    assert_int_equal(batch.fates[5], FATE_LIVE);
    assert_string_equal(batch.refusals[1].field, "score");
    assert_int_equal(aggregator_gather(&a, worker, &err), STATUS_OK);
    assert_int_equal(groups_count(&table.groups), 1);
    assert_int_equal(table.groups.states[0].records, 1);
    batch_free(&batch);
    aggregator_worker_free(&a, worker);
    aggregator_close(&a);
    header_free(&header);
}

static void bands_by_edges(void **unused)
{
    (void)unused;
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct scale *nps = scale_builtin("nps"), *percent = scale_builtin("percent");
    const struct bands *bands;
    struct bands_spec spec = {.kind = BANDS_AUTO};
    assert_int_equal(bands_make(&spec, nps, &arena, &bands, &err), STATUS_OK);
    for (int64_t v = 0; v <= 10; v++)
        assert_int_equal(bands_find(bands, v * 1000000), v <= 6 ? 0 : v <= 8 ? 1 : 2);
    assert_true(bands->nps);
    assert_int_equal(bands_make(&spec, percent, &arena, &bands, &err), STATUS_OK);
    assert_int_equal(bands->count, 5);
    static const struct {
        int64_t value;
        size_t band;
    } fifths[] = {{0, 0},         {19999999, 0},  {20000000, 1}, {40000000, 2},
                  {50000000, 2},  {60000000, 2},  {60000001, 3}, {80000000, 3},
                  {100000000, 4}, {100000001, 5}, {-1, 5}};
    for (size_t i = 0; i < sizeof fifths / sizeof *fifths; i++)
        assert_int_equal(bands_find(bands, fifths[i].value), fifths[i].band);
    spec = (struct bands_spec){.kind = BANDS_EQUAL, .count = 4};
    assert_int_equal(bands_make(&spec, percent, &arena, &bands, &err), STATUS_OK);
    assert_int_equal(bands_find(bands, 25000000), 1);
    assert_int_equal(bands_find(bands, 50000000), 2); /* the edge in the very middle: above */
    assert_int_equal(bands_find(bands, 75000000), 2);
    spec = (struct bands_spec){.kind = BANDS_POINTS};
    assert_int_equal(bands_make(&spec, nps, &arena, &bands, &err), STATUS_OK);
    assert_int_equal(bands->count, 11);
    assert_false(bands->nps);
    assert_int_equal(bands_find(bands, 6500000), 11);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_splits_and_workers_do_not_matter),
        cmocka_unit_test(partials_merge_to_the_same_table),
        cmocka_unit_test(figures_agree_with_a_recount),
        cmocka_unit_test(each_person_has_one_vote),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(bands_by_edges),
    };
    struct error err = ERROR_INIT;
    if (hash_init(&err) != STATUS_OK)
        return 1;
    return cmocka_run_group_tests_name("aggregate", tests, NULL, NULL);
}
