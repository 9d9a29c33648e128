#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/cleanup.h"
#include "io/input.h"
#include "io/output.h"
#include "io/progress.h"

static char scratch[] = "/tmp/bell-test-output-XXXXXX";
static char path[80]; /* the output most tests write */

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(scratch) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/out", scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(scratch); /* fails if a test has left something */
}

static unsigned files(void)
{
    DIR *dir = opendir(scratch);
    assert_non_null(dir);
    unsigned count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    assert_int_equal(closedir(dir), 0);
    return count;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *name, const char *text)
{
    struct buffer all = BUFFER_INIT;
    assert_int_equal(input_read_all(name, 100000000, &all, NULL), STATUS_OK);
    assert_int_equal(all.len, strlen(text));
    if (all.len > 0)
        assert_memory_equal(all.data, text, all.len);
    buffer_free(&all);
}

static struct output *open_out(const char *name)
{
    struct output *out;
    struct error err = ERROR_INIT;
    if (output_open(&out, name, OUTPUT_DEFAULT, &err) != STATUS_OK)
        fail_msg("%s: %s", err.file, err.text);
    return out;
}

static void write_text(struct output *out, const char *text)
{
    assert_int_equal(output_write(out, text, strlen(text), NULL), STATUS_OK);
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    return st.st_mode & 07777;
}

/* --- signals; these come first, since the first output installs the handlers --------------- */

/* What a run does that is hit by sig with an output half written. */
static void child_hit_by(int sig, bool ignored)
{
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    struct output *out;
    if (signal(sig, ignored ? SIG_IGN : SIG_DFL) == SIG_ERR ||
        output_open(&out, path, OUTPUT_DEFAULT, NULL) != STATUS_OK ||
        output_write(out, "new", 3, NULL) != STATUS_OK || output_flush(out, NULL) != STATUS_OK)
        _exit(1);
    if (files() != 2 || raise(sig) != 0)
        _exit(2);
    _exit(output_commit(out, NULL) == STATUS_OK ? 0 : 3);
}

static int run_child(int sig, bool ignored)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        child_hit_by(sig, ignored);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

static void test_signals_leave_nothing(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGXFSZ};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        put(path, "old");
        int how = run_child(signals[i], false);
        assert_true(WIFSIGNALED(how));
        assert_int_equal(WTERMSIG(how), signals[i]);
        assert_int_equal(files(), 1);
        assert_holds(path, "old");
        how = run_child(signals[i], true);
        assert_true(WIFEXITED(how));
        assert_int_equal(WEXITSTATUS(how), 0);
        assert_int_equal(files(), 1);
        assert_holds(path, "new");
    }
    assert_int_equal(unlink(path), 0);
}

/* What is gathered fails when it is committed, what is written straight at once and again then. */
static void write_beyond_limit(size_t len, enum status at_once)
{
    put(path, "old");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {5000, 5000};
        static char data[100000];
        struct output *out;
        struct error err = ERROR_INIT;
        if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
            output_open(&out, path, OUTPUT_DEFAULT, &err) != STATUS_OK ||
            output_write(out, data, len, &err) != at_once)
            _exit(1);
        enum status s = output_commit(out, &err);
        bool told = strcmp(err.text, "cannot write: File too large") == 0;
        _exit(s == STATUS_IO && told && strcmp(err.file, path) == 0 ? 0 : 2);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    assert_int_equal(files(), 1);
    assert_holds(path, "old");
    assert_int_equal(unlink(path), 0);
}

static void test_file_size_limit(void **state)
{
    (void)state;
    write_beyond_limit(10000, STATUS_OK);
    write_beyond_limit(100000, STATUS_IO);
}

static void test_cleanup_table(void **state)
{
    (void)state;
    int slots[CLEANUP_MAX];
    int more;
    for (int i = 0; i < CLEANUP_MAX; i++)
        assert_int_equal(cleanup_add("/nonexistent/x", &slots[i], NULL), STATUS_OK);
    assert_int_equal(cleanup_add("/nonexistent/x", &more, NULL), STATUS_IO);
    assert_int_equal(more, -1);
    cleanup_remove(more);
    struct output *out;
    assert_int_equal(output_open(&out, path, OUTPUT_DEFAULT, NULL), STATUS_IO);
    assert_int_equal(files(), 0);
    cleanup_remove(slots[17]);
    assert_int_equal(cleanup_add("/nonexistent/y", &more, NULL), STATUS_OK);
    assert_int_equal(more, slots[17]);
    for (int i = 0; i < CLEANUP_MAX; i++)
        cleanup_remove(slots[i]);
    char *longer = calloc(1, 100001);
    assert_non_null(longer);
    memset(longer, 'x', 100000);
    assert_int_equal(cleanup_add(longer, &more, NULL), STATUS_IO);
    free(longer);
}

