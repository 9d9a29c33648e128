# The time for many parts grows with their number, not with its square, and so with late lines.
python3 -c "
head = '#bell\t1\n#fields\ta\n#types\tstr\n'
end = '#end\tin=0\tout=0\trejected=0\tdropped=0\n'
program = '#program\tbell-ingest 0.1.0\tbell-ingest day%d.csv\n'
with open('days.txt', 'w') as days:
    days.writelines(head + program % n + end for n in range(60000))
with open('late.txt', 'w') as late:
    late.write(head + end + head + ''.join('#also\tx%d\n' % n for n in range(200000)) + end)
with open('endless.txt', 'w') as endless:
    endless.write(head + ''.join('#also\tx%d\n' % n for n in range(300000)) + end)"
timeout 25 bell-view days.txt >out
grep -c '^#also' out
timeout 25 bell-view late.txt >out
grep -c '^#also' out
timeout 25 bell-view endless.txt >out || echo "$?"
