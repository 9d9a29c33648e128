# Options of pages are refused without them, and what they name must be there.
printf 'shop,n_1,n_2,n_3\neast,100,50,300\nwest,300,50,1\n' >t.csv
bell-estimate --explain --group shop=west --target 1.5 --confidence 0.9 t.csv | sed -n 1,20p
for options in '--group shop=east' '--precision 0.1' '--explain --group shp=east' \
    '--explain --group shop=south' '--explain --group shop' '--explain --target 4' \
    '--explain --precision 0' '--explain --precision 2'; do
    echo "$ $options"
    # shellcheck disable=SC2086 # several words
    bell-estimate $options t.csv 2>&1
    echo "$?"
done
printf 'shop,n_1,n_2\neast,1,2\n' | bell-estimate --explain --strict 2>&1
echo "$?"
printf 'shop,n_1,n_2\n' | bell-estimate --explain