/* --- files -------------------------------------------------------------------------------- */

static void test_appears_whole(void **state)
{
    (void)state;
    mode_t mask = umask(027);
    struct output *out = open_out(path);
    (void)umask(mask);
    write_text(out, "hello ");
    write_text(out, "");
    write_text(out, "world\n");
    assert_int_equal(output_flush(out, NULL), STATUS_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(files(), 1);
    assert_true(output_is_file(out));
    assert_false(output_is_pipe(out));
    assert_false(output_is_terminal(out));
    assert_string_equal(output_name(out), path);
    assert_int_equal(output_bytes(out), 12);
    assert_int_equal(output_commit(out, NULL), STATUS_OK);
    assert_holds(path, "hello world\n");
    assert_int_equal(mode_of(path), 0640);
    assert_int_equal(files(), 1);
    assert_int_equal(unlink(path), 0);
    output_abort(NULL);
}

static void test_abort_leaves_the_old(void **state)
{
    (void)state;
    struct output *out = open_out(path);
    write_text(out, "new");
    output_abort(out);
    assert_int_equal(files(), 0);
    put(path, "old");
    out = open_out(path);
    write_text(out, "new");
    assert_int_equal(output_flush(out, NULL), STATUS_OK);
    assert_holds(path, "old");
    output_abort(out);
    assert_holds(path, "old");
    assert_int_equal(files(), 1);
    assert_int_equal(unlink(path), 0);
}

static void test_keeps_the_mode(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0664, 0777, 0640};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        put(path, "old");
        assert_int_equal(chmod(path, modes[i]), 0);
        struct output *out = open_out(path);
        write_text(out, "new");
        assert_int_equal(output_commit(out, NULL), STATUS_OK);
        assert_holds(path, "new");
        assert_int_equal(mode_of(path), modes[i]);
        assert_int_equal(unlink(path), 0);
    }
}

static void test_write_protected(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    struct output *out;
    struct error err = ERROR_INIT;
    put(path, "old");
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(output_open(&out, path, OUTPUT_DEFAULT, &err), STATUS_IO);
    assert_string_equal(err.text, "cannot write: Permission denied");
    assert_int_equal(unlink(path), 0);
}

static void test_links_stay(void **state)
{
    (void)state;
    char link_path[80];
    char second[80];
    (void)snprintf(link_path, sizeof link_path, "%s/link", scratch);
    (void)snprintf(second, sizeof second, "%s/second", scratch);
    assert_int_equal(symlink("out", link_path), 0);
    assert_int_equal(symlink(link_path, second), 0);
    /* First the file at the end does not exist, then it does. */
    for (int round = 0; round < 2; round++) {
        struct output *out = open_out(round == 0 ? link_path : second);
        write_text(out, round == 0 ? "one" : "two");
        assert_int_equal(output_commit(out, NULL), STATUS_OK);
        struct stat st;
        assert_int_equal(lstat(link_path, &st), 0);
        assert_true(S_ISLNK(st.st_mode));
        assert_int_equal(lstat(second, &st), 0);
        assert_true(S_ISLNK(st.st_mode));
        assert_int_equal(lstat(path, &st), 0);
        assert_true(S_ISREG(st.st_mode));
        assert_holds(path, round == 0 ? "one" : "two");
    }
    assert_int_equal(files(), 3);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(symlink(second, link_path), 0);
    struct output *out;
    struct error err = ERROR_INIT;
    assert_int_equal(output_open(&out, link_path, OUTPUT_DEFAULT, &err), STATUS_IO);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(unlink(second), 0);
}

