/* inject.c - makes system calls fail for files of a given name (LD_PRELOAD).
 *
 *     BELL_FAULT=CALL:NAME:NTH:ERRNO     CALL is read, write, close, fsync, rename or open
 *     BELL_FAULT=alloc::NTH:0            the NTH allocation, and every later one, gives NULL
 *     BELL_FAULT=short:NAME:0:0          reads and writes move one to seven bytes at a time,
 *                                        and every fifth of them is interrupted (EINTR)
 *
 * NAME is looked for in the path of the descriptor (or of what is renamed or opened).  From the
 * NTH such call on (counted from 1) all of them fail.  BELL_FAULT_LOG names a file that is
 * made when something was made to fail.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char call[16];
static char name[128];
static long nth;
static int failure;
static _Atomic long seen;
static _Atomic long moves;
static bool ready;

static void logged(void)
{
    const char *path = getenv("BELL_FAULT_LOG");
    if (path == NULL)
        return;
    int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int (*real_close)(int) = dlsym(RTLD_NEXT, "close");
    int fd = real_open(path, O_WRONLY | O_CREAT, 0600);
    if (fd >= 0)
        real_close(fd);
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("BELL_FAULT");
    if (text != NULL && sscanf(text, "%15[^:]:%127[^:]:%ld:%d", call, name, &nth, &failure) < 2)
        (void)sscanf(text, "%15[^:]::%ld", call, &nth);
    ready = true;
}

static bool is(const char *which)
{
    return ready && strcmp(call, which) == 0;
}

static bool due(void)
{
    if (++seen < nth)
        return false;
    logged();
    errno = failure;
    return true;
}

static bool meant(int fd)
{
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return false;
    path[n] = '\0';
    return strstr(path, name) != NULL;
}

/* How much of len a short call moves; 0: it is interrupted. */
static size_t piece(size_t len)
{
    long move = ++moves;
    size_t some = 1 + (size_t)(move % 7);
    return move % 5 == 0 ? 0 : some < len ? some : len;
}

ssize_t read(int fd, void *buf, size_t len)
{
    static ssize_t (*real)(int, void *, size_t);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "read");
    if (is("read") && meant(fd) && due())
        return -1;
    if (is("short") && len > 0 && meant(fd)) {
        logged();
        len = piece(len);
        if (len == 0) {
            errno = EINTR;
            return -1;
        }
    }
    return real(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "write");
    if (is("write") && meant(fd) && due())
        return -1;
    if (is("short") && len > 0 && meant(fd)) {
        logged();
        len = piece(len);
        if (len == 0) {
            errno = EINTR;
            return -1;
        }
    }
    return real(fd, buf, len);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    static ssize_t (*real)(int, const struct iovec *, int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "writev");
    if (is("write") && meant(fd) && due())
        return -1;
    if (is("short") && count > 0 && meant(fd))
        return write(fd, parts[0].iov_base, parts[0].iov_len);
    return real(fd, parts, count);
}

int close(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "close");
    if (is("close") && meant(fd) && due()) {
        int code = errno;
        real(fd);
        errno = code;
        return -1;
    }
    return real(fd);
}

int fsync(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "fsync");
    return is("fsync") && meant(fd) && due() ? -1 : real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "fdatasync");
    return is("fsync") && meant(fd) && due() ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "rename");
    return is("rename") && strstr(to, name) != NULL && due() ? -1 : real(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    static int (*real)(int, const char *, int, const char *);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "renameat");
    return is("rename") && strstr(to, name) != NULL && due() ? -1
                                                             : real(from_dir, from, to_dir, to);
}

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    if (real == NULL)
        real = dlsym(RTLD_NEXT, "open");
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (is("open") && strstr(path, name) != NULL && due())
        return -1;
    return real(path, flags, mode);
}

/* glibc's own names, so that dlsym() may allocate while it looks for others. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    if (is("alloc") && due()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (is("alloc") && due()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    if (is("alloc") && due()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(old, size);
}
