"""The data of the benchmark, made once and kept.

    make = data.Data(folder, programs, env)
    path = make.csv(5_000_000)      .../sample-5m.csv; csv_gz and the others likewise

A file appears under its name only when it is whole.
"""
import os
import shutil
import subprocess
import sys

SEED = 1
HERE = os.path.dirname(os.path.abspath(__file__))


def label(rows):
    """5000000 -> 5m, 200000 -> 200k."""
    for unit, name in ((1_000_000, "m"), (1_000, "k")):
        if rows % unit == 0 and rows > 0:
            return f"{rows // unit}{name}"
    return str(rows)


class Data:
    def __init__(self, folder, programs, env):
        self.folder, self.programs, self.env = folder, programs, env
        os.makedirs(folder, exist_ok=True)

    def _path(self, stem, rows, ending):
        return os.path.join(self.folder, f"{stem}-{label(rows)}{ending}")

    def _make(self, path, command, again=False):
        """Runs a shell command that writes to "$OUT"."""
        if again or not os.path.exists(path):
            print(f"bench: making {os.path.basename(path)}", file=sys.stderr, flush=True)
            part = path + ".part"
            subprocess.run(["bash", "-o", "pipefail", "-ec", command], check=True,
                           env=dict(self.env, OUT=part))
            os.replace(part, path)
        return path

    @staticmethod
    def _packer():
        return "pigz -6 -n -c" if shutil.which("pigz") else "gzip -6 -n -c"

    def has_csv(self, rows):
        return os.path.exists(self._path("sample", rows, ".csv"))

    def csv(self, rows):
        return self._make(self._path("sample", rows, ".csv"),
                          f"'{self.programs}/bell-sample' --rows {rows} --seed {SEED} > \"$OUT\"")

    def csv_gz(self, rows):
        plain = self.csv(rows)
        return self._make(plain + ".gz", f"{self._packer()} '{plain}' > \"$OUT\"")

    def records(self, rows, again=False):
        """What bell-classify writes of the main job: a record stream."""
        study = os.path.join(HERE, "main.yaml")
        return self._make(self._path("records", rows, ".bell.gz"),
                          f"'{self.programs}/bell' run '{study}' '{self.csv(rows)}' --to classify -z 1 > \"$OUT\"",
                          again)

    def records_tsv(self, rows):
        """The same records with a header line of names and nothing else of the stream."""
        stream = self.records(rows)
        return self._make(self._path("records", rows, ".tsv.gz"),
                          f"gzip -dc '{stream}' | LC_ALL=C sed -n 's/^#fields\\t//; /^#/!p' "
                          f"| {self._packer()} > \"$OUT\"")

    def records_parquet(self, rows, python):
        """The same records, typed, by DuckDB; None without it."""
        path = self._path("records", rows, ".parquet")
        script = os.path.join(HERE, "peers", "make_parquet.py")
        return self._make(path, f"'{python}' '{script}' '{self.records_tsv(rows)}' \"$OUT\"")
