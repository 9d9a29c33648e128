#include "io/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PIPE_SIZE = 1024 * 1024, CALL_MAX = 1024 * 1024 * 1024 };

static int above_standard(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int error = errno;
    (void)close(fd);
    errno = error;
    return above;
}

int descriptor_open(const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
    while (fd < 0 && errno == EINTR);
    return above_standard(fd);
}

int descriptor_new_wake(void)
{
    return above_standard(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

void descriptor_wake(int wake)
{
    const uint64_t one = 1;
    /* It can fail only where the counter is full, and then it is woken. */
    (void)!write(wake, &one, sizeof one);
}

/* Waits where a call would have; 0 if the call is worth another try. */
static int wait_for(int fd, short event)
{
    if (errno == EINTR)
        return 0;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return -1;
    struct pollfd one = {.fd = fd, .events = event};
    return poll(&one, 1, -1) >= 0 || errno == EINTR ? 0 : -1;
}

ssize_t descriptor_read(int fd, void *buf, size_t len)
{
    if (len > CALL_MAX)
        len = CALL_MAX;
    for (;;) {
        ssize_t n = read(fd, buf, len);
        if (n >= 0 || wait_for(fd, POLLIN) != 0)
            return n;
    }
}

ssize_t descriptor_read_unless(int fd, const int wakes[2], void *buf, size_t len)
{
    struct pollfd all[3] = {{.fd = fd, .events = POLLIN},
                            {.fd = wakes[0], .events = POLLIN},
                            {.fd = wakes[1], .events = POLLIN}};
    for (;;) {
        int ready = poll(all, 3, -1);
        if (ready < 0 && errno != EINTR)
            return -1;
        if (ready > 0 && (all[1].revents != 0 || all[2].revents != 0)) {
            errno = ECANCELED;
            return -1;
        }
        if (ready <= 0)
            continue;
        ssize_t n = read(fd, buf, len > CALL_MAX ? CALL_MAX : len);
        if (n >= 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
            return n;
    }
}

int descriptor_write(int fd, const void *data, size_t len)
{
    const char *next = data;
    while (len > 0) {
        ssize_t n = write(fd, next, len > CALL_MAX ? CALL_MAX : len);
        if (n < 0) {
            if (wait_for(fd, POLLOUT) != 0)
                return errno;
            continue;
        }
        next += n;
        len -= (size_t)n;
    }
    return 0;
}

void descriptor_widen_pipe(int fd)
{
    (void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}
