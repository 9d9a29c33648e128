/* assert_near.h - figures that may differ by rounding, and inputs that must be refused. */
#ifndef BELL_TESTS_ASSERT_NEAR_H
#define BELL_TESTS_ASSERT_NEAR_H

#include <math.h>
#include <string.h>

#include "base/error.h"

/* At most `within` apart. */
static inline void assert_within(double got, double want, double within, const char *what)
{
    if (!(fabs(got - want) <= within))
        fail_msg("%s: got %.17g, want %.17g", what, got, want);
}

/* The same, times the figure itself where that is above 1. */
static inline void assert_near(double got, double want, double part, const char *what)
{
    assert_within(got, want, part * fmax(1, fabs(want)), what);
}

/* STATUS_DATA, and the text says so. */
static inline void assert_refused(enum status status, const struct error *err, const char *part)
{
    assert_int_equal(status, STATUS_DATA);
    assert_int_equal(err->code, STATUS_DATA);
    if (strstr(err->text, part) == NULL)
        fail_msg("'%s' is not said: %s", part, err->text);
}

#endif
