/* Command lines: what they mean, what is refused, and the canonical form. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/options.h"

enum { WORDS_MAX = 64 };

static const struct filter filters[] = {
    {.name = "ingest",
     .args_doc = "[FILE...]",
     .doc = "Reads.",
     .common = "study output compress text force threads rejects max-rejects max-memory progress "
               "key-file no-provenance quiet verbose"},
    {.name = "normalize",
     .args_doc = "[FILE...]",
     .doc = "Normalizes.",
     .common = "study output compress text threads rejects max-rejects no-provenance no-end"},
    {.name = "classify", .args_doc = "[FILE...]", .doc = "Labels.", .common = "study output"},
    {.name = "aggregate", .args_doc = "[FILE...]", .doc = "Counts.", .common = "study output"},
    {.name = "view", .args_doc = "[FILE...]", .doc = "Shows.", .common = "output"},
    {.name = "sample", .doc = "Makes.", .common = "output"},
    {.name = "run", .args_doc = "STUDY FILE...", .doc = "Runs.", .common = "output threads"},
};

static const struct filter *filter_of(const char *name)
{
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (strcmp(filters[i].name, name) == 0)
            return &filters[i];
    fail_msg("no filter %s", name);
    return NULL;
}

/* Splits a command line as a shell would: '...', $'...' with octal, backslash. */
static int split(const char *line, char store[4096], char *words[WORDS_MAX])
{
    int count = 0;
    char *out = store;
    while (*line == ' ')
        line++;
    while (*line != '\0') {
        words[count++] = out;
        while (*line != '\0' && *line != ' ') {
            if (line[0] == '$' && line[1] == '\'') {
                for (line += 2; *line != '\''; line++) {
                    if (*line != '\\') {
                        *out++ = *line;
                    } else if (line[1] >= '0' && line[1] <= '7') {
                        *out++ = (char)((line[1] - '0') * 64 + (line[2] - '0') * 8 + line[3] - '0');
                        line += 3;
                    } else {
                        *out++ = *++line;
                    }
                }
                line++;
            } else if (*line == '\'') {
                for (line++; *line != '\''; line++)
                    *out++ = *line;
                line++;
            } else {
                line += *line == '\\';
                *out++ = *line++;
            }
        }
        *out++ = '\0';
        while (*line == ' ')
            line++;
    }
    words[count] = NULL;
    return count;
}

static enum status parse(const char *line, struct settings **settings, struct error *err)
{
    char store[4096];
    char *words[WORDS_MAX];
    int count = split(line, store, words);
    const char *name = strncmp(words[0], "bell-", 5) == 0 ? words[0] + 5 : words[0];
    return options_parse_step(filter_of(name), count, words, NULL, settings, err);
}

static struct settings *parsed(const char *line)
{
    struct error err = ERROR_INIT;
    struct settings *settings = NULL;
    if (parse(line, &settings, &err) != STATUS_OK)
        fail_msg("%s: %s: %s", line, err.file, err.text);
    return settings;
}

static void refuses(const char *line, const char *says)
{
    struct error err = ERROR_INIT;
    struct settings *settings;
    assert_int_equal(parse(line, &settings, &err), STATUS_USAGE);
    if (strstr(err.text, says) == NULL)
        fail_msg("%s: %s", line, err.text);
    assert_null(settings);
}

