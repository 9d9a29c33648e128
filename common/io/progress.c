#include "io/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"

#define SECOND_NS UINT64_C(1000000000)
#define INTERVAL_NS (SECOND_NS / 6)

static uint64_t now_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

bool progress_mode_parse(const char *word, enum progress_mode *mode)
{
    static const char *const words[] = {"auto", "never", "always"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            *mode = (enum progress_mode)i;
            return true;
        }
    }
    return false;
}

void progress_start(struct progress *progress, enum progress_mode mode, const char *program,
                    uint64_t total_bytes)
{
    memset(progress, 0, sizeof *progress);
    progress->program = program;
    progress->total = total_bytes;
    progress->active =
        mode == PROGRESS_ALWAYS || (mode == PROGRESS_AUTO && isatty(STDERR_FILENO) == 1);
    if (!progress->active)
        return;
    progress->start_ns = now_ns();
    progress->last_ns = progress->start_ns;
    progress->at_once = mode == PROGRESS_ALWAYS;
}

/* Appends at *used, cutting at the end of the line. */
static void add(char out[PROGRESS_LINE_MAX], size_t *used, const char *text)
{
    size_t len = strlen(text);
    size_t room = PROGRESS_LINE_MAX - 1 - *used;
    if (len > room)
        len = room;
    memcpy(out + *used, text, len);
    *used += len;
    out[*used] = '\0';
}

static void add_bytes(char out[PROGRESS_LINE_MAX], size_t *used, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned unit = 0;
    uint64_t tenths = 0;
    while (bytes >= 1024 && unit < 6) {
        tenths = bytes % 1024 * 10 / 1024;
        bytes /= 1024;
        unit++;
    }
    char text[48];
    if (unit == 0)
        (void)snprintf(text, sizeof text, "%llu B", (unsigned long long)bytes);
    else
        (void)snprintf(text, sizeof text, "%llu.%llu %s", (unsigned long long)bytes,
                       (unsigned long long)tenths, units[unit]);
    add(out, used, text);
}

static void add_number(char out[PROGRESS_LINE_MAX], size_t *used, uint64_t value, const char *unit)
{
    char text[64];
    (void)snprintf(text, sizeof text, ", %llu %s", (unsigned long long)value, unit);
    add(out, used, text);
}

static void add_time_left(char out[PROGRESS_LINE_MAX], size_t *used, double seconds)
{
    if (!(seconds < 100.0 * 3600))
        return;
    unsigned left = (unsigned)seconds;
    char text[48];
    (void)snprintf(text, sizeof text, ", %u:%02u:%02u left", left / 3600, left / 60 % 60,
                   left % 60);
    add(out, used, text);
}

size_t progress_format(char out[PROGRESS_LINE_MAX], const struct progress *progress,
                       uint64_t bytes_done, uint64_t records, uint64_t elapsed_ns)
{
    size_t used = 0;
    const uint64_t total = progress->total;
    const double seconds = (double)elapsed_ns / (double)SECOND_NS;
    add(out, &used, progress->program);
    add(out, &used, ": ");
    add_bytes(out, &used, bytes_done);
    if (total > 0) {
        add(out, &used, " of ");
        add_bytes(out, &used, total);
        /* A file may have grown since it was measured. */
        const double share = bytes_done >= total ? 1 : (double)bytes_done / (double)total;
        char text[16];
        (void)snprintf(text, sizeof text, " (%u%%)", (unsigned)(share * 100));
        add(out, &used, text);
    }
    add_number(out, &used, records, "records");
    if (elapsed_ns < INTERVAL_NS) /* rates would be noise */
        return used;
    add_number(out, &used, (uint64_t)((double)records / seconds), "records/s");
    if (total > 0 && bytes_done > 0 && bytes_done < total)
        add_time_left(out, &used, seconds * (double)(total - bytes_done) / (double)bytes_done);
    return used;
}

/* One write, so that lines of several processes do not mix. */
static void show(const char *text, size_t len)
{
    ssize_t done BELL_UNUSED = write(STDERR_FILENO, text, len);
}

void progress_update(struct progress *progress, uint64_t bytes_done, uint64_t records)
{
    if (!progress->active)
        return;
    const uint64_t now = now_ns();
    if (now - progress->last_ns < INTERVAL_NS && !progress->at_once)
        return;
    progress->at_once = false;
    progress->last_ns = now;
    char line[PROGRESS_LINE_MAX];
    size_t len = progress_format(line, progress, bytes_done, records, now - progress->start_ns);
    char text[PROGRESS_LINE_MAX + 8];
    int n = snprintf(text, sizeof text, "\r%.*s\033[K", (int)len, line);
    if (n > 0)
        show(text, (size_t)n);
    progress->shown = true;
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        show("\r\033[K", 4);
    progress->shown = false;
    progress->active = false;
}
