/* The CSV writer, and the reader that reads it again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "csv_shown.h"
#include "records/csv_writer.h"

static void written(bool excel, const char *const *cells, size_t count, const char *meant)
{
    struct buffer out = BUFFER_INIT;
    struct csv_writer writer;
    csv_writer_init(&writer, &out, excel);
    for (size_t i = 0; i < count; i++)
        assert_true(csv_writer_cell(&writer, slice_of(cells[i])));
    assert_true(csv_writer_end_row(&writer));
    assert_string_equal(out.data, meant);
    buffer_free(&out);
}

#define WRITTEN(excel, meant, ...)                                                                 \
    do {                                                                                           \
        static const char *const cells[] = {__VA_ARGS__};                                          \
        written(excel, cells, sizeof cells / sizeof cells[0], meant);                              \
    } while (0)

static void quotes_only_where_needed(void **state)
{
    (void)state;
    WRITTEN(false, "a, b ,\"c,d\",\"e\"\"f\",\"g\nh\",\"i\rj\",,\n", "a", " b ", "c,d", "e\"f",
            "g\nh", "i\rj", "", NULL);
    WRITTEN(false, "\"\"\n", "");
    WRITTEN(false, "\"\"\n", NULL);
    WRITTEN(false, ",\n", "", "");
    WRITTEN(false, "=1+1,-x\n", "=1+1", "-x");
    WRITTEN(true, "\xEF\xBB\xBF'=1+1,'-x,-1,-0.5,+3,-1e-07,'@a,'-,'+1.2.3,\"'=a,b\",a=\n", "=1+1",
            "-x", "-1", "-0.5", "+3", "-1e-07", "@a", "-", "+1.2.3", "=a,b", "a=");
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const char letters[] = "ab,\"\"\r\n \xC3\xA9=";
    for (int round = 0; round < 2000; round++) {
        struct buffer out = BUFFER_INIT;
        struct buffer meant = BUFFER_INIT;
        struct csv_writer writer;
        csv_writer_init(&writer, &out, false);
        size_t columns = 1 + random_below(4);
        for (size_t rows = random_below(5); rows > 0; rows--) {
            for (size_t c = 0; c < columns; c++) {
                char cell[8];
                size_t len = random_below(8);
                for (size_t i = 0; i < len; i++)
                    cell[i] = letters[random_below(sizeof letters - 1)];
                assert_true(csv_writer_cell(&writer, (struct slice){cell, len}));
                assert_true(buffer_appendf(&meant, "<%zu:", len));
                put(&meant, cell, len);
                put(&meant, ">", 1);
            }
            put(&meant, "\n", 1);
            assert_true(csv_writer_end_row(&writer));
        }
        struct csv_dialect dialect = CSV_DIALECT_CSV;
        struct buffer read = BUFFER_INIT;
        struct csv_reader *reader = NULL;
        struct error err = ERROR_INIT;
        put(&out, "", 0);
        put(&read, "", 0);
        put(&meant, "", 0);
        assert_int_equal(csv_reader_new(&dialect, collect_fields, &read, &reader, &err), STATUS_OK);
        assert_int_equal(csv_reader_feed(reader, out.data, out.len, &err), STATUS_OK);
        assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
        csv_reader_free(reader);
        assert_same(&read, &meant, (struct slice){out.data, out.len});
        buffer_free(&out);
        buffer_free(&meant);
        buffer_free(&read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_only_where_needed),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests_name("csv_writer", tests, NULL, NULL);
}