static void usage_errors(void **state)
{
    (void)state;
    refuses("normalize --form x", "unknown option --form; did you mean --from?");
    refuses("normalize --fro x", "did you mean --from?");
    refuses("normalize --program-name=x", "unknown option --program-name");
    refuses("normalize --HANG", "unknown option");
    refuses("normalize -x", "unknown option -x");
    refuses("normalize -vq", "unknown option -v");
    refuses("ingest -vx", "unknown option -x");
    refuses("normalize --from", "--from needs a value: --from=FIELD");
    refuses("normalize -o", "--output needs a value");
    refuses("ingest --text=yes", "takes no value");
    refuses("sample --study x", "bell-sample does not take --study");
    refuses("sample x", "takes no operand");
    refuses("ingest --quoting loose", "must be strict, lenient or none, not 'loose'");
    refuses("ingest --header=maybe", "true or false");
    refuses("ingest --skip-lines -1", "whole number");
    refuses("ingest --skip-lines 99999999999999999999", "whole number");
    refuses("ingest --skip-lines 9223372036854775808", "whole number");
    refuses("normalize --step 1e3", "at most 6 decimal places");
    refuses("normalize --keep '[a'", "flow sequence");
    refuses("normalize --keep '{a: &x b}'", "anchors");
    refuses("normalize --from a --scale nps --range 1,2", "exclude each other");
    refuses("normalize --scale nps --reverse", "exclude each other");
    refuses("aggregate --by '{a: b}'", "not a map");
    refuses("ingest -z 10", "must be 0 to 9");
    refuses("ingest -j 0", "must be 1 to 1024");
    refuses("ingest --threads=1x", "must be 1 to 1024");
    refuses("ingest --max-rejects 5", "needs --rejects");
    refuses("ingest --rejects r --max-rejects 101%", "percentage");
    refuses("ingest --rejects r --max-rejects 5x", "percentage");
    refuses("ingest --max-memory 0", "size");
    refuses("ingest --max-memory 1Q", "size");
    refuses("ingest --progress sometimes", "auto, never or always");
    refuses("ingest --text -z 3", "exclude each other");
    refuses("ingest --check-study", "needs --study");
    refuses("ingest -o ''", "empty");
    refuses("ingest --study /no/such/file", "cannot open");
    refuses("ingest --help", "not for a step");
}

static void common_options_are_read(void **state)
{
    (void)state;
    struct settings *s = parsed("ingest -o out -z9 -f -j 4 --rejects r --max-rejects 2.5% "
                                "--max-memory 2G --progress never --key-file k -q a b");
    assert_string_equal(s->program, "bell-ingest");
    assert_string_equal(s->common.output, "out");
    assert_int_equal(s->common.compress, 9);
    assert_true(s->common.force && s->common.quiet && !s->common.verbose && !s->common.text);
    assert_int_equal(s->common.threads, 4);
    assert_string_equal(s->common.rejects, "r");
    assert_true(s->common.max_rejects_percent > 2.49 && s->common.max_rejects_percent < 2.51);
    assert_true(s->common.max_rejects == UINT64_MAX);
    assert_true(s->common.max_memory == UINT64_C(2) << 30);
    assert_string_equal(s->common.progress, "never");
    assert_string_equal(s->common.key_file, "k");
    assert_int_equal(s->operand_count, 2);
    assert_string_equal(s->operands[1], "b");
    assert_false(s->section_exists);
    assert_string_equal(s->command, "bell-ingest a b");
    settings_free(s);

    s = parsed("ingest --max-rejects 7 --rejects=r -o -");
    assert_int_equal(s->common.max_rejects, 7);
    assert_true(s->common.max_rejects_percent < 0);
    assert_null(s->common.output);
    assert_int_equal(s->common.compress, -1);
    assert_int_equal(s->common.threads, 0);
    assert_int_equal(s->common.max_memory, 0);
    assert_string_equal(s->common.progress, "auto");
    settings_free(s);

    s = parsed("ingest --no-provenance");
    assert_null(s->command);
    settings_free(s);
}

static void defaults_come_from_the_table(void **state)
{
    int64_t number;
    (void)state;
    struct settings *s = parsed("ingest");
    assert_string_equal(settings_text(s, "quoting"), "strict");
    assert_true(settings_flag(s, "header"));
    assert_false(settings_flag(s, "origin"));
    assert_int_equal(settings_int(s, "skip_lines"), 0);
    assert_null(settings_node(s, "fields"));
    assert_int_equal(node_list_count(settings_node(s, "missing")), 1);
    assert_string_equal(node_text(node_list_item(settings_node(s, "missing"), 0)), "");
    settings_free(s);
    s = parsed("normalize");
    assert_null(settings_text(s, "score.from"));
    assert_string_equal(settings_text(s, "score.unknown"), "error");
    assert_false(settings_decimal(s, "score.step", &number));
    settings_free(s);
}

