#include "time/calendar.h"

/* Years are counted from March 1 of year 0, in cycles of 400 years; so the leap day is the last
 * of its year and the months have a simple rhythm. */
enum { CYCLE_DAYS = 146097, DAYS_BEFORE_1970 = 719468 };

int64_t calendar_floor_div(int64_t value, int64_t by)
{
    int64_t q = value / by;
    return value % by < 0 ? q - 1 : q;
}

bool calendar_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    return month == 2 && calendar_leap(year) ? 29 : days[month - 1];
}

bool calendar_valid(int year, int month, int day)
{
    return year >= 1 && year <= 9999 && day >= 1 && day <= calendar_month_days(year, month);
}

int64_t calendar_days(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t cycle = calendar_floor_div(y, 400);
    int64_t year_of_cycle = y - cycle * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_cycle =
        year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return cycle * CYCLE_DAYS + day_of_cycle - DAYS_BEFORE_1970;
}

struct civil calendar_civil(int64_t days)
{
    int64_t z = days + DAYS_BEFORE_1970;
    int64_t cycle = calendar_floor_div(z, CYCLE_DAYS);
    int64_t d = z - cycle * CYCLE_DAYS;
    int64_t year_of_cycle = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t day_of_year = d - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return (struct civil){
        .year = (int)(year_of_cycle + cycle * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

int calendar_weekday(int64_t days)
{
    /* Day 0 was a Thursday. */
    int64_t w = (days + 3) % 7;
    return (int)(w < 0 ? w + 7 : w) + 1;
}

int64_t calendar_monday(int64_t days)
{
    return days - (calendar_weekday(days) - 1);
}
