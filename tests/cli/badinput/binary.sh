# A binary file named .csv (a small PNG).
printf '\211PNG\r\n\032\n\000\000\000\rIHDR\000\000\000\001\000\000\000\001\010\006\000\000\000\037\025\304\211' >in.csv
bell-ingest -o out in.csv
echo $?
ls
