bell-ingest --nonsense
echo $?
bell-ingest --delimiter
echo $?
bell-ingest --ragged=perhaps
echo $?
bell-ingest --skip-lines=-1
echo $?
bell-ingest --outp x
echo $?
bell-aggregate --bands zero
echo $?
bell-ingest --delimiter ab
echo $?
