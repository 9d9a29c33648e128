#include "pictures/picture_source.h"

#include <stdio.h>

#include "pictures/picture_parts.h"

static enum status read_table(struct picture *picture, struct table_reader *reader,
                              struct error *err)
{
    if (picture->options.tilts)
        return error_set(err, STATUS_USAGE,
                         "scenarios stand in what bell-estimate writes, not in a table of "
                         "bell-aggregate");
    return picture_from_table(picture, reader, err);
}

/* A CSV whose header was read. */
static enum status read_rows(struct picture *picture, struct table_rows *rows,
                             const struct picture_source *source,
                             const struct table_reader_options *options, struct error *err)
{
    size_t count;
    const struct slice *header = table_rows_header(rows, &count);
    struct table_reader *reader = NULL;
    enum status s;
    if (picture_is_estimates(header, count)) {
        s = picture_from_estimates(picture, rows, source, err);
        table_rows_free(rows);
        return s;
    }
    s = table_reader_open_rows(&reader, rows, options, err);
    if (s == STATUS_OK)
        s = read_table(picture, reader, err);
    table_reader_free(reader);
    return s;
}

enum status picture_read(struct picture *picture, const struct picture_source *source,
                         struct error *err)
{
    static const char *const standard_input[] = {"-"};
    const struct table_reader_options options = {
        .study = source->study, .scale = source->scale, .budget = source->budget};
    const char *const *paths = source->path_count > 0 ? source->paths : standard_input;
    size_t path_count = source->path_count > 0 ? source->path_count : 1;
    struct table_begun begun;
    enum status s = table_rows_begin(&begun, paths[0], err);
    if (s != STATUS_OK)
        return s;
    if (begun.stream) {
        s = error_set(err, STATUS_USAGE,
                      "%s is a stream of records or a partial, and pictures are made of tables: "
                      "bell-aggregate makes one of either",
                      input_name(begun.input));
        input_close(begun.input);
        return s;
    }
    struct table_rows *rows = NULL;
    s = table_rows_open(&rows, &begun, paths, path_count, err);
    if (s == STATUS_OK)
        s = read_rows(picture, rows, source, &options, err);
    return s == STATUS_OK && source->beside != NULL ? picture_set_beside(picture, source, err) : s;
}
