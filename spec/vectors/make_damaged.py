"""Writes damaged-formats.json: files that are cut, edited or forged, and the error that docs/formats.md gives each, by neither engine.

Run by hand: python3 spec/vectors/make_damaged.py > spec/vectors/damaged-formats.json
"""

import json
import struct
import zlib

MAX_DEPTH = 4
SUMMARY = (
    '{"operation":"unknown","detections":0,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}'
)
cases = []


def case(name, extension, file, code=None, offset=None, **params):
    """Without a code the file is right; then `format` says what it holds."""
    cases.append({"name": name, "extension": extension, "hex": file.hex(), "code": code, "offset": offset, "params": params})


def sealed(text, summary=SUMMARY, version=1, flags=0, table=1, text_length=None, text_crc=None, summary_length=None):
    summary = summary.encode()
    head = bytes.fromhex("89544e444d420d0a") + struct.pack(
        "<HHIQII",
        version,
        flags,
        table,
        len(text) if text_length is None else text_length,
        zlib.crc32(text) if text_crc is None else text_crc,
        len(summary) if summary_length is None else summary_length,
    )
    head += summary
    return head + struct.pack("<I", zlib.crc32(head)) + text


def edited(file, at, new):
    return file[:at] + new + file[at + len(new) :]


def archive(text, nodes, padding=None, version=1, rest=b"\0" * 6, text_pointer=None, text_length=None, nodes_pointer=None, count=None):
    words = b"".join(struct.pack("<III", *node) for node in nodes)
    padded = text + (b"\0" * (-len(text) % 4) if padding is None else padding)
    root = len(padded) + len(words)
    return (
        bytes.fromhex("89544e444d520d0a")
        + struct.pack("<H", version)
        + rest
        + padded
        + words
        + struct.pack(
            "<iIiI",
            -root if text_pointer is None else text_pointer,
            len(text) if text_length is None else text_length,
            len(padded) - (root + 8) if nodes_pointer is None else nodes_pointer,
            len(nodes) if count is None else count,
        )
    )


# --- Told apart by the first bytes -------------------------------------------------------------------------------------------------

case("empty, .json", "json", b"", "ERR_TANDEM_EMPTY_FILE", 0)
case("empty, .bin", "bin", b"", "ERR_TANDEM_EMPTY_FILE", 0)
case("a JSON text", "json", b'{"a":1}', format="json")
for extension in ["bin", "rkyv"]:
    case(f"a JSON text in a .{extension}", extension, b"{}", format="json", mismatch=True)
for first in ["[1]", '"a"', "-1", "0", "9", "true", "false", "null", " \t\r\n[]"]:
    case(f"a text that begins as JSON does: {json.dumps(first)}", "bin", first.encode(), format="json", mismatch=True)
case("a text behind a byte order mark", "bin", "\ufeff[]".encode(), "ERR_TANDEM_JSON_BOM", 0)
case("white space only", "bin", b" \n ", "ERR_TANDEM_JSON_TRUNCATED", 3)
for first in [b"/", b":", b"x", b"}", b"\x00ff", b"\xef\xbb", b"+1", b"T"]:
    case(f"noise in a .bin: {first.hex()}", "bin", first, "ERR_TANDEM_UNKNOWN_FORMAT", 0)
case("noise in a .rkyv", "rkyv", bytes.fromhex("00ff1122334455667788"), "ERR_TANDEM_UNKNOWN_FORMAT", 0)
case("noise in a .json", "json", bytes.fromhex("00ff1122334455667788"), "ERR_TANDEM_INVALID_UTF8", 1)
case("a magic that is cut", "bin", bytes.fromhex("89544e444d420d"), "ERR_TANDEM_UNKNOWN_FORMAT", 0)

# --- The older tool's form -----------------------------------------------------------------------------------------------------------


def older(text, length=None):
    return struct.pack("<Q", len(text) if length is None else length) + text


for extension in ["bin", "rkyv"]:
    case(f"the older form in a .{extension}", extension, older(b'{"a":1}'), format="legacy")
