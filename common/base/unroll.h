/* unroll.h - for short loops of fixed length whose arrays must stay in registers.
 *
 *     UNROLL
 *     for (size_t j = 0; j < 6; j++)
 *         ...
 *
 * GCC does not unroll such a loop at -O2 by itself; clang does.
 */
#ifndef BELL_BASE_UNROLL_H
#define BELL_BASE_UNROLL_H

#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 8")
#else
#define UNROLL
#endif

#endif
