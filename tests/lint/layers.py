#!/usr/bin/env python3
"""The arrows of the house: filters -> common, and inside common from a higher layer to a lower.

    base < io < time < records < study < stats < fields < labels, tables, sampling
         < weights, estimates < pictures < engine < cli

Includes are written "layer/file.h"; no circles among headers; no filter includes another.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from lint import Lint, sources  # noqa: E402

LAYERS = ["base", "io", "time", "records", "study", "stats", "fields", "labels", "tables", "sampling",
          "weights", "estimates", "pictures", "engine", "cli"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def includes(path):
    with open(path, encoding="utf-8") as f:
        return INCLUDE.findall(f.read())


def main():
    lint = Lint()
    files = sources(("common", "filters"), (".c", ".h"))
    lint.check("there are sources to look at", files)
    arrows, form, filters, graph = [], [], [], {}
    for path in files:
        parts = path.split(os.sep)
        for name in includes(lint.at(path)):
            if name == "config.h":
                continue
            target = name.split("/")
            if parts[0] == "filters":
                if target[0] in LAYERS and os.path.exists(lint.at("common", name)):
                    continue
                if name != "registry.h":  # the list of all filters, which includes none
                    filters.append(f"{path} includes {name}")
                continue
            if len(target) != 2 or target[0] not in LAYERS:
                form.append(f'{path} includes "{name}": write "layer/file.h"')
                continue
            if not os.path.exists(lint.at("common", name)):
                form.append(f'{path} includes "{name}", which is not there')
                continue
            if len(parts) < 3 or parts[1] not in LAYERS:
                form.append(f"{path} stands in no known layer")
                continue
            if LAYERS.index(target[0]) > LAYERS.index(parts[1]):
                arrows.append(f"{path} ({parts[1]}) includes {name}, a higher layer")
            if path.endswith(".h"):
                graph.setdefault("/".join(parts[1:]), []).append(name)
    lint.report("arrows point one way", arrows)
    lint.report('includes are written "layer/file.h"', form)
    lint.report("filters include common/ only", filters)
    lint.report("no circle of headers", circles(graph))
    return lint.end()


def circles(graph):
    found, done = [], set()

    def walk(name, way):
        if name in way:
            found.append(" -> ".join(way[way.index(name):] + [name]))
            return
        if name in done:
            return
        for other in graph.get(name, []):
            walk(other, way + [name])
        done.add(name)

    for name in sorted(graph):
        walk(name, [])
    return found


if __name__ == "__main__":
    sys.exit(main())
