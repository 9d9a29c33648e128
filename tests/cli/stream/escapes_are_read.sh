printf '#bell\t1\n#fields\ta\tb\n#types\tstr\tstr\n\\#x\\\\\t\\N\ny\\101\\x42\tz\n#end\tin=2\tout=2\trejected=0\tdropped=0\n' |
    bell-view --to csv
