/* Study files on disk: checks, checksum, scales, and where side files are looked for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/study.h"

static char directory[] = "/tmp/bell_study_XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/a.b.yaml", directory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(directory);
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static struct study *opened(const char *text)
{
    struct error err = ERROR_INIT;
    struct study *study;
    write_file(path, text);
    if (study_open(path, &study, &err) != STATUS_OK)
        fail_msg("%s", err.text);
    return study;
}

static void knows_its_file(void **state)
{
    struct buffer line = BUFFER_INIT;
    (void)state;
    struct study *study = opened("study: airline\n");
    assert_string_equal(study->path, path);
    assert_string_equal(study->directory, directory);
    assert_string_equal(study->name, "airline");
    assert_string_equal(study->sha256,
                        "f18a5ff746c452a8e6c7f97e30ff3575c89be48b1577e2a888ae7a28c41ca1e0");
    assert_true(study_line(study, &line));
    assert_memory_equal(line.data, "airline\tsha256=", 15);
    assert_string_equal(line.data + 15, study->sha256);
    study_free(study);

    study = opened("ingest:\n");
    buffer_clear(&line);
    assert_null(study->name);
    assert_true(study_line(study, &line));
    assert_memory_equal(line.data, "a.b\tsha256=", 11);
    /* A section with nothing below it is there all the same. */
    assert_non_null(study_section(study, "ingest"));
    assert_int_equal(study_section(study, "ingest")->count, 0);
    assert_null(study_section(study, "normalize"));
    study_free(study);
    buffer_free(&line);
}

static void empty_study_has_built_in_scales(void **state)
{
    struct error err = ERROR_INIT;
    struct study *study;
    const struct scale *scale;
    struct buffer line = BUFFER_INIT;
    (void)state;
    assert_int_equal(study_empty(&study, &err), STATUS_OK);
    assert_int_equal(study_scale(study, "nps", NULL, &scale, &err), STATUS_OK);
    assert_ptr_equal(scale, scale_builtin("nps"));
    assert_int_equal(study_scale(study, "start5", NULL, &scale, &err), STATUS_USAGE);
    assert_string_equal(err.text, "there is no scale 'start5'; did you mean 'stars5'?");
    assert_null(study_section(study, "ingest"));
    assert_true(study_line(study, &line));
    assert_int_equal(line.len, 0);
    assert_string_equal(study->sha256, "");
    study_free(study);
}

static void own_scales_come_first(void **state)
{
    struct error err = ERROR_INIT;
    const struct scale *scale;
    (void)state;
    struct study *study =
        opened("scales:\n  halves: {range: [0.5, 5], step: 0.5}\n"
               "  hours: {range: [0, 24]}\nnormalize: {score: {scale: halves}}\n");
    assert_int_equal(study->scale_count, 2);
    assert_int_equal(study_scale(study, "halves", NULL, &scale, &err), STATUS_OK);
    assert_int_equal(scale->point_count, 10);
    const struct node *at = node_find(study_section(study, "normalize"), "score.scale");
    assert_int_equal(study_scale(study, "hors", at, &scale, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "did you mean 'hours'?"));
    assert_int_equal(err.line, 4);
    assert_int_equal(err.column, 28);
    study_free(study);
}

