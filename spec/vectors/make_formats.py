"""Writes formats.json: the same documents in every form, laid out from docs/formats.md alone, by neither engine.

Run by hand: python3 spec/vectors/make_formats.py > spec/vectors/formats.json
"""

import json
import struct
import zlib

# text, its summary block, and its nodes: (kind, a, b) for null/false/true/containers, (kind, bytes) for text.
NONE = '"success":null,"processing_time":null,"created_at":null,"last_updated":null}'
UNKNOWN = '{"operation":"unknown","detections":0,"tool":null,' + NONE
DOCUMENTS = [
    ("an empty object", "{}", UNKNOWN, [(6, 0, 1)]),
    ("null", " null ", UNKNOWN, [(0, 0, 0)]),
    ("a number", "1e999", UNKNOWN, [(3, b"1e999")]),
    ("an empty string", '""', UNKNOWN, [(4, b"")]),
    (
        "nested, with duplicate keys",
        '{"a":[true,{"b":-0}],"a":[],"\\u00e9":"x"}',
        UNKNOWN,
        [(6, 3, 11), (4, b"a"), (5, 2, 7), (2, 0, 0), (6, 1, 7), (4, b"b"), (3, b"-0"), (4, b"a"), (5, 0, 9), (4, "\u00e9".encode()), (4, b"x")],
    ),
    ("a lone surrogate and a pair", '["\\ud800","\\ud83d\\ude00"]', UNKNOWN, [(5, 2, 3), (4, b"\xed\xa0\x80"), (4, "\U0001f600".encode())]),
    (
        "a sidecar",
        '{\n "sidecar_info": {"operation_type": "Face_detector", "created_at": "2025-10-28"},\n "face_detection": {"success": true, "processing_time": 0.410, "tool_name": "yolo\\u0038", "faces": [{}, {}]}\n}\n',
        '{"operation":"face_detection","detections":2,"tool":"yolo8","success":true,"processing_time":0.410,"created_at":"2025-10-28","last_updated":null}',
        [
            (6, 2, 19), (4, b"sidecar_info"), (6, 2, 7), (4, b"operation_type"), (4, b"Face_detector"), (4, b"created_at"), (4, b"2025-10-28"),
            (4, b"face_detection"), (6, 4, 19), (4, b"success"), (2, 0, 0), (4, b"processing_time"), (3, b"0.410"),
            (4, b"tool_name"), (4, b"yolo8"), (4, b"faces"), (5, 2, 19), (6, 0, 18), (6, 0, 19),
        ],
    ),
]


def sealed(text, summary):
    text, summary = text.encode(), summary.encode()
    head = bytes.fromhex("89544e444d420d0a")
    head += struct.pack("<HHIQII", 1, 0, 1, len(text), zlib.crc32(text), len(summary)) + summary
    return head + struct.pack("<I", zlib.crc32(head)) + text


def archive(nodes):
    text, words = b"", b""
    for node in nodes:
        if len(node) == 2:
            words += struct.pack("<III", node[0], len(text), len(node[1]))
            text += node[1]
        else:
            words += struct.pack("<III", *node)
    padded = text + b"\0" * (-len(text) % 4)
    root = len(padded) + len(words)
    body = padded + words + struct.pack("<iIiI", -root, len(text), len(padded) - (root + 8), len(nodes))
    return bytes.fromhex("89544e444d520d0a") + struct.pack("<HHI", 1, 0, 0) + body


cases = [
    {"name": name, "text": text, "bin": sealed(text, summary).hex(), "rkyv": archive(nodes).hex()}
    for name, text, summary, nodes in DOCUMENTS
]
print(json.dumps({"about": "Made by make_formats.py, by neither engine.", "cases": cases}, indent=1))