static void options_become_nodes(void **state)
{
    int64_t number;
    (void)state;
    struct settings *s = parsed("ingest --header=no --origin --missing ,NA --delimiter '\\t' "
                                "--skip-lines 3 --trim=off");
    assert_false(settings_flag(s, "header"));
    assert_true(settings_flag(s, "origin"));
    assert_false(settings_flag(s, "trim"));
    assert_int_equal(settings_int(s, "skip_lines"), 3);
    assert_string_equal(settings_text(s, "delimiter"), "\t");
    assert_int_equal(node_list_count(settings_node(s, "missing")), 2);
    assert_string_equal(node_text(node_list_item(settings_node(s, "missing"), 0)), "");
    assert_true(s->section_exists);
    settings_free(s);

    s = parsed("normalize --from rating --range 1,5 --step 0.5 --unique account --unique "
               "'[time, \"a,b\"]' --keep '{platform: [twitter]}'");
    assert_string_equal(settings_text(s, "score.from"), "rating");
    assert_string_equal(node_text(node_list_item(settings_node(s, "score.range"), 1)), "5");
    assert_true(settings_decimal(s, "score.step", &number) && number == 500000);
    assert_int_equal(node_list_count(settings_node(s, "unique")), 3);
    assert_string_equal(node_text(node_list_item(settings_node(s, "unique"), 2)), "a,b");
    assert_string_equal(settings_node(s, "keep")->file, "--keep");
    settings_free(s);

    s = parsed("aggregate --by= --population uk.csv --population-total 48000000 -O dir --bands 5");
    assert_int_equal(node_list_count(settings_node(s, "by")), 0);
    assert_non_null(settings_node(s, "by"));
    assert_string_equal(settings_text(s, "population.file"), "uk.csv");
    assert_int_equal(settings_int(s, "population.total"), 48000000);
    assert_string_equal(s->output_directory, "dir");
    assert_string_equal(settings_text(s, "bands"), "5");
    settings_free(s);
}

static void canonical_lines(void **state)
{
    static const char *const cases[][2] = {
        {"normalize --range 1,5 -j 3 --from=rating --unique id x -o y --unique time",
         "bell-normalize --unique=id,time --from=rating --range=1,5 x"},
        {"normalize x --no-end --from 'my rating' -- -odd --from",
         "bell-normalize --no-end '--from=my rating' x -- -odd --from"},
        {"ingest --origin --header=False --trim", "bell-ingest --header=no --trim --origin"},
        {"ingest --delimiter '\\t' -- -", "bell-ingest $'--delimiter=\\011' -"},
        {"ingest --missing= 'a\tb' $'\\377'", "bell-ingest --missing= $'a\\011b' $'\\377'"},
        {"ingest '--missing=[]'", "bell-ingest '--missing=[]'"},
        {"aggregate --by a --by '[\"b,c\"]' --total --every day --every week",
         "bell-aggregate '--by=[a, \"b,c\"]' --every=week --total"},
        {"aggregate -O d --by= --bands '{edges: [6.5, 8.5]}'",
         "bell-aggregate --by= '--bands={edges: [6.5, 8.5]}'"},
        {"run --to classify -j2 s.yaml f.csv", "bell run --to=classify s.yaml f.csv"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct settings *s = parsed(cases[i][0]);
        assert_string_equal(s->command, cases[i][1]);
        settings_free(s);
    }
}

static uint64_t seed = 1181783497276652981U;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % below;
}

static const char *random_value(const struct option_name *option, char text[200])
{
    static const char *const bits[] = {"a", "B", " ", ",", "'", "\"", "\\", "\t",
                                       "[", "é", "$", "-", "=", "{",  "\n", "~"};
    if (option->choices != NULL) {
        (void)snprintf(text, 200, "%.*s", (int)strcspn(option->choices, "|"), option->choices);
        return text;
    }
    text[0] = '\0';
    for (uint32_t n = draw(6); n > 0; n--)
        (void)strcat(text, bits[draw(16)]);
    return text;
}

/* Reading the canonical line again gives the canonical line, whatever the values were. */
static void canonical_lines_read_back(void **state)
{
    size_t read = 0;
    (void)state;
    for (int round = 0; round < 6000; round++) {
        const struct filter *filter = &filters[draw(5)];
        struct error err = ERROR_INIT;
        struct option_name *list;
        size_t count;
        static char texts[8][256];
        char *words[16] = {(char *)filter->name};
        int argc = 1;
        assert_int_equal(options_list(filter, &list, &count, &err), STATUS_OK);
        for (uint32_t n = draw(4); n > 0; n--) {
            const struct option_name *option = &list[draw((uint32_t)count)];
            char value[200];
            if (option->argument == OPTION_NONE || strcmp(option->name, "study") == 0)
                continue;
            const char *with = option->argument == OPTION_OPTIONAL ? (draw(2) ? "yes" : "no")
                               : draw(4) == 0                      ? "12"
                                                                   : random_value(option, value);
            (void)snprintf(texts[argc], sizeof texts[argc], "--%s=%s", option->name, with);
            words[argc] = texts[argc];
            argc++;
        }
        free(list);
        char value[200];
        static const struct option_name operand = {.name = ""};
        (void)snprintf(texts[argc], sizeof texts[argc], "%s", random_value(&operand, value));
        words[argc] = texts[argc];
        argc++;
        struct settings *s;
        if (options_parse_step(filter, argc, words, NULL, &s, &err) != STATUS_OK)
            continue;
        char *command = s->command != NULL ? strdup(s->command) : NULL;
        settings_free(s);
        if (command == NULL)
            continue;
        for (const char *c = command; *c != '\0'; c++)
            assert_true((unsigned char)*c >= 0x20);
        struct settings *again = parsed(command);
        assert_string_equal(again->command, command);
        settings_free(again);
        free(command);
        read++;
    }
    assert_true(read > 1500);
}

