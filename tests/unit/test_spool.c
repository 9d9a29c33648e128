/* What a spool gives back is what was put in, or an error; and no trace of it is on the disk. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/spool.h"

static uint64_t state = 1851;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Text in one half, noise in the other: what packs well, and what does not. */
static char *make(size_t len)
{
    char *bytes = malloc(len + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = i < len / 2 ? "the secret value of a person\t"[i % 29] : (char)next_random();
    return bytes;
}

static struct spool *keep(const char *bytes, size_t len)
{
    struct spool *spool = NULL;
    assert_int_equal(spool_new(&spool, NULL), STATUS_OK);
    for (size_t at = 0; at < len;) {
        size_t n = 1 + next_random() % 200000;
        n = n < len - at ? n : len - at;
        assert_int_equal(spool_write(spool, bytes + at, n), 0);
        at += n;
    }
    assert_true(spool_bytes(spool) == len);
    return spool;
}

static void read_back(struct spool *spool, const char *bytes, size_t len)
{
    static char got[100000];
    size_t at = 0;
    for (;;) {
        ssize_t n = spool_read(spool, got, 1 + next_random() % sizeof got);
        assert_true(n >= 0);
        if (n == 0)
            break;
        assert_true((size_t)n <= len - at);
        assert_memory_equal(got, bytes + at, (size_t)n);
        at += (size_t)n;
    }
    assert_true(at == len);
}

static void what_comes_back_is_what_was_put_in(void **unused)
{
    static const size_t sizes[] = {0, 1, 131071, 131072, 131073, 3000000};
    (void)unused;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *bytes = make(sizes[i]);
        struct spool *spool = keep(bytes, sizes[i]);
        for (int time = 0; time < 2; time++) {
            assert_int_equal(spool_rewind(spool), 0);
            read_back(spool, bytes, sizes[i]);
        }
        spool_free(spool);
        free(bytes);
    }
}

/* The descriptor of the file that has no name. */
static int find_file(struct stat *st)
{
    for (int fd = 3; fd < 64; fd++)
        if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_nlink == 0)
            return fd;
    return -1;
}

static void the_file_has_no_name_and_is_sealed(void **unused)
{
    const size_t len = 2000000;
    char *bytes = make(len);
    char *file = malloc(len);
    struct stat st;
    (void)unused;
    struct spool *spool = keep(bytes, len);
    assert_int_equal(spool_rewind(spool), 0);
    const int fd = find_file(&st);
    assert_true(fd >= 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_non_null(file);
    assert_true(fstat(fd, &st) == 0 && st.st_size > 0 && (size_t)st.st_size < len);
    assert_true(pread(fd, file, len, 0) == st.st_size);
    assert_null(memmem(file, (size_t)st.st_size, "secret", 6));
    spool_free(spool);
    free(file);
    free(bytes);
}

static void a_changed_file_is_noticed(void **unused)
{
    const size_t len = 700000;
    char *bytes = make(len);
    char *room = malloc(len);
    (void)unused;
    assert_non_null(room);
    for (int what = 0; what < 40; what++) {
        struct spool *spool = keep(bytes, len);
        struct error err = ERROR_INIT;
        struct stat st;
        assert_int_equal(spool_rewind(spool), 0);
        const int fd = find_file(&st);
        assert_true(fd >= 0 && fstat(fd, &st) == 0);
        const off_t at = (off_t)(next_random() % (uint64_t)st.st_size);
        char byte;
        if (what % 4 == 0) {
            assert_int_equal(ftruncate(fd, at), 0);
        } else {
            assert_true(pread(fd, &byte, 1, at) == 1);
            byte ^= (char)(1 << next_random() % 8);
            assert_true(pwrite(fd, &byte, 1, at) == 1);
        }
        ssize_t n = 1;
        while (n > 0)
            n = spool_read(spool, room, len);
        assert_true(n < 0 && errno == EIO && spool_failed(spool));
        assert_int_equal(spool_explain(spool, &err), STATUS_IO);
        assert_non_null(strstr(err.text, "cannot be read back"));
        spool_free(spool);
    }
    free(room);
    free(bytes);
}

static void a_folder_that_cannot_be_used_is_named(void **unused)
{
    struct spool *spool = NULL;
    struct error err = ERROR_INIT;
    (void)unused;
    assert_int_equal(setenv("TMPDIR", "/nowhere/at all", 1), 0);
    assert_int_equal(spool_new(&spool, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "/nowhere/at all"));
    assert_int_equal(setenv("TMPDIR", "", 1), 0); /* as good as none */
    assert_int_equal(spool_new(&spool, &err), STATUS_OK);
    spool_free(spool);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_back_is_what_was_put_in),
        cmocka_unit_test(the_file_has_no_name_and_is_sealed),
        cmocka_unit_test(a_changed_file_is_noticed),
        cmocka_unit_test(a_folder_that_cannot_be_used_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