static void faults_stop_it(void **state)
{
    static const struct {
        const char *text;
        uint64_t line;
        uint64_t column;
        const char *says;
    } cases[] = {
        {"scales: {stars5: {range: [1, 5]}}\n", 1, 10, "built in"},
        {"scales:\n  x: {range: [1, 5], step: 3}\n", 2, 28, "miss its high end"},
        {"scales:\n  x:\n", 2, 5, "give it range, points or words"},
        {"scales:\n  \"a\\tb\": {range: [1, 5]}\n", 2, 3, "cannot be the name of a scale"},
        {"study: \"a\\tb\"\n", 1, 8, "backslash, tab"},
        {"study: [a]\n", 1, 8, "one value"},
        {"normalise: {}\n", 1, 1, "did you mean 'normalize'?"},
        {"a: [\n", 2, 1, "flow"},
        {"normalize: {score: {scale: star5}}\n", 1, 28, "did you mean 'stars5'?"},
        {"normalize: {score: {by: p, scales: {a: nps, b: npp}}}\n", 1, 48, "did you mean 'nps'?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = ERROR_INIT;
        struct study *study;
        write_file(path, cases[i].text);
        assert_int_equal(study_open(path, &study, &err), STATUS_USAGE);
        if (err.line != cases[i].line || err.column != cases[i].column ||
            strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: %llu:%llu: %s", i, (unsigned long long)err.line,
                     (unsigned long long)err.column, err.text);
        assert_string_equal(err.file, path);
        assert_null(study);
    }
    struct error err = ERROR_INIT;
    struct study *study;
    assert_int_equal(study_open("/tmp/no/such.yaml", &study, &err), STATUS_USAGE);
    assert_int_equal(study_open("/", &study, &err), STATUS_USAGE);
}

static char named[32];

/* A text of the study file; line 0: of the command line. */
static const struct node *name_node(const char *text, uint64_t line)
{
    static struct node node;
    (void)snprintf(named, sizeof named, "%s", text);
    node = (struct node){.kind = NODE_SCALAR, .line = line, .text = named};
    return &node;
}

static void side_files_stand_beside(void **state)
{
    struct error err = ERROR_INIT;
    struct buffer found = BUFFER_INIT;
    struct study *none;
    char wanted[128];
    (void)state;
    struct study *study = opened("study: x\n");
    assert_int_equal(study_resolve_path(study, name_node("uk.csv", 1), &found, &err), STATUS_OK);
    (void)snprintf(wanted, sizeof wanted, "%s/uk.csv", directory);
    assert_string_equal(found.data, wanted);
    assert_int_equal(study_resolve_path(study, name_node("/etc/uk.csv", 1), &found, &err),
                     STATUS_OK);
    assert_string_equal(found.data, "/etc/uk.csv");
    assert_int_equal(study_resolve_path(study, name_node("uk.csv", 0), &found, &err), STATUS_OK);
    assert_string_equal(found.data, "uk.csv");
    assert_int_equal(study_empty(&none, &err), STATUS_OK);
    assert_int_equal(study_resolve_path(none, name_node("uk.csv", 1), &found, &err), STATUS_OK);
    assert_string_equal(found.data, "uk.csv");
    study_free(none);
    study_free(study);
    buffer_free(&found);
}

static void packs_are_looked_for_twice(void **state)
{
    struct error err = ERROR_INIT;
    struct buffer found = BUFFER_INIT;
    char data[] = "/tmp/bell_data_XXXXXX";
    char pack[96];
    (void)state;
    assert_non_null(mkdtemp(data));
    (void)snprintf(pack, sizeof pack, "%s/p.yaml", data);
    write_file(pack, "labels: {}\n");
    assert_int_equal(setenv("BELL_DATADIR", data, 1), 0);
    struct study *study = opened("study: x\n");
    assert_int_equal(study_resolve_pack(study, name_node("p.yaml", 1), &found, &err), STATUS_OK);
    assert_string_equal(found.data, pack);
    assert_int_equal(study_resolve_pack(study, name_node("q.yaml", 1), &found, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "no rule pack"));
    /* The one beside the study wins. */
    assert_int_equal(study_resolve_pack(study, name_node("a.b.yaml", 1), &found, &err), STATUS_OK);
    assert_string_equal(found.data, path);
    study_free(study);
    buffer_free(&found);
    assert_int_equal(unsetenv("BELL_DATADIR"), 0);
    (void)unlink(pack);
    (void)rmdir(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_file),
        cmocka_unit_test(empty_study_has_built_in_scales),
        cmocka_unit_test(own_scales_come_first),
        cmocka_unit_test(faults_stop_it),
        cmocka_unit_test(side_files_stand_beside),
        cmocka_unit_test(packs_are_looked_for_twice),
    };
    return cmocka_run_group_tests_name("study", tests, set_up, tear_down);
}