static char study_path[] = "/tmp/bell_options_XXXXXX";

static int write_study(void **state)
{
    static const char text[] =
        "study: t\n"
        "normalize: {score: {from: a, scale: nps, unknown: missing}, unique: [x, y]}\n"
        "aggregate: {by: [a], every: week, min_cell: 3, population: {groups: {a: 5}}}\n"
        "tables:\n  one: {by: [b, c]}\n  two: {every: ~, columns: [mean]}\n  three:\n";
    (void)state;
    int fd = mkstemp(study_path);
    if (fd < 0 || write(fd, text, sizeof text - 1) != sizeof text - 1)
        return -1;
    return close(fd);
}

static int remove_study(void **state)
{
    (void)state;
    return unlink(study_path);
}

static struct settings *with_study(const char *filter, const char *rest)
{
    char line[300];
    (void)snprintf(line, sizeof line, "%s -s %s %s", filter, study_path, rest);
    return parsed(line);
}

static void options_lie_over_the_study(void **state)
{
    (void)state;
    struct settings *s = with_study("normalize", "--unique z");
    assert_int_equal(node_list_count(settings_node(s, "unique")), 1);
    assert_string_equal(settings_text(s, "score.scale"), "nps");
    assert_string_equal(settings_text(s, "score.unknown"), "missing");
    settings_free(s);
    s = with_study("normalize", "--range 1,5");
    assert_null(settings_text(s, "score.scale"));
    assert_string_equal(settings_text(s, "score.from"), "a");
    /* The study itself is as it was. */
    assert_string_equal(node_text(node_find(study_section(s->study, "normalize"), "score.scale")),
                        "nps");
    settings_free(s);
    s = with_study("aggregate", "--population f.csv");
    assert_null(settings_node(s, "population.groups"));
    assert_non_null(settings_node(s, "population.file"));
    settings_free(s);
    s = with_study("ingest", "");
    assert_false(s->section_exists);
    settings_free(s);
}

static void tables_take_from_aggregate(void **state)
{
    (void)state;
    struct settings *s = with_study("aggregate", "--min-cell 7 --by q");
    assert_true(s->section_exists);
    assert_int_equal(s->tables->count, 3);
    struct settings t = *s;
    t.section = s->tables->items[0];
    assert_string_equal(s->tables->keys[0], "one");
    assert_string_equal(node_text(node_list_item(settings_node(&t, "by"), 0)), "q");
    assert_string_equal(settings_text(&t, "every"), "week");
    assert_int_equal(settings_int(&t, "min_cell"), 7);
    t.section = s->tables->items[1];
    assert_null(settings_text(&t, "every"));
    settings_free(s);
    s = with_study("aggregate", "");
    t = *s;
    t.section = s->tables->items[0];
    assert_int_equal(node_list_count(settings_node(&t, "by")), 2);
    t.section = s->tables->items[1];
    assert_int_equal(node_list_count(settings_node(&t, "by")), 1);
    assert_null(settings_text(&t, "every"));
    assert_string_equal(node_text(settings_node(&t, "columns")->items[0]), "mean");
    t.section = s->tables->items[2];
    assert_string_equal(settings_text(&t, "every"), "week");
    assert_int_equal(settings_int(&t, "min_cell"), 3);
    settings_free(s);
}

static void a_shared_study_is_not_opened_again(void **state)
{
    struct error err = ERROR_INIT;
    struct study *study;
    struct settings *s;
    char *words[] = {"aggregate", "-s", study_path, "--by", "q", NULL};
    (void)state;
    assert_int_equal(study_open(study_path, &study, &err), STATUS_OK);
    assert_int_equal(options_parse_step(filter_of("aggregate"), 5, words, study, &s, &err),
                     STATUS_OK);
    assert_ptr_equal(s->study, study);
    settings_free(s);
    assert_string_equal(study->name, "t");
    study_free(study);
}