case("the older form in a .json", "json", older(b"[1]"), format="legacy", mismatch=True)
case("the older form of a text of one byte", "bin", older(b"1"), format="legacy")
case("the older form cut", "bin", older(b'{"a":1', 9), "ERR_TANDEM_LEGACY_LENGTH", 0, stated="9", actual="6")
case("the older form with a byte too much", "rkyv", older(b"[1] ", 3), "ERR_TANDEM_LEGACY_LENGTH", 0, stated="3", actual="4")
case("the older form cut to its first bracket", "bin", older(b"[", 3), "ERR_TANDEM_LEGACY_LENGTH", 0, stated="3", actual="1")
case("the longest stated length of the older form", "bin", older(b"[1]", 2**40 - 1), "ERR_TANDEM_LEGACY_LENGTH", 0, actual="3")
case("a stated length that the older tool never wrote", "bin", older(b"[1]", 2**40), "ERR_TANDEM_UNKNOWN_FORMAT", 0)
case("eight bytes only", "bin", older(b""), "ERR_TANDEM_UNKNOWN_FORMAT", 0)
case("a cut length before no bracket", "bin", older(b"12", 9), "ERR_TANDEM_UNKNOWN_FORMAT", 0)
case("bad JSON in the older form", "rkyv", older(b'{"a"}'), "ERR_TANDEM_JSON_SYNTAX", 12)

# --- Sealed ------------------------------------------------------------------------------------------------------------------------

TEXT = b'{"a":1}'
BIN = sealed(TEXT)
SIZE = len(BIN)
CRC_AT = 32 + len(SUMMARY)
TEXT_AT = CRC_AT + 4
NO_SUMMARY = sealed(TEXT, "", table=2)

case("a sealed file", "bin", BIN, format="bin")
case("a sealed file in a .rkyv", "rkyv", BIN, format="bin", mismatch=True)
case("a sealed file without a summary, of another table", "bin", NO_SUMMARY, format="bin")
case("the smallest file, and no text", "bin", sealed(b"", "", table=2), "ERR_TANDEM_EMPTY_FILE", 36)
case("no text behind a summary", "bin", sealed(b""), "ERR_TANDEM_EMPTY_FILE", TEXT_AT)
for size in [8, 20, 35]:
    case(f"cut to {size} bytes", "bin", BIN[:size], "ERR_TANDEM_BIN_TRUNCATED", size, actual=str(size), stated="36")
for size in [36, 37, CRC_AT, TEXT_AT - 1, TEXT_AT, TEXT_AT + 1, SIZE - 1]:
    case(f"cut to {size} bytes", "bin", BIN[:size], "ERR_TANDEM_BIN_TRUNCATED", size, actual=str(size), stated=str(SIZE))
case("a byte too much", "bin", BIN + b" ", "ERR_TANDEM_BIN_TRAILING", SIZE, actual=str(SIZE + 1), stated=str(SIZE))
case("another version", "bin", sealed(TEXT, version=2), "ERR_TANDEM_BIN_VERSION", 8, version="2")
case("version 0", "bin", sealed(TEXT, version=0), "ERR_TANDEM_BIN_VERSION", 8, version="0")
case("unknown flags", "bin", sealed(TEXT, flags=1), "ERR_TANDEM_BIN_VERSION", 8, version="1 flags 0x0001")
case("another version, cut", "bin", sealed(TEXT, version=2)[:36], "ERR_TANDEM_BIN_VERSION", 8, version="2")
for at in [12, 16, 24, 32, CRC_AT - 1, CRC_AT, CRC_AT + 3]:
    changed = edited(BIN, at, bytes([BIN[at] ^ 1]))
    case(f"a bit of byte {at}", "bin", changed, "ERR_TANDEM_BIN_CHECKSUM", CRC_AT, part="header")
for at in [TEXT_AT, SIZE - 1]:
    changed = edited(BIN, at, bytes([BIN[at] ^ 1]))
    case(f"a bit of the text at {at}", "bin", changed, "ERR_TANDEM_BIN_CHECKSUM", 24, part="document")
longest = sealed(TEXT, text_length=2**64 - 1)
case("a text of 2^64 - 1 bytes", "bin", longest, "ERR_TANDEM_BIN_TRUNCATED", SIZE, actual=str(SIZE), stated=str(2**64 - 1 + TEXT_AT))
huge = sealed(TEXT, summary_length=2**32 - 1)
case("a summary of 4 GiB", "bin", huge, "ERR_TANDEM_BIN_TRUNCATED", SIZE, actual=str(SIZE), stated=str(36 + 2**32 - 1 + len(TEXT)))
beyond = sealed(TEXT, "", summary_length=len(TEXT) + 1)
case("a summary that ends behind the file", "bin", beyond, "ERR_TANDEM_BIN_TRUNCATED", 43, actual="43", stated="51")
case("a text that its own end cuts short", "bin", sealed(TEXT, text_length=6), "ERR_TANDEM_BIN_TRAILING", SIZE - 1, stated=str(SIZE - 1))
case("a summary that lies", "bin", sealed(TEXT, "{}"), "ERR_TANDEM_BIN_SUMMARY", 32)
case("no summary, of our table", "bin", sealed(TEXT, ""), "ERR_TANDEM_BIN_SUMMARY", 32)
case("bad JSON well sealed", "bin", sealed(b'{"a":}'), "ERR_TANDEM_JSON_SYNTAX", TEXT_AT + 5)
case("a text that nests too deep, well sealed", "bin", sealed(b"[[[[[]]]]]"), "ERR_TANDEM_TOO_DEEP", TEXT_AT + 4)

