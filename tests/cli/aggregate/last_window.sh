# The last window of a repeated hour is the later one, whatever the bytes of its offset.
{
    printf '#bell\t1\n#fields\ttime\n#types\ttime\n2015-10-25T00:30:00Z\n2015-10-25T01:30:00Z\n'
    printf '#end\tin=2\tout=2\trejected=0\tdropped=0\n'
} | bell-aggregate --every hour --zone Europe/London