/* What a child process prints to standard output for this command line. */
static void captured(const char *name, const char *option, char *out, size_t cap)
{
    struct error err = ERROR_INIT;
    struct settings *settings = (struct settings *)&err;
    char file[] = "/tmp/bell_help_XXXXXX";
    char *words[] = {"x", (char *)option, NULL};
    int fd = mkstemp(file);
    int saved = dup(STDOUT_FILENO);
    assert_true(fd >= 0 && saved >= 0);
    (void)fflush(stdout);
    assert_true(dup2(fd, STDOUT_FILENO) >= 0);
    enum status s = options_parse(filter_of(name), 2, words, &settings, &err);
    (void)fflush(stdout);
    assert_true(dup2(saved, STDOUT_FILENO) >= 0);
    (void)close(saved);
    assert_int_equal(s, STATUS_OK);
    assert_null(settings);
    ssize_t n = pread(fd, out, cap - 1, 0);
    assert_true(n > 0);
    out[n] = '\0';
    (void)close(fd);
    (void)unlink(file);
}

static void help_names_every_option(void **state)
{
    static char out[20000];
    (void)state;
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        struct error err = ERROR_INIT;
        struct option_name *list;
        size_t count;
        assert_int_equal(options_list(&filters[i], &list, &count, &err), STATUS_OK);
        captured(filters[i].name, "--help", out, sizeof out);
        size_t in_help = 0;
        for (const char *at = out; (at = strstr(at, "      --")) != NULL; at += 8)
            in_help += at == out || at[-1] == '\n';
        size_t without_letter = 0;
        for (size_t j = 0; j < count; j++) {
            char wanted[64];
            without_letter += list[j].letter == 0;
            (void)snprintf(wanted, sizeof wanted, "--%s%s", list[j].name,
                           list[j].argument == OPTION_NONE       ? " "
                           : list[j].argument == OPTION_OPTIONAL ? "[=yes|no]"
                                                                 : "=");
            if (strstr(out, wanted) == NULL)
                fail_msg("bell-%s --help lacks %s", filters[i].name, wanted);
        }
        assert_int_equal(in_help, without_letter);
        free(list);
    }
    captured("ingest", "--version", out, sizeof out);
    assert_memory_equal(out, "bell-ingest (bellpipe) ", 23);
    captured("run", "--usage", out, sizeof out);
    assert_memory_equal(out, "Usage: bell run ", 16);
}

static void full_disk_is_noticed(void **state)
{
    struct error err = ERROR_INIT;
    struct settings *settings;
    char *words[] = {"x", "--help", NULL};
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    int saved = dup(STDOUT_FILENO);
    (void)fflush(stdout);
    assert_true(saved >= 0 && dup2(full, STDOUT_FILENO) >= 0);
    enum status s = options_parse(filter_of("ingest"), 2, words, &settings, &err);
    assert_true(dup2(saved, STDOUT_FILENO) >= 0);
    (void)close(saved);
    (void)close(full);
    assert_int_equal(s, STATUS_IO);
    assert_null(settings);
}

static void posixly_correct_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(setenv("POSIXLY_CORRECT", "1", 1), 0);
    struct settings *s = parsed("normalize x --from r y");
    assert_int_equal(unsetenv("POSIXLY_CORRECT"), 0);
    assert_int_equal(s->operand_count, 2);
    assert_string_equal(settings_text(s, "score.from"), "r");
    settings_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_errors),
        cmocka_unit_test(common_options_are_read),
        cmocka_unit_test(defaults_come_from_the_table),
        cmocka_unit_test(options_become_nodes),
        cmocka_unit_test(canonical_lines),
        cmocka_unit_test(canonical_lines_read_back),
        cmocka_unit_test(options_lie_over_the_study),
        cmocka_unit_test(tables_take_from_aggregate),
        cmocka_unit_test(a_shared_study_is_not_opened_again),
        cmocka_unit_test(help_names_every_option),
        cmocka_unit_test(full_disk_is_noticed),
        cmocka_unit_test(posixly_correct_changes_nothing),
    };
    return cmocka_run_group_tests_name("options", tests, write_study, remove_study);
}
