"""Answers what confiture selects: a line of JSON in, a line of JSON out. Paths are raw: one byte a character."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from confiture.core.builder import SchemaBuilder  # noqa: E402


def raw(path: Path) -> str:
    return os.fsencode(path).decode("latin1")


def phase(builder: SchemaBuilder, path: Path) -> str:
    if builder._is_superuser_post_file(path):
        return "superuser_post"
    return "superuser_pre" if builder._is_superuser_file(path) else "app"


def answer(request: dict) -> dict:
    builder = SchemaBuilder(request["env"], Path(request["project"]))
    records = builder.selection_report().files
    assert [record.path for record in records] == builder.find_sql_files()
    _, seeds = builder.categorize_sql_files()
    return {
        "files": [
            {
                "path": raw(record.path),
                "label": raw(record.path.relative_to(builder.base_dir)),
                "entry": raw(record.entry),
                "order": record.order,
                "pattern": record.pattern,
                "isSeed": record.path in seeds,
                "phase": phase(builder, record.path),
            }
            for record in records
        ]
    }


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    try:
        told = answer(json.loads(line))
    except Exception as error:  # what confiture lets through, too
        told = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(told), flush=True)
