/* status.h - what a function returns, and what a program exits with.
 *
 * Every function that can fail returns an enum status and, on anything but
 * STATUS_OK, has filled the struct error it was given (error.h).  The values are
 * the exit statuses of all bellpipe programs; only main() exits.
 */
#ifndef BELL_BASE_STATUS_H
#define BELL_BASE_STATUS_H

enum status {
    STATUS_OK = 0,      /* done */
    STATUS_DATA = 1,    /* data refused, or a check that says no */
    STATUS_USAGE = 2,   /* command line or study file */
    STATUS_DAMAGED = 3, /* input damaged or incomplete */
    STATUS_IO = 4       /* input/output or memory */
};

#if defined(__GNUC__)
#define BELL_CHECK __attribute__((warn_unused_result))
#define BELL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define BELL_UNUSED __attribute__((unused))
#else
#define BELL_CHECK
#define BELL_PRINTF(fmt, args)
#define BELL_UNUSED
#endif

#endif
