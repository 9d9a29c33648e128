# Written by build-aux/list-sources.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_aggregate
tests_unit_test_aggregate_SOURCES = tests/unit/test_aggregate.c
tests_unit_test_aggregate_LDADD = $(unit_libs)
tests_unit_test_aggregate_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_bell_model
tests_unit_test_bell_model_SOURCES = tests/unit/test_bell_model.c
tests_unit_test_bell_model_LDADD = $(unit_libs)
tests_unit_test_bell_model_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_bell_pooled
tests_unit_test_bell_pooled_SOURCES = tests/unit/test_bell_pooled.c
tests_unit_test_bell_pooled_LDADD = $(unit_libs)
tests_unit_test_bell_pooled_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_calibration
tests_unit_test_calibration_SOURCES = tests/unit/test_calibration.c
tests_unit_test_calibration_LDADD = $(unit_libs)
tests_unit_test_calibration_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_claim
tests_unit_test_claim_SOURCES = tests/unit/test_claim.c
tests_unit_test_claim_LDADD = $(unit_libs)
tests_unit_test_claim_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_codec
tests_unit_test_codec_SOURCES = tests/unit/test_codec.c
tests_unit_test_codec_LDADD = $(unit_libs)
tests_unit_test_codec_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_codec_engines
tests_unit_test_codec_engines_SOURCES = tests/unit/test_codec_engines.c
tests_unit_test_codec_engines_LDADD = $(unit_libs)
tests_unit_test_codec_engines_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_coder
tests_unit_test_coder_SOURCES = tests/unit/test_coder.c
tests_unit_test_coder_LDADD = $(unit_libs)
tests_unit_test_coder_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_coverage
tests_unit_test_coverage_SOURCES = tests/unit/test_coverage.c
tests_unit_test_coverage_LDADD = $(unit_libs)
tests_unit_test_coverage_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_ahead
tests_unit_test_csv_ahead_SOURCES = tests/unit/test_csv_ahead.c
tests_unit_test_csv_ahead_LDADD = $(unit_libs)
tests_unit_test_csv_ahead_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_fast
tests_unit_test_csv_fast_SOURCES = tests/unit/test_csv_fast.c
tests_unit_test_csv_fast_LDADD = $(unit_libs)
tests_unit_test_csv_fast_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_reader
tests_unit_test_csv_reader_SOURCES = tests/unit/test_csv_reader.c
tests_unit_test_csv_reader_LDADD = $(unit_libs)
tests_unit_test_csv_reader_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_scan
tests_unit_test_csv_scan_SOURCES = tests/unit/test_csv_scan.c
tests_unit_test_csv_scan_LDADD = $(unit_libs)
tests_unit_test_csv_scan_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_source
tests_unit_test_csv_source_SOURCES = tests/unit/test_csv_source.c
tests_unit_test_csv_source_LDADD = $(unit_libs)
tests_unit_test_csv_source_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_csv_writer
tests_unit_test_csv_writer_SOURCES = tests/unit/test_csv_writer.c
tests_unit_test_csv_writer_LDADD = $(unit_libs)
tests_unit_test_csv_writer_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_encoding
tests_unit_test_encoding_SOURCES = tests/unit/test_encoding.c
tests_unit_test_encoding_LDADD = $(unit_libs)
tests_unit_test_encoding_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_exact_table
tests_unit_test_exact_table_SOURCES = tests/unit/test_exact_table.c
tests_unit_test_exact_table_LDADD = $(unit_libs)
tests_unit_test_exact_table_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_ingest_map
tests_unit_test_ingest_map_SOURCES = tests/unit/test_ingest_map.c
tests_unit_test_ingest_map_LDADD = $(unit_libs)
tests_unit_test_ingest_map_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_input
tests_unit_test_input_SOURCES = tests/unit/test_input.c
tests_unit_test_input_LDADD = $(unit_libs)
tests_unit_test_input_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_input_damage
tests_unit_test_input_damage_SOURCES = tests/unit/test_input_damage.c
tests_unit_test_input_damage_LDADD = $(unit_libs)
tests_unit_test_input_damage_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_keys
tests_unit_test_keys_SOURCES = tests/unit/test_keys.c
tests_unit_test_keys_LDADD = $(unit_libs)
tests_unit_test_keys_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_line_scan
tests_unit_test_line_scan_SOURCES = tests/unit/test_line_scan.c
tests_unit_test_line_scan_LDADD = $(unit_libs)
tests_unit_test_line_scan_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_normalize
tests_unit_test_normalize_SOURCES = tests/unit/test_normalize.c
tests_unit_test_normalize_LDADD = $(unit_libs)
tests_unit_test_normalize_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_options
tests_unit_test_options_SOURCES = tests/unit/test_options.c
tests_unit_test_options_LDADD = $(unit_libs)
tests_unit_test_options_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_output
tests_unit_test_output_SOURCES = tests/unit/test_output.c
tests_unit_test_output_LDADD = $(unit_libs)
tests_unit_test_output_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_phrase_filter
tests_unit_test_phrase_filter_SOURCES = tests/unit/test_phrase_filter.c
tests_unit_test_phrase_filter_LDADD = $(unit_libs)
tests_unit_test_phrase_filter_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_phrases
tests_unit_test_phrases_SOURCES = tests/unit/test_phrases.c
tests_unit_test_phrases_LDADD = $(unit_libs)
tests_unit_test_phrases_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_picture
tests_unit_test_picture_SOURCES = tests/unit/test_picture.c
tests_unit_test_picture_LDADD = $(unit_libs)
tests_unit_test_picture_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_pipeline
tests_unit_test_pipeline_SOURCES = tests/unit/test_pipeline.c
tests_unit_test_pipeline_LDADD = $(unit_libs)
tests_unit_test_pipeline_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_plain
tests_unit_test_plain_SOURCES = tests/unit/test_plain.c
tests_unit_test_plain_LDADD = $(unit_libs)
tests_unit_test_plain_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_read_ahead
tests_unit_test_read_ahead_SOURCES = tests/unit/test_read_ahead.c
tests_unit_test_read_ahead_LDADD = $(unit_libs)
tests_unit_test_read_ahead_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_readiness
tests_unit_test_readiness_SOURCES = tests/unit/test_readiness.c
tests_unit_test_readiness_LDADD = $(unit_libs)
tests_unit_test_readiness_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_rules
tests_unit_test_rules_SOURCES = tests/unit/test_rules.c
tests_unit_test_rules_LDADD = $(unit_libs)
tests_unit_test_rules_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_run_coder
tests_unit_test_run_coder_SOURCES = tests/unit/test_run_coder.c
tests_unit_test_run_coder_LDADD = $(unit_libs)
tests_unit_test_run_coder_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_sampler
tests_unit_test_sampler_SOURCES = tests/unit/test_sampler.c
tests_unit_test_sampler_LDADD = $(unit_libs)
tests_unit_test_sampler_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_scale
tests_unit_test_scale_SOURCES = tests/unit/test_scale.c
tests_unit_test_scale_LDADD = $(unit_libs)
tests_unit_test_scale_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_selection
tests_unit_test_selection_SOURCES = tests/unit/test_selection.c
tests_unit_test_selection_LDADD = $(unit_libs)
tests_unit_test_selection_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_selection_noise
tests_unit_test_selection_noise_SOURCES = tests/unit/test_selection_noise.c
tests_unit_test_selection_noise_LDADD = $(unit_libs)
tests_unit_test_selection_noise_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_side_file
tests_unit_test_side_file_SOURCES = tests/unit/test_side_file.c
tests_unit_test_side_file_LDADD = $(unit_libs)
tests_unit_test_side_file_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_simulate_draws
tests_unit_test_simulate_draws_SOURCES = tests/unit/test_simulate_draws.c
tests_unit_test_simulate_draws_LDADD = $(unit_libs)
tests_unit_test_simulate_draws_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_spool
tests_unit_test_spool_SOURCES = tests/unit/test_spool.c
tests_unit_test_spool_LDADD = $(unit_libs)
tests_unit_test_spool_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_stats
tests_unit_test_stats_SOURCES = tests/unit/test_stats.c
tests_unit_test_stats_LDADD = $(unit_libs)
tests_unit_test_stats_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_stream
tests_unit_test_stream_SOURCES = tests/unit/test_stream.c
tests_unit_test_stream_LDADD = $(unit_libs)
tests_unit_test_stream_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_stream_encode
tests_unit_test_stream_encode_SOURCES = tests/unit/test_stream_encode.c
tests_unit_test_stream_encode_LDADD = $(unit_libs)
tests_unit_test_stream_encode_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_study
tests_unit_test_study_SOURCES = tests/unit/test_study.c
tests_unit_test_study_LDADD = $(unit_libs)
tests_unit_test_study_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_table_reader
tests_unit_test_table_reader_SOURCES = tests/unit/test_table_reader.c
tests_unit_test_table_reader_LDADD = $(unit_libs)
tests_unit_test_table_reader_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_text_form
tests_unit_test_text_form_SOURCES = tests/unit/test_text_form.c
tests_unit_test_text_form_LDADD = $(unit_libs)
tests_unit_test_text_form_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_time
tests_unit_test_time_SOURCES = tests/unit/test_time.c
tests_unit_test_time_LDADD = $(unit_libs)
tests_unit_test_time_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_utf8
tests_unit_test_utf8_SOURCES = tests/unit/test_utf8.c
tests_unit_test_utf8_LDADD = $(unit_libs)
tests_unit_test_utf8_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_weight_sums
tests_unit_test_weight_sums_SOURCES = tests/unit/test_weight_sums.c
tests_unit_test_weight_sums_LDADD = $(unit_libs)
tests_unit_test_weight_sums_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_weighting
tests_unit_test_weighting_SOURCES = tests/unit/test_weighting.c
tests_unit_test_weighting_LDADD = $(unit_libs)
tests_unit_test_weighting_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_weights
tests_unit_test_weights_SOURCES = tests/unit/test_weights.c
tests_unit_test_weights_LDADD = $(unit_libs)
tests_unit_test_weights_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/test_yaml
tests_unit_test_yaml_SOURCES = tests/unit/test_yaml.c
tests_unit_test_yaml_LDADD = $(unit_libs)
tests_unit_test_yaml_CPPFLAGS = $(unit_cppflags)

