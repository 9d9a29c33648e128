# Written by build-aux/list-sources.
filter_files = \
	filters/aggregate.c \
	filters/claim.c \
	filters/classify.c \
	filters/estimate.c \
	filters/ingest.c \
	filters/normalize.c \
	filters/plot.c \
	filters/registry.c \
	filters/registry.h \
	filters/sample.c \
	filters/view.c \
	filters/weight.c

bin_PROGRAMS += bell-aggregate
bell_aggregate_SOURCES = filters/main.c
bell_aggregate_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_aggregate
bell_aggregate_LDADD = $(program_libs)

bin_PROGRAMS += bell-claim
bell_claim_SOURCES = filters/main.c
bell_claim_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_claim
bell_claim_LDADD = $(program_libs)

bin_PROGRAMS += bell-classify
bell_classify_SOURCES = filters/main.c
bell_classify_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_classify
bell_classify_LDADD = $(program_libs)

bin_PROGRAMS += bell-estimate
bell_estimate_SOURCES = filters/main.c
bell_estimate_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_estimate
bell_estimate_LDADD = $(program_libs)

bin_PROGRAMS += bell-ingest
bell_ingest_SOURCES = filters/main.c
bell_ingest_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_ingest
bell_ingest_LDADD = $(program_libs)

bin_PROGRAMS += bell-normalize
bell_normalize_SOURCES = filters/main.c
bell_normalize_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_normalize
bell_normalize_LDADD = $(program_libs)

bin_PROGRAMS += bell-plot
bell_plot_SOURCES = filters/main.c
bell_plot_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_plot
bell_plot_LDADD = $(program_libs)

bin_PROGRAMS += bell-sample
bell_sample_SOURCES = filters/main.c
bell_sample_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_sample
bell_sample_LDADD = $(program_libs)

bin_PROGRAMS += bell-view
bell_view_SOURCES = filters/main.c
bell_view_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_view
bell_view_LDADD = $(program_libs)

bin_PROGRAMS += bell-weight
bell_weight_SOURCES = filters/main.c
bell_weight_CPPFLAGS = $(AM_CPPFLAGS) -DFILTER=filter_weight
bell_weight_LDADD = $(program_libs)
