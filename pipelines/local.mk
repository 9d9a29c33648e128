# Written by build-aux/list-sources.
pipeline_scripts = \
	pipelines/airline.sh \
	pipelines/beside_truth.sh \
	pipelines/cron/nightly.sh \
	pipelines/likert.sh \
	pipelines/majority.sh \
	pipelines/nps.sh \
	pipelines/sample.sh \
	pipelines/stars.sh \
	pipelines/truth.sh
pipeline_files = \
	pipelines/README.md \
	pipelines/airline.yaml \
	pipelines/cron/crontab \
	pipelines/examples/accounts.csv \
	pipelines/examples/airline.csv \
	pipelines/examples/check-sample.csv \
	pipelines/examples/likert.csv \
	pipelines/examples/nps.csv \
	pipelines/examples/questions.csv \
	pipelines/examples/stars.csv \
	pipelines/examples/users.csv \
	pipelines/likert.yaml \
	pipelines/majority.yaml \
	pipelines/nps.yaml \
	pipelines/police/accounts.yaml \
	pipelines/police/intent.yaml \
	pipelines/sample.yaml \
	pipelines/social/tone.yaml \
	pipelines/stars.yaml
