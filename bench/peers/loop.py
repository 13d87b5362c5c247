"""What people write first: os.walk and json.load, one file after the other. loop.py validate|stats DIR"""

import json
import os
import sys

IMAGES = {".jpg", ".jpeg", ".png", ".heic", ".cr2", ".dng"}


def main(work, directory):
    total = valid = images = 0
    operations = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            extension = os.path.splitext(name)[1].lower()
            if extension in IMAGES:
                images += 1
            if extension != ".json":
                continue
            total += 1
            try:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    document = json.load(file)
            except ValueError:
                continue
            valid += 1
            operation = document.get("sidecar_info", {}).get("operation_type", "unknown")
            operations[operation] = operations.get(operation, 0) + 1
    if work == "stats":
        report = {"total_images": images, "operation_counts": operations, "total_sidecars": total}
    else:
        report = {"total_files": total, "valid_files": valid, "invalid_files": total - valid}
    print(json.dumps(report))


main(sys.argv[1], sys.argv[2])
