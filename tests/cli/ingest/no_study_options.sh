# The common cases need no file at all.
printf 'account;t;rating\nx;2015-02-24;4\nx;2015-02-25;2\ny;2015-03-03;1\n' >in.csv
bell-ingest --delimiter ';' in.csv | bell-normalize --from rating --range 1,5 |
    bell-aggregate --by account --columns records,mean
