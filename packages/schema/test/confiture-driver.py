"""Reports what confiture selects and builds; JSON lines in and out. Paths are raw: one byte per character."""

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from confiture.core.builder import SchemaBuilder  # noqa: E402


def raw(path: Path) -> str:
    return os.fsencode(path).decode("latin1")


def phase(builder: SchemaBuilder, path: Path) -> str:
    if builder._is_superuser_post_file(path):
        return "superuser_post"
    return "superuser_pre" if builder._is_superuser_file(path) else "app"


def selection(request: dict) -> dict:
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


def split(builder: SchemaBuilder, env: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        builder.build_split(folder)
        return {
            name: Path(folder, f"schema_{env}_{name}.sql").read_bytes().decode()
            for name in ("superuser_pre", "app", "superuser_post")
        }


def build(request: dict) -> dict:
    """The texts of a build, and the hash. The comment check refuses valid SQL, so it can be disabled."""
    os.environ["SOURCE_DATE_EPOCH"] = request["epoch"]
    texts = {}
    for env in request["envs"]:
        builder = SchemaBuilder(env, Path(request["project"]))
        if not request["check"]:
            builder.env_config.build.validate_comments.enabled = False
        texts[env] = builder.build()
        if request["parts"] and env == request["envs"][0]:
            texts["schema_only"] = builder.build(schema_only=True)
            texts |= split(builder, env)
    return {"texts": texts, "hash": builder.compute_hash()}


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        told = build(request) if "envs" in request else selection(request)
    except Exception as error:  # including exceptions that confiture does not catch
        told = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(told), flush=True)
