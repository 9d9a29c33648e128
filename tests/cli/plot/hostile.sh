# A group's name moves neither a terminal nor a script nor a page.
printf 'g,records,scored,n_down,n_up\n"\033[2J\302\233x\342\200\256y\t`touch gotcha`\n<script>&",50,50,20,30\n' >t.csv
bell-plot --bounds none --scale thumbs t.csv | sed -n 5,6p
bell-plot --bounds none --scale thumbs --to svg t.csv | grep script
bell-plot --bounds none --scale thumbs --to svg --title "</title><script>1" t.csv | grep -c '<script>'
ls