static void test_large_and_small_writes(void **state)
{
    (void)state;
    enum { LEN = 9000000 };
    char *data = malloc(LEN + 1);
    assert_non_null(data);
    for (size_t i = 0; i < LEN; i++)
        data[i] = (char)('a' + i * i % 23);
    data[LEN] = '\0';
    struct output *out = open_out(path);
    size_t n = 1;
    for (size_t at = 0; at < LEN; at += n, n = (n * 7 + 3) % 3000000) {
        if (n > LEN - at)
            n = LEN - at;
        assert_int_equal(output_write(out, data + at, n, NULL), STATUS_OK);
    }
    assert_int_equal(output_bytes(out), LEN);
    assert_int_equal(output_commit(out, NULL), STATUS_OK);
    assert_holds(path, data);
    free(data);
    assert_int_equal(unlink(path), 0);
}

static void test_output_over_its_input(void **state)
{
    (void)state;
    put(path, "in and out\n");
    struct input *in;
    char room[4];
    size_t got = 1;
    assert_int_equal(input_open(&in, path, INPUT_DEFAULT, NULL), STATUS_OK);
    struct output *out = open_out(path);
    write_text(out, "> ");
    while (got > 0) {
        assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
        assert_int_equal(output_write(out, room, got, NULL), STATUS_OK);
        assert_int_equal(output_flush(out, NULL), STATUS_OK);
    }
    input_close(in);
    assert_int_equal(output_commit(out, NULL), STATUS_OK);
    assert_holds(path, "> in and out\n");
    assert_int_equal(unlink(path), 0);
}

static void test_rename_that_fails(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct output *out = open_out(path);
    write_text(out, "new");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(output_commit(out, &err), STATUS_IO);
    assert_string_equal(err.file, path);
    assert_string_equal(err.text, "cannot put the new file in its place: Is a directory");
    assert_int_equal(files(), 1);
    assert_int_equal(rmdir(path), 0);
}

static void test_cannot_open(void **state)
{
    (void)state;
    struct output *out;
    struct error err = ERROR_INIT;
    assert_int_equal(output_open(&out, "/nonexistent/x", OUTPUT_DEFAULT, &err), STATUS_IO);
    assert_null(out);
    assert_string_equal(err.file, "/nonexistent/x");
    assert_non_null(strstr(err.text, "No such file or directory"));
    assert_int_equal(output_open(&out, scratch, OUTPUT_DEFAULT, &err), STATUS_IO);
    assert_string_equal(err.text, "cannot write: Is a directory");
    assert_int_equal(output_open(&out, "", OUTPUT_DEFAULT, &err), STATUS_IO);
    assert_int_equal(files(), 0);
}

/* The name is cut, so that what is put round it still fits. */
static void test_longest_name(void **state)
{
    (void)state;
    char name[400];
    int n = snprintf(name, sizeof name, "%s/", scratch);
    memset(name + n, 'n', 255);
    name[n + 255] = '\0';
    struct output *out = open_out(name);
    write_text(out, "x");
    assert_int_equal(output_commit(out, NULL), STATUS_OK);
    assert_holds(name, "x");
    assert_int_equal(unlink(name), 0);
}

/* --- devices, FIFOs, standard output ------------------------------------------------------- */

static void test_fifo(void **state)
{
    (void)state;
    char room[10];
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    struct output *out = open_out(path);
    assert_true(output_is_pipe(out));
    assert_false(output_is_file(out));
    write_text(out, "now");
    assert_int_equal(output_flush(out, NULL), STATUS_OK);
    assert_int_equal(read(reader, room, sizeof room), 3);
    write_text(out, "end");
    assert_int_equal(output_commit(out, NULL), STATUS_OK);
    assert_int_equal(read(reader, room, sizeof room), 3);
    assert_int_equal(read(reader, room, sizeof room), 0);
    assert_int_equal(close(reader), 0);
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(unlink(path), 0);
}

