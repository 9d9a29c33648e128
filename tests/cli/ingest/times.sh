cat >s.yaml <<'END'
ingest:
  fields:
    n: {column: n}
    t: {column: t, type: time, zone: Europe/London, format: ["%Y-%m-%d %H:%M:%S %z", "%d/%m/%Y %H:%M", "%d-%b-%y", "%a %b %d %H:%M:%S %z %Y", "%I:%M %p %j %Y", iso8601]}
END
cat >in.csv <<'END'
n,t
offset,2015-02-24 11:35:52 -0800
unpadded,4/7/2015 09:05
repeated,25/10/2015 01:30
month,30-Jul-18
old,01-Feb-69
twitter,Tue Oct 31 22:10:47 +0000 2017
noon,12:00 PM 032 2016
midnight,12:00 AM 001 2016
iso,2016-02-29T23:59:60Z
fraction,2016-02-29T12:00:00.5+01:00
zone,2016-07-01T12:00:00
leap,29/02/2016 00:00
END
bell-ingest -s s.yaml --text --no-provenance in.csv | sed -n '/^[^#]/p'