# --- Archives ------------------------------------------------------------------------------------------------------------------------

NULL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT = range(7)
# {"a":[1,"b"]}
NODES = [(OBJECT, 1, 5), (STRING, 0, 1), (ARRAY, 2, 5), (NUMBER, 1, 1), (STRING, 2, 1)]
WORDS = b"a1b"
RKYV = archive(WORDS, NODES)
LAST = len(RKYV)


def node(index, text=WORDS):
    return 16 + (len(text) + 3) // 4 * 4 + 12 * index


def forged(name, code, at, text, nodes, **params):
    case(name, "rkyv", archive(text, nodes), code, node(at, text), **params)


def replaced(index, new):
    return NODES[:index] + [new] + NODES[index + 1 :]


case("an archive", "rkyv", RKYV, format="rkyv")
case("an archive in a .bin", "bin", RKYV, format="rkyv", mismatch=True)
for text, nodes in [(b"", [(NULL, 0, 0)]), (b"", [(ARRAY, 0, 1)]), (b"", [(OBJECT, 0, 1)]), (b"-0", [(NUMBER, 0, 2)])]:
    case(f"an archive of one node of kind {nodes[0][0]}", "rkyv", archive(text, nodes), format="rkyv")
case("one string of four bytes", "rkyv", archive(b"abcd", [(STRING, 0, 4)]), format="rkyv")
case("false and true", "rkyv", archive(b"", [(ARRAY, 2, 3), (FALSE, 0, 0), (TRUE, 0, 0)]), format="rkyv")
surrogate = archive(b"\xed\xa0\x80", [(STRING, 0, 3)])
case("a lone surrogate", "rkyv", surrogate, format="rkyv")
for size in [8, 16, 31]:
    case(f"an archive cut to {size} bytes", "rkyv", RKYV[:size], "ERR_TANDEM_RKYV_TRUNCATED", size)
case("32 bytes without a node", "rkyv", archive(b"", []), "ERR_TANDEM_RKYV_LAYOUT", 28)
case("an archive cut by a byte", "rkyv", RKYV[:-1], "ERR_TANDEM_RKYV_LAYOUT", LAST - 17)
case("an archive with a byte too much", "rkyv", RKYV + b"\0", "ERR_TANDEM_RKYV_LAYOUT", LAST - 15)
case("an archive of another version", "rkyv", archive(WORDS, NODES, version=2), "ERR_TANDEM_RKYV_VERSION", 8, version="2")
for at in range(6):
    rest = edited(b"\0" * 6, at, b"\1")
    case(f"a header that is not zero at {10 + at}", "rkyv", archive(WORDS, NODES, rest=rest), "ERR_TANDEM_RKYV_VERSION", 8, version="1")
layout = "ERR_TANDEM_RKYV_LAYOUT"
for value in [0, -(2**31), 63, -63, -65]:
    case(f"a pointer to the text of {value}", "rkyv", archive(WORDS, NODES, text_pointer=value), layout, LAST - 16)
for value in [0, -(2**31), -67, -69, 68]:
    case(f"a pointer to the nodes of {value}", "rkyv", archive(WORDS, NODES, nodes_pointer=value), layout, LAST - 8)
for value in [0, 5, 2**32 - 1]:
    case(f"a text of {value} bytes by its length", "rkyv", archive(WORDS, NODES, text_length=value), layout, LAST - 16)
for value in [0, 4, 6, 2**32 - 1]:
    case(f"{value} nodes by their number", "rkyv", archive(WORDS, NODES, count=value), layout, LAST - 16)
case("a text that is shorter than what the nodes take", "rkyv", archive(WORDS, NODES, text_length=2), layout, 18)
case("a text that is longer than what the nodes take", "rkyv", archive(WORDS, NODES, text_length=4), layout, LAST - 12)
case("padding that is not zero", "rkyv", archive(WORDS, NODES, padding=b"x"), layout, 19)
case("padding that is not zero, at its end", "rkyv", archive(b"1", [(NUMBER, 0, 1)], padding=b"\0\0\1"), layout, 19)
case("a text that nobody takes", "rkyv", archive(b"abcd", [(NULL, 0, 0)]), layout, 16 + 4 + 12 + 4)