static void test_full_device(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    static char data[3000000];
    struct error err = ERROR_INIT;
    struct output *out = open_out("/dev/full");
    assert_false(output_is_file(out));
    write_text(out, "x");
    assert_int_equal(output_commit(out, &err), STATUS_IO);
    assert_string_equal(err.file, "/dev/full");
    assert_string_equal(err.text, "cannot write: No space left on device");
    out = open_out("/dev/full");
    assert_int_equal(output_write(out, data, sizeof data, &err), STATUS_IO);
    err = (struct error)ERROR_INIT;
    assert_int_equal(output_write(out, "x", 1, &err), STATUS_IO);
    assert_string_equal(err.text, "cannot write: No space left on device");
    assert_int_equal(output_commit(out, &err), STATUS_IO);
    struct stat st;
    assert_int_equal(stat("/dev/full", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

/* Puts fd (or nothing, for -1) in the place of a standard stream, and the old one back. */
static int exchange(int fd, int stream)
{
    (void)fflush(NULL);
    int saved = fcntl(stream, F_DUPFD_CLOEXEC, 10);
    if (fd < 0)
        (void)close(stream);
    else
        (void)dup2(fd, stream);
    return saved;
}

static void put_back(int saved, int stream)
{
    (void)dup2(saved, stream);
    (void)close(saved);
}

static void test_closed_stdout(void **state)
{
    (void)state;
    struct output *out;
    struct output *file = NULL;
    struct error err = ERROR_INIT;
    int saved = exchange(-1, STDOUT_FILENO);
    enum status s = output_open(&out, NULL, OUTPUT_DEFAULT, &err);
    enum status opened = output_open(&file, path, OUTPUT_DEFAULT, NULL);
    bool still_closed = fcntl(STDOUT_FILENO, F_GETFD) == -1;
    put_back(saved, STDOUT_FILENO);
    assert_int_equal(s, STATUS_IO);
    assert_string_equal(err.file, "(standard output)");
    assert_string_equal(err.text, "cannot write: Bad file descriptor");
    assert_int_equal(opened, STATUS_OK);
    assert_true(still_closed);
    output_abort(file);
    /* closed between open and commit */
    out = open_out("-");
    saved = exchange(-1, STDOUT_FILENO);
    s = output_commit(out, &err);
    put_back(saved, STDOUT_FILENO);
    assert_int_equal(s, STATUS_IO);
}

static void test_full_stdout(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0)
        skip();
    int saved = exchange(full, STDOUT_FILENO);
    struct output *out;
    enum status s = output_open(&out, "-", OUTPUT_DEFAULT, &err);
    if (s == STATUS_OK)
        s = output_write(out, "x", 1, &err);
    enum status end = s == STATUS_OK ? output_commit(out, &err) : STATUS_OK;
    put_back(saved, STDOUT_FILENO);
    assert_int_equal(close(full), 0);
    assert_int_equal(s, STATUS_OK);
    assert_int_equal(end, STATUS_IO);
    assert_string_equal(err.file, "(standard output)");
    assert_string_equal(err.text, "cannot write: No space left on device");
}

static void test_stdout_stays_open(void **state)
{
    (void)state;
    int ends[2];
    char room[10];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    int saved = exchange(ends[1], STDOUT_FILENO);
    struct output *out;
    enum status s = output_open(&out, "/dev/stdout", OUTPUT_DEFAULT, NULL);
    bool piped = s == STATUS_OK && output_is_pipe(out);
    if (s == STATUS_OK)
        s = output_write(out, "abc", 3, NULL);
    if (s == STATUS_OK)
        s = output_commit(out, NULL);
    ssize_t more = write(STDOUT_FILENO, "d", 1);
    put_back(saved, STDOUT_FILENO);
    assert_int_equal(s, STATUS_OK);
    assert_true(piped);
    assert_int_equal(more, 1);
    assert_int_equal(read(ends[0], room, sizeof room), 4);
    assert_memory_equal(room, "abcd", 4);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

/* A pipe that somebody made non-blocking takes all bytes nevertheless. */
static void test_nonblocking_pipe(void **state)
{
    (void)state;
    enum { LEN = 5000000 };
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char data[LEN];
        (void)close(ends[0]);
        struct output *out;
        bool good = dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO &&
                    output_open(&out, NULL, OUTPUT_DEFAULT, NULL) == STATUS_OK &&
                    output_write(out, data, LEN, NULL) == STATUS_OK &&
                    output_commit(out, NULL) == STATUS_OK;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(close(ends[1]), 0);
    int saved = exchange(ends[0], STDIN_FILENO);
    struct buffer all = BUFFER_INIT;
    enum status s = input_read_all("-", LEN, &all, NULL);
    put_back(saved, STDIN_FILENO);
    assert_int_equal(close(ends[0]), 0);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(s, STATUS_OK);
    assert_int_equal(how, 0);
    assert_int_equal(all.len, LEN);
    buffer_free(&all);
}

/* --- progress ----------------------------------------------------------------------------- */

static void test_progress_line(void **state)
{
    (void)state;
    char line[PROGRESS_LINE_MAX];
    struct progress progress = {.program = "bell-x", .total = 4096};
    size_t len = progress_format(line, &progress, 1024, 50, UINT64_C(10000000000));
    assert_int_equal(len, strlen(line));
    assert_string_equal(line, "bell-x: 1.0 KiB of 4.0 KiB (25%), 50 records, 5 records/s, "
                              "0:00:30 left");
    progress.total = 0;
    (void)progress_format(line, &progress, 1023, 0, 0);
    assert_string_equal(line, "bell-x: 1023 B, 0 records");
    progress.total = 10; /* a file that has grown */
    (void)progress_format(line, &progress, 20, 1, UINT64_C(1000000000));
    assert_string_equal(line, "bell-x: 20 B of 10 B (100%), 1 records, 1 records/s");
    progress.program = "a program whose name is much longer than any line of a terminal would be, "
                       "so that the line is cut at its end and never written beyond, whatever is "
                       "put there by whoever";
    progress.total = UINT64_MAX;
    assert_int_equal(progress_format(line, &progress, 1, UINT64_MAX, 1), PROGRESS_LINE_MAX - 1);
}

static void run_progress(enum progress_mode mode, const char *expected_begin)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    int saved = exchange(fd, STDERR_FILENO);
    struct progress progress;
    progress_start(&progress, mode, "bell-x", 100);
    for (unsigned i = 0; i < 100000; i++)
        progress_update(&progress, 10, i);
    progress_end(&progress);
    progress_end(&progress);
    put_back(saved, STDERR_FILENO);
    assert_int_equal(close(fd), 0);
    struct buffer all = BUFFER_INIT;
    assert_int_equal(input_read_all(path, 100000, &all, NULL), STATUS_OK);
    if (expected_begin == NULL) {
        assert_int_equal(all.len, 0);
    } else {
        assert_memory_equal(all.data, expected_begin, strlen(expected_begin));
        assert_memory_equal(all.data + all.len - 4, "\r\033[K", 4);
        assert_true(all.len < 2000); /* not a line for each of the 100000 updates */
    }
    buffer_free(&all);
    assert_int_equal(unlink(path), 0);
}

static void test_progress_modes(void **state)
{
    (void)state;
    enum progress_mode mode;
    run_progress(PROGRESS_NEVER, NULL);
    run_progress(PROGRESS_AUTO, NULL); /* a file is no terminal */
    run_progress(PROGRESS_ALWAYS, "\rbell-x: 10 B of 100 B (10%), 0 records\033[K");
    assert_true(progress_mode_parse("always", &mode));
    assert_int_equal(mode, PROGRESS_ALWAYS);
    assert_true(progress_mode_parse("auto", &mode));
    assert_int_equal(mode, PROGRESS_AUTO);
    assert_true(progress_mode_parse("never", &mode));
    assert_int_equal(mode, PROGRESS_NEVER);
    assert_false(progress_mode_parse("Never", &mode));
    struct progress zero;
    memset(&zero, 0, sizeof zero);
    progress_update(&zero, 1, 1);
    progress_end(&zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals_leave_nothing),
        cmocka_unit_test(test_file_size_limit),
        cmocka_unit_test(test_cleanup_table),
        cmocka_unit_test(test_appears_whole),
        cmocka_unit_test(test_abort_leaves_the_old),
        cmocka_unit_test(test_keeps_the_mode),
        cmocka_unit_test(test_write_protected),
        cmocka_unit_test(test_links_stay),
        cmocka_unit_test(test_large_and_small_writes),
        cmocka_unit_test(test_output_over_its_input),
        cmocka_unit_test(test_rename_that_fails),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_longest_name),
        cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_full_device),
        cmocka_unit_test(test_closed_stdout),
        cmocka_unit_test(test_full_stdout),
        cmocka_unit_test(test_stdout_stays_open),
        cmocka_unit_test(test_nonblocking_pipe),
        cmocka_unit_test(test_progress_line),
        cmocka_unit_test(test_progress_modes),
    };
    return cmocka_run_group_tests_name("output", tests, set_up, tear_down);
}