check_PROGRAMS += tests/unit/time_driver
tests_unit_time_driver_SOURCES = tests/unit/time_driver.c
tests_unit_time_driver_LDADD = $(unit_libs)
tests_unit_time_driver_CPPFLAGS = $(unit_cppflags)

endif
test_files = \
	tests/bench/README.md \
	tests/bench/contenders.py \
	tests/bench/data.py \
	tests/bench/light.yaml \
	tests/bench/main-all.yaml \
	tests/bench/main.yaml \
	tests/bench/measure.py \
	tests/bench/peers.sh \
	tests/bench/peers/answers.awk \
	tests/bench/peers/ask_clickhouse.py \
	tests/bench/peers/ask_duckdb.py \
	tests/bench/peers/ask_pandas.py \
	tests/bench/peers/ask_polars.py \
	tests/bench/peers/columns.awk \
	tests/bench/peers/counts.awk \
	tests/bench/peers/csv.awk \
	tests/bench/peers/figures.awk \
	tests/bench/peers/light.awk \
	tests/bench/peers/main.awk \
	tests/bench/peers/make_parquet.py \
	tests/bench/peers/questions.py \
	tests/bench/peers/records.awk \
	tests/bench/peers/start.py \
	tests/bench/report.py \
	tests/bench/requirements.txt \
	tests/bench/run.py \
	tests/bench/tables.py \
	tests/cli/aggregate/bands.out \
	tests/cli/aggregate/bands.sh \
	tests/cli/aggregate/clock_groups.out \
	tests/cli/aggregate/clock_groups.sh \
	tests/cli/aggregate/complete.out \
	tests/cli/aggregate/complete.sh \
	tests/cli/aggregate/empty.out \
	tests/cli/aggregate/empty.sh \
	tests/cli/aggregate/excel.out \
	tests/cli/aggregate/excel.sh \
	tests/cli/aggregate/full.out \
	tests/cli/aggregate/full.sh \
	tests/cli/aggregate/large_numbers.out \
	tests/cli/aggregate/large_numbers.sh \
	tests/cli/aggregate/last_window.out \
	tests/cli/aggregate/last_window.sh \
	tests/cli/aggregate/long.out \
	tests/cli/aggregate/long.sh \
	tests/cli/aggregate/measures.out \
	tests/cli/aggregate/measures.sh \
	tests/cli/aggregate/merge_of_three_scales.out \
	tests/cli/aggregate/merge_of_three_scales.sh \
	tests/cli/aggregate/min_cell.out \
	tests/cli/aggregate/min_cell.sh \
	tests/cli/aggregate/min_cell_and_tables.out \
	tests/cli/aggregate/min_cell_and_tables.sh \
	tests/cli/aggregate/nps.out \
	tests/cli/aggregate/nps.sh \
	tests/cli/aggregate/partial.out \
	tests/cli/aggregate/partial.sh \
	tests/cli/aggregate/partial_refusals.out \
	tests/cli/aggregate/partial_refusals.sh \
	tests/cli/aggregate/people.out \
	tests/cli/aggregate/people.sh \
	tests/cli/aggregate/population.out \
	tests/cli/aggregate/population.sh \
	tests/cli/aggregate/quantiles.out \
	tests/cli/aggregate/quantiles.sh \
	tests/cli/aggregate/rounding.out \
	tests/cli/aggregate/rounding.sh \
	tests/cli/aggregate/sets.out \
	tests/cli/aggregate/sets.sh \
	tests/cli/aggregate/several_scales.out \
	tests/cli/aggregate/several_scales.sh \
	tests/cli/aggregate/shapes.out \
	tests/cli/aggregate/shapes.sh \
	tests/cli/aggregate/status.out \
	tests/cli/aggregate/status.sh \
	tests/cli/aggregate/table.out \
	tests/cli/aggregate/table.sh \
	tests/cli/aggregate/tables.out \
	tests/cli/aggregate/tables.sh \
	tests/cli/aggregate/unknown_names.err \
	tests/cli/aggregate/unknown_names.out \
	tests/cli/aggregate/unknown_names.sh \
	tests/cli/aggregate/unknown_names.status \
	tests/cli/aggregate/weight.out \
	tests/cli/aggregate/weight.sh \
	tests/cli/aggregate/weight_partial.err \
	tests/cli/aggregate/weight_partial.out \
	tests/cli/aggregate/weight_partial.sh \
	tests/cli/aggregate/weight_refusals.err \
	tests/cli/aggregate/weight_refusals.out \
	tests/cli/aggregate/weight_refusals.sh \
	tests/cli/aggregate/windows.out \
	tests/cli/aggregate/windows.sh \
	tests/cli/aggregate/without_scores.out \
	tests/cli/aggregate/without_scores.sh \
	tests/cli/badinput/absent.err \
	tests/cli/badinput/absent.out \
	tests/cli/badinput/absent.sh \
	tests/cli/badinput/bad_crc.err \
	tests/cli/badinput/bad_crc.out \
	tests/cli/badinput/bad_crc.sh \
	tests/cli/badinput/binary.err \
	tests/cli/badinput/binary.out \
	tests/cli/badinput/binary.sh \
	tests/cli/badinput/column.err \
	tests/cli/badinput/column.out \
	tests/cli/badinput/column.sh \
	tests/cli/badinput/cut_gzip.err \
	tests/cli/badinput/cut_gzip.out \
	tests/cli/badinput/cut_gzip.sh \
	tests/cli/badinput/date.err \
	tests/cli/badinput/date.out \
	tests/cli/badinput/date.sh \
	tests/cli/badinput/deep_study.err \
	tests/cli/badinput/deep_study.out \
	tests/cli/badinput/deep_study.sh \
	tests/cli/badinput/empty_file.err \
	tests/cli/badinput/empty_file.out \
	tests/cli/badinput/empty_file.sh \
	tests/cli/badinput/id_and_numbers.err \
	tests/cli/badinput/id_and_numbers.out \
	tests/cli/badinput/id_and_numbers.sh \
	tests/cli/badinput/lone_cr.err \
	tests/cli/badinput/lone_cr.out \
	tests/cli/badinput/lone_cr.sh \
	tests/cli/badinput/long_field.out \
	tests/cli/badinput/long_field.sh \
	tests/cli/badinput/misspelt_key.err \
	tests/cli/badinput/misspelt_key.out \
	tests/cli/badinput/misspelt_key.sh \
	tests/cli/badinput/no_zone.err \
	tests/cli/badinput/no_zone.out \
	tests/cli/badinput/no_zone.sh \
	tests/cli/badinput/nul.err \
	tests/cli/badinput/nul.out \
	tests/cli/badinput/nul.sh \
	tests/cli/badinput/open_quote.err \
	tests/cli/badinput/open_quote.out \
	tests/cli/badinput/open_quote.sh \
	tests/cli/badinput/options.err \
	tests/cli/badinput/options.out \
	tests/cli/badinput/options.sh \
	tests/cli/badinput/ragged.err \
	tests/cli/badinput/ragged.out \
	tests/cli/badinput/ragged.sh \
	tests/cli/badinput/rating.err \
	tests/cli/badinput/rating.out \
	tests/cli/badinput/rating.sh \
	tests/cli/badinput/skipped_hour.err \
	tests/cli/badinput/skipped_hour.out \
	tests/cli/badinput/skipped_hour.sh \
	tests/cli/badinput/stray_quote.err \
	tests/cli/badinput/stray_quote.out \
	tests/cli/badinput/stray_quote.sh \
	tests/cli/badinput/study_files.err \
	tests/cli/badinput/study_files.out \
	tests/cli/badinput/study_files.sh \
	tests/cli/badinput/utf8.err \
	tests/cli/badinput/utf8.out \
	tests/cli/badinput/utf8.sh \
	tests/cli/badinput/zone.err \
	tests/cli/badinput/zone.out \
	tests/cli/badinput/zone.sh \
	tests/cli/claim/each.err \
	tests/cli/claim/each.out \
	tests/cli/claim/each.sh \
	tests/cli/claim/impossible.err \
	tests/cli/claim/impossible.out \
	tests/cli/claim/impossible.sh \
	tests/cli/claim/impossible.status \
	tests/cli/claim/reasons.out \
	tests/cli/claim/reasons.sh \
	tests/cli/claim/study.err \
	tests/cli/claim/study.out \
	tests/cli/claim/study.sh \
	tests/cli/claim/two_groups.err \
	tests/cli/claim/two_groups.out \
	tests/cli/claim/two_groups.sh \
	tests/cli/claim/two_groups.status \
	tests/cli/claim/verdicts.out \
	tests/cli/claim/verdicts.sh \
	tests/cli/claim/weighted.err \
	tests/cli/claim/weighted.out \
	tests/cli/claim/weighted.sh \
	tests/cli/claim/withheld.out \
	tests/cli/claim/withheld.sh \
	tests/cli/claim/wrong_claims.out \
	tests/cli/claim/wrong_claims.sh \
	tests/cli/claim/wrong_claims.status \
	tests/cli/classify/match_limit.err \
	tests/cli/classify/match_limit.out \
	tests/cli/classify/match_limit.sh \
	tests/cli/classify/packs.out \
	tests/cli/classify/packs.sh \
	tests/cli/classify/rules.out \
	tests/cli/classify/rules.sh \
	tests/cli/classify/sets.out \
	tests/cli/classify/sets.sh \
	tests/cli/classify/word_edges.out \
	tests/cli/classify/word_edges.sh \
	tests/cli/estimate/bell.out \
	tests/cli/estimate/bell.sh \
	tests/cli/estimate/bell.status \
	tests/cli/estimate/doors.out \
	tests/cli/estimate/doors.sh \
	tests/cli/estimate/errors.err \
	tests/cli/estimate/errors.out \
	tests/cli/estimate/errors.sh \
	tests/cli/estimate/ladder.out \
	tests/cli/estimate/ladder.sh \
	tests/cli/estimate/min_cell.out \
	tests/cli/estimate/min_cell.sh \
	tests/cli/estimate/population.err \
	tests/cli/estimate/population.out \
	tests/cli/estimate/population.sh \
	tests/cli/estimate/probe.err \
	tests/cli/estimate/probe.out \
	tests/cli/estimate/probe.sh \
	tests/cli/estimate/ranges.err \
	tests/cli/estimate/ranges.out \
	tests/cli/estimate/ranges.sh \
	tests/cli/estimate/reference.err \
	tests/cli/estimate/reference.out \
	tests/cli/estimate/reference.sh \
	tests/cli/estimate/refusals.err \
	tests/cli/estimate/refusals.out \
	tests/cli/estimate/refusals.sh \
	tests/cli/estimate/study.err \
	tests/cli/estimate/study.out \
	tests/cli/estimate/study.sh \
	tests/cli/estimate/weighted.out \
	tests/cli/estimate/weighted.sh \
	tests/cli/explain/many.out \
	tests/cli/explain/many.sh \
	tests/cli/explain/open.out \
	tests/cli/explain/open.sh \
	tests/cli/explain/options.out \
	tests/cli/explain/options.sh \
	tests/cli/explain/probe.out \
	tests/cli/explain/probe.sh \
	tests/cli/explain/ranges.out \
	tests/cli/explain/ranges.sh \
	tests/cli/explain/supported.out \
	tests/cli/explain/supported.sh \
	tests/cli/ingest/blank_lines.out \
	tests/cli/ingest/blank_lines.sh \
	tests/cli/ingest/blank_records.out \
	tests/cli/ingest/blank_records.sh \
	tests/cli/ingest/cells_both_ways.out \
	tests/cli/ingest/cells_both_ways.sh \
	tests/cli/ingest/check_study.err \
	tests/cli/ingest/check_study.sh \
	tests/cli/ingest/check_study.status \
	tests/cli/ingest/check_study_section.err \
	tests/cli/ingest/check_study_section.out \
	tests/cli/ingest/check_study_section.sh \
	tests/cli/ingest/duplicate_headers.out \
	tests/cli/ingest/duplicate_headers.sh \
	tests/cli/ingest/encodings.out \
	tests/cli/ingest/encodings.sh \
	tests/cli/ingest/epochs.out \
	tests/cli/ingest/epochs.sh \
	tests/cli/ingest/escapes.out \
	tests/cli/ingest/escapes.sh \
	tests/cli/ingest/every_header_is_a_field.out \
	tests/cli/ingest/every_header_is_a_field.sh \
	tests/cli/ingest/fields.out \
	tests/cli/ingest/fields.sh \
	tests/cli/ingest/files_without_records.out \
	tests/cli/ingest/files_without_records.sh \
	tests/cli/ingest/header_blanks.out \
	tests/cli/ingest/header_blanks.sh \
	tests/cli/ingest/header_only.out \
	tests/cli/ingest/header_only.sh \
	tests/cli/ingest/items.out \
	tests/cli/ingest/items.sh \
	tests/cli/ingest/items_of_one_name.err \
	tests/cli/ingest/items_of_one_name.out \
	tests/cli/ingest/items_of_one_name.sh \
	tests/cli/ingest/items_range_spelt_so.out \
	tests/cli/ingest/items_range_spelt_so.sh \
	tests/cli/ingest/items_rejects.err \
	tests/cli/ingest/items_rejects.out \
	tests/cli/ingest/items_rejects.sh \
	tests/cli/ingest/max_rejects.out \
	tests/cli/ingest/max_rejects.sh \
	tests/cli/ingest/no_header.out \
	tests/cli/ingest/no_header.sh \
	tests/cli/ingest/no_study_options.out \
	tests/cli/ingest/no_study_options.sh \
	tests/cli/ingest/nothing_is_written_on_error.out \
	tests/cli/ingest/nothing_is_written_on_error.sh \
	tests/cli/ingest/origin.out \
	tests/cli/ingest/origin.sh \
	tests/cli/ingest/provenance.out \
	tests/cli/ingest/provenance.sh \
	tests/cli/ingest/pseudonym.out \
	tests/cli/ingest/pseudonym.sh \
	tests/cli/ingest/pseudonym_key.out \
	tests/cli/ingest/pseudonym_key.sh \
	tests/cli/ingest/pseudonym_without_header.err \
	tests/cli/ingest/pseudonym_without_header.out \
	tests/cli/ingest/pseudonym_without_header.sh \
	tests/cli/ingest/quoting_lenient.err \
	tests/cli/ingest/quoting_lenient.out \
	tests/cli/ingest/quoting_lenient.sh \
	tests/cli/ingest/ragged.err \
	tests/cli/ingest/ragged.out \
	tests/cli/ingest/ragged.sh \
	tests/cli/ingest/reject_and_go_on.err \
	tests/cli/ingest/reject_and_go_on.out \
	tests/cli/ingest/reject_and_go_on.sh \
	tests/cli/ingest/several_files.out \
	tests/cli/ingest/several_files.sh \
	tests/cli/ingest/several_files_differ.out \
	tests/cli/ingest/several_files_differ.sh \
	tests/cli/ingest/skip.out \
	tests/cli/ingest/skip.sh \
	tests/cli/ingest/standard_input.out \
	tests/cli/ingest/standard_input.sh \
	tests/cli/ingest/times.out \
	tests/cli/ingest/times.sh \
	tests/cli/ingest/trim_no.out \
	tests/cli/ingest/trim_no.sh \
	tests/cli/ingest/tsv.out \
	tests/cli/ingest/tsv.sh \
	tests/cli/ingest/unnamed_column.out \
	tests/cli/ingest/unnamed_column.sh \
	tests/cli/normalize/exact_duplicates_and_missing.out \
	tests/cli/normalize/exact_duplicates_and_missing.sh \
	tests/cli/normalize/keep.out \
	tests/cli/normalize/keep.sh \
	tests/cli/normalize/name_of_a_star.err \
	tests/cli/normalize/name_of_a_star.out \
	tests/cli/normalize/name_of_a_star.sh \
	tests/cli/normalize/no_section.out \
	tests/cli/normalize/no_section.sh \
	tests/cli/normalize/order_of_steps.out \
	tests/cli/normalize/order_of_steps.sh \
	tests/cli/normalize/own_scales.out \
	tests/cli/normalize/own_scales.sh \
	tests/cli/normalize/range.out \
	tests/cli/normalize/range.sh \
	tests/cli/normalize/range_and_scale.err \
	tests/cli/normalize/range_and_scale.out \
	tests/cli/normalize/range_and_scale.sh \
	tests/cli/normalize/scales_by_field.out \
	tests/cli/normalize/scales_by_field.sh \
	tests/cli/normalize/scores.out \
	tests/cli/normalize/scores.sh \
	tests/cli/normalize/unique.out \
	tests/cli/normalize/unique.sh \
	tests/cli/normalize/unknown.err \
	tests/cli/normalize/unknown.out \
	tests/cli/normalize/unknown.sh \
	tests/cli/normalize/unknown_field.out \
	tests/cli/normalize/unknown_field.sh \
	tests/cli/normalize/unknown_scale.out \
	tests/cli/normalize/unknown_scale.sh \
	tests/cli/output/mode_and_links.out \
	tests/cli/output/mode_and_links.sh \
	tests/cli/output/output_is_no_setting.err \
	tests/cli/output/output_is_no_setting.out \
	tests/cli/output/output_is_no_setting.sh \
	tests/cli/output/own_input.out \
	tests/cli/output/own_input.sh \
	tests/cli/output/rejects_are_no_other_file.err \
	tests/cli/output/rejects_are_no_other_file.out \
	tests/cli/output/rejects_are_no_other_file.sh \
	tests/cli/output/rejects_by_two_programs.out \
	tests/cli/output/rejects_by_two_programs.sh \
	tests/cli/output/untouched_on_error.out \
	tests/cli/output/untouched_on_error.sh \
	tests/cli/output/unwritable.out \
	tests/cli/output/unwritable.sh \
	tests/cli/plot/ascii.out \
	tests/cli/plot/ascii.sh \
	tests/cli/plot/beside.err \
	tests/cli/plot/beside.out \
	tests/cli/plot/beside.sh \
	tests/cli/plot/colour.out \
	tests/cli/plot/colour.sh \
	tests/cli/plot/columns.err \
	tests/cli/plot/columns.out \
	tests/cli/plot/columns.sh \
	tests/cli/plot/columns.status \
	tests/cli/plot/estimates.out \
	tests/cli/plot/estimates.sh \
	tests/cli/plot/estimates_refused.err \
	tests/cli/plot/estimates_refused.out \
	tests/cli/plot/estimates_refused.sh \
	tests/cli/plot/hostile.out \
	tests/cli/plot/hostile.sh \
	tests/cli/plot/max_panels.out \
	tests/cli/plot/max_panels.sh \
	tests/cli/plot/nps_by_points.err \
	tests/cli/plot/nps_by_points.out \
	tests/cli/plot/nps_by_points.sh \
	tests/cli/plot/refusals.err \
	tests/cli/plot/refusals.out \
	tests/cli/plot/refusals.sh \
	tests/cli/plot/states.out \
	tests/cli/plot/states.sh \
	tests/cli/plot/study.out \
	tests/cli/plot/study.sh \
	tests/cli/plot/table.out \
	tests/cli/plot/table.sh \
	tests/cli/plot/weighted.out \
	tests/cli/plot/weighted.sh \
	tests/cli/run/exit_statuses.out \
	tests/cli/run/exit_statuses.sh \
	tests/cli/run/files_of_options.out \
	tests/cli/run/files_of_options.sh \
	tests/cli/run/pipe_words.err \
	tests/cli/run/pipe_words.out \
	tests/cli/run/pipe_words.sh \
	tests/cli/run/rejects.err \
	tests/cli/run/rejects.out \
	tests/cli/run/rejects.sh \
	tests/cli/run/same_as_pipeline.out \
	tests/cli/run/same_as_pipeline.sh \
	tests/cli/run/several_tables.out \
	tests/cli/run/several_tables.sh \
	tests/cli/run/verbose.out \
	tests/cli/run/verbose.sh \
	tests/cli/run/view_in_a_pipe.err \
	tests/cli/run/view_in_a_pipe.out \
	tests/cli/run/view_in_a_pipe.sh \
	tests/cli/sample/same_seed_same_bytes.out \
	tests/cli/sample/same_seed_same_bytes.sh \
	tests/cli/stream/also.out \
	tests/cli/stream/also.sh \
	tests/cli/stream/bad_counts.out \
	tests/cli/stream/bad_counts.sh \
	tests/cli/stream/bad_utf8.out \
	tests/cli/stream/bad_utf8.sh \
	tests/cli/stream/behind_the_end.out \
	tests/cli/stream/behind_the_end.sh \
	tests/cli/stream/cat_is_a_stream.out \
	tests/cli/stream/cat_is_a_stream.sh \
	tests/cli/stream/container.needs \
	tests/cli/stream/container.out \
	tests/cli/stream/container.sh \
	tests/cli/stream/escapes_are_read.out \
	tests/cli/stream/escapes_are_read.sh \
	tests/cli/stream/hostile_text.err \
	tests/cli/stream/hostile_text.out \
	tests/cli/stream/hostile_text.sh \
	tests/cli/stream/levels.err \
	tests/cli/stream/levels.out \
	tests/cli/stream/levels.sh \
	tests/cli/stream/limits.err \
	tests/cli/stream/limits.out \
	tests/cli/stream/limits.sh \
	tests/cli/stream/long_records.needs \
	tests/cli/stream/long_records.out \
	tests/cli/stream/long_records.sh \
	tests/cli/stream/many_parts.err \
	tests/cli/stream/many_parts.out \
	tests/cli/stream/many_parts.sh \
	tests/cli/stream/no_end.out \
	tests/cli/stream/no_end.sh \
	tests/cli/stream/other_gzip.out \
	tests/cli/stream/other_gzip.sh \
	tests/cli/stream/other_version.out \
	tests/cli/stream/other_version.sh \
	tests/cli/stream/part_without_end_block.err \
	tests/cli/stream/part_without_end_block.out \
	tests/cli/stream/part_without_end_block.sh \
	tests/cli/stream/parts_that_differ.out \
	tests/cli/stream/parts_that_differ.sh \
	tests/cli/stream/through_the_shell.out \
	tests/cli/stream/through_the_shell.sh \
	tests/cli/stream/width.out \
	tests/cli/stream/width.sh \
	tests/cli/view/forms.out \
	tests/cli/view/forms.sh \
	tests/cli/view/hash_first.out \
	tests/cli/view/hash_first.sh \
	tests/cli/view/through.out \
	tests/cli/view/through.sh \
	tests/cli/view/through_and_forms.err \
	tests/cli/view/through_and_forms.out \
	tests/cli/view/through_and_forms.sh \
	tests/cli/view/through_errors.out \
	tests/cli/view/through_errors.sh \
	tests/cli/view/where.out \
	tests/cli/view/where.sh \
	tests/cli/weight/base.err \
	tests/cli/weight/base.out \
	tests/cli/weight/base.sh \
	tests/cli/weight/bounds.err \
	tests/cli/weight/bounds.out \
	tests/cli/weight/bounds.sh \
	tests/cli/weight/changed.out \
	tests/cli/weight/changed.sh \
	tests/cli/weight/collapse.err \
	tests/cli/weight/collapse.out \
	tests/cli/weight/collapse.sh \
	tests/cli/weight/missing.err \
	tests/cli/weight/missing.out \
	tests/cli/weight/missing.sh \
	tests/cli/weight/no_section.err \
	tests/cli/weight/no_section.out \
	tests/cli/weight/no_section.sh \
	tests/cli/weight/pipes.sh \
	tests/cli/weight/raking.out \
	tests/cli/weight/raking.sh \
	tests/cli/weight/refusals.err \
	tests/cli/weight/refusals.out \
	tests/cli/weight/refusals.sh \
	tests/cli/weight/run.err \
	tests/cli/weight/run.out \
	tests/cli/weight/run.sh \
	tests/cli/weight/run.status \
	tests/cli/weight/strata.out \
	tests/cli/weight/strata.sh \
	tests/cli/weight/verbose.err \
	tests/cli/weight/verbose.sh \
	tests/estimators/bell_ops.c \
	tests/estimators/calibration_ops.c \
	tests/estimators/coverage_ops.c \
	tests/estimators/describe_ops.c \
	tests/estimators/main.c \
	tests/estimators/ops.c \
	tests/estimators/ops.h \
	tests/estimators/refusals.json \
	tests/estimators/selection_ops.c \
	tests/estimators/weighting_ops.c \
	tests/faults/faults.py \
	tests/faults/inject.c \
	tests/fuzz/csv_readers.c \
	tests/fuzz/driver.c \
	tests/fuzz/fuzz.sh \
	tests/lib/bell_test.py \
	tests/lib/lint.py \
	tests/lib/reference_figures.py \
	tests/lint/banned.py \
	tests/lint/headers.py \
	tests/lint/layers.py \
	tests/lint/tree.py \
	tests/real/DIFFERENCES.md \
	tests/real/claims.py \
	tests/real/compare.py \
	tests/real/estimate_rows.py \
	tests/real/estimator_cases.py \
	tests/real/gzip_files.py \
	tests/real/postgres.sh \
	tests/real/published.py \
	tests/real/stray_quotes.py \
	tests/real/studies/airline_6col.yaml \
	tests/real/studies/alexa.yaml \
	tests/real/studies/alexa_feedback.yaml \
	tests/real/studies/cfpb.yaml \
	tests/real/studies/cfpb_timely.yaml \
	tests/real/studies/emoji.yaml \
	tests/real/studies/facebook.yaml \
	tests/real/studies/finphrase.yaml \
	tests/real/studies/flying.yaml \
	tests/real/studies/food.yaml \
	tests/real/studies/iopc_funnel.yaml \
	tests/real/studies/movielens.yaml \
	tests/real/studies/nhs_small.yaml \
	tests/real/studies/nhs_small_sentiment.yaml \
	tests/real/studies/nps.yaml \
	tests/real/studies/ramen.yaml \
	tests/real/studies/turkiye.yaml \
	tests/real/studies/twcs.yaml \
	tests/real/studies/tweet_sentiment.yaml \
	tests/real/studies/ukpolice.yaml \
	tests/real/survey_live.py \
	tests/real/survey_reference.py \
	tests/real/torture_csv.py \
	tests/real/twcs.py \
	tests/run \
	tests/simulate/claims.c \
	tests/simulate/claims.h \
	tests/simulate/claims_margins.c \
	tests/simulate/draws.h \
	tests/simulate/main.c \
	tests/simulate/page.py \
	tests/simulate/report.c \
	tests/simulate/report.h \
	tests/simulate/sample_coverage.py \
	tests/simulate/worlds.c \
	tests/simulate/worlds.h \
	tests/suites/bench.py \
	tests/suites/conventions.py \
	tests/suites/coverage_page.py \
	tests/suites/damage.py \
	tests/suites/estimate.py \
	tests/suites/estimators.py \
	tests/suites/examples.py \
	tests/suites/fuzz.py \
	tests/suites/manual.py \
	tests/suites/memory.py \
	tests/suites/pipelines.py \
	tests/suites/plot.py \
	tests/suites/reference_table.py \
	tests/suites/same_answer.py \
	tests/suites/simulate.py \
	tests/suites/survey.py \
	tests/suites/weight.py \
	tests/unit/assert_near.h \
	tests/unit/csv_agree.h \
	tests/unit/csv_shown.h \
	tests/unit/input_doors.h \
	tests/unit/phrase_finder.h \
	tests/unit/time_against_python.py