wrong = "ERR_TANDEM_RKYV_NODE"
for kind in [NULL, FALSE, TRUE]:
    forged(f"kind {kind} with a", wrong, 0, b"", [(kind, 1, 0)], node="0")
    forged(f"kind {kind} with b", wrong, 0, b"", [(kind, 0, 1)], node="0")
for kind in [7, 8, 2**31, 2**32 - 1]:
    forged(f"kind {kind}", wrong, 3, WORDS, replaced(3, (kind, 1, 1)), node="3")
forged("two documents", wrong, 1, b"", [(NULL, 0, 0), (NULL, 0, 0)], node="1")
forged("a key that is a number", wrong, 1, b"111", replaced(1, (NUMBER, 0, 1)), node="1")
forged("a second key that is an array", wrong, 3, b"a", [(OBJECT, 2, 5), (STRING, 0, 1), (NULL, 0, 0), (ARRAY, 0, 4), (NULL, 0, 0)], node="3")
forged("an array that ends too late", wrong, 1, b"", [(ARRAY, 2, 4), (ARRAY, 1, 4), (NULL, 0, 0), (NULL, 0, 0)], node="1")
forged("an array that ends too early", wrong, 1, b"", [(ARRAY, 1, 3), (ARRAY, 1, 2), (NULL, 0, 0)], node="1")
forged("an array that ends at itself", wrong, 0, b"", [(ARRAY, 0, 0)], node="0")
forged("an array that ends behind all", wrong, 0, b"", [(ARRAY, 0, 2)], node="0")
forged("an array that lacks an element", wrong, 0, b"", [(ARRAY, 2, 2), (NULL, 0, 0)], node="0")
forged("an object that lacks a value", wrong, 0, b"a", [(OBJECT, 1, 2), (STRING, 0, 1)], node="0")
forged("an inner array that lacks an element", wrong, 1, b"", [(ARRAY, 1, 3), (ARRAY, 2, 3), (NULL, 0, 0)], node="1")
forged("more elements than nodes", wrong, 0, b"", [(ARRAY, 2, 1)], node="0")
forged("as many elements as nodes", wrong, 0, b"", [(ARRAY, 1, 1)], node="0")
forged("more entries than nodes, and a wrong key", wrong, 0, b"1", [(OBJECT, 3, 2), (NUMBER, 0, 1)], node="0")
forged("2^31 entries", wrong, 0, b"", [(OBJECT, 2**31, 1)], node="0")
forged("a text that is shared", wrong, 4, b"a1a", replaced(4, (STRING, 0, 1)), node="4")
forged("a gap in the text", wrong, 1, b"aab", [(ARRAY, 1, 2), (STRING, 1, 1)], node="1")
forged("a text beyond all", wrong, 4, WORDS, replaced(4, (STRING, 2, 2)), node="4")
forged("a text of 4 GiB", wrong, 4, WORDS, replaced(4, (STRING, 2, 2**32 - 1)), node="4")
forged("a number that is none", "ERR_TANDEM_RKYV_NUMBER", 3, b"axb", NODES, node="3")
forged("a number with a zero in front", "ERR_TANDEM_RKYV_NUMBER", 0, b"01", [(NUMBER, 0, 2)], node="0")
forged("an empty number", "ERR_TANDEM_RKYV_NUMBER", 0, b"", [(NUMBER, 0, 0)], node="0")
bad_text = "ERR_TANDEM_RKYV_TEXT"
forged("a text that is not UTF-8", bad_text, 1, b"\xff1b", NODES, node="1")
forged("a character that two texts share", bad_text, 1, "\u00e9".encode(), [(ARRAY, 2, 3), (STRING, 0, 1), (STRING, 1, 1)], node="1")
forged("a surrogate pair as six bytes", bad_text, 0, b"\xed\xa0\xbd\xed\xb8\x80", [(STRING, 0, 6)], node="0")
deep = [(ARRAY, 1, 5)] * 4 + [(NULL, 0, 0)]
case("as deep as the limit allows", "rkyv", archive(b"", deep), format="rkyv")
deeper = [(ARRAY, 1, 6)] * 5 + [(NULL, 0, 0)]
forged("deeper than the limit", "ERR_TANDEM_TOO_DEEP", 4, b"", deeper, limit=str(MAX_DEPTH))

about = "Made by make_damaged.py from docs/formats.md, by neither engine."
print(json.dumps({"about": about, "max_depth": MAX_DEPTH, "cases": cases}, indent=1))
