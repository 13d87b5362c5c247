"""Writes logs.json: single lines, and what both engines read from them. The times are Python's."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

UTC = timezone.utc


def ms(*parts, east=0, milli=0):
    zone = timezone(timedelta(minutes=east))
    return int((datetime(*parts, tzinfo=zone) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1000 + milli


def case(name, line, level, time=None, template=None, unzoned=False, yearless=False):
    return {"name": name, "line": line, "level": level, "time": time, "unzoned": unzoned, "yearless": yearless,
            "template": template}


# The zone of the request is +01:00, its year 2023.
CASES = [
    case("ISO 8601 with Z", "2024-05-01T10:20:30Z ERROR disk full", "error", ms(2024, 5, 1, 10, 20, 30), "disk full"),
    case("ISO 8601 with a fraction and an offset", "2024-05-01T10:20:30.123456+02:00 WARN slow", "warning",
         ms(2024, 5, 1, 10, 20, 30, east=120, milli=123), "slow"),
    case("ISO 8601 with a comma and an offset without colon", "2024-05-01 10:20:30,5 -0530 INFO up", "info",
         ms(2024, 5, 1, 10, 20, 30, east=-330, milli=500), "up"),
    case("ISO 8601 without a zone", "2024-05-01 10:20:30 [DEBUG] x", "debug",
         ms(2024, 5, 1, 10, 20, 30, east=60), "x", unzoned=True),
    case("PostgreSQL", "2024-05-01 10:20:30.001 UTC [4711] FATAL:  no space", "fatal",
         ms(2024, 5, 1, 10, 20, 30, milli=1), "[<*>] FATAL: no space"),
    case("slashes", "2024/05/01 10:20:30 [error] 12#34: upstream timed out", "error",
         ms(2024, 5, 1, 10, 20, 30, east=60), "[error] <*>#<*>: upstream timed out", unzoned=True),
    case("in brackets", "[2024-05-01T10:20:30Z] ERROR: x", "error", ms(2024, 5, 1, 10, 20, 30), "x"),
    case("the last second of a leap day", "2024-02-29T23:59:60Z x", "none", ms(2024, 3, 1, 0, 0, 0), "x"),
    case("before 1970", "1969-12-31T23:59:59Z x", "none", -1000, "x"),
    case("no such month", "2024-13-01T10:20:30Z x", "none", None, "<*> x"),
    case("no such hour", "2024-05-01T24:20:30Z x", "none", None, "<*> x"),
    case("digits that are not a date", "20x4-05-01T10:20:30Z x", "none", None, "<*> x"),
    case("syslog of the BSDs", "May  1 10:20:30 host sshd[99]: error: no key", "error",
         ms(2023, 5, 1, 10, 20, 30, east=60), "host sshd[<*>]: error: no key", unzoned=True, yearless=True),
    case("syslog with a priority", "<11>May 21 10:20:30 host app: x", "error",
         ms(2023, 5, 21, 10, 20, 30, east=60), "host app: x", unzoned=True, yearless=True),
    case("syslog, RFC 5424", "<34>1 2003-10-11T22:14:15.003Z host su - ID47 - failed", "fatal",
         ms(2003, 10, 11, 22, 14, 15, milli=3), "host su - <*> - failed"),
    case("a priority beyond 191", "<192>x", "none", None, "<<*>>x"),
    case("Apache's errors", "[Mon May 06 10:20:30.5 2024] [core:error] [pid 7] x", "none",
         ms(2024, 5, 6, 10, 20, 30, east=60, milli=500), "[core:error] [pid <*>] x", unzoned=True),
    case("klog", "E0501 10:20:30.123456    1 main.go:12] no such pod", "error",
         ms(2023, 5, 1, 10, 20, 30, east=60, milli=123), "<*> <*>] no such pod", unzoned=True, yearless=True),
    case("epoch in seconds", "1714558830.25 x", "none", 1714558830250, "x"),
    case("epoch in milliseconds", "1714558830250 WARNING x", "warning", 1714558830250, "x"),
    case("a number that is no epoch", "171455883 x", "none", None, "<*> x"),
    case("access log, error", '10.0.0.1 - - [01/May/2024:10:20:30 +0200] "GET /a/7 HTTP/1.1" 503 12 "-" "curl"',
         "error", ms(2024, 5, 1, 10, 20, 30, east=120), '"GET /a/<*> HTTP/<*>" <*> <*> "-" "curl"'),
    case("access log, not found", '::1 - bob [01/May/2024:10:20:30 -0100] "GET / HTTP/1.1" 404 0', "warning",
         ms(2024, 5, 1, 10, 20, 30, east=-60), '"GET / HTTP/<*>" <*> <*>'),
    case("access log, fine", '::1 - - [01/May/2024:10:20:30 +0000] "GET /ERROR HTTP/1.1" 200 0', "info",
         ms(2024, 5, 1, 10, 20, 30), '"GET /ERROR HTTP/<*>" <*> <*>'),
    case("level before the time", "ERROR 2024-05-01 10:20:30 x", "error",
         ms(2024, 5, 1, 10, 20, 30, east=60), "x", unzoned=True),
    case("level in brackets before the time", "[WARN] [2024-05-01T10:20:30Z] x", "warning",
         ms(2024, 5, 1, 10, 20, 30), "x"),
    case("logfmt", 'ts=2024-05-01T10:20:30Z level=warn msg="cache cold" n=3', "warning",
         ms(2024, 5, 1, 10, 20, 30), 'level=warn msg="cache cold" n=<*>'),
    case("logfmt, quoted, later in the line", 'level=error time="2024-05-01T10:20:30Z" x', "error",
         ms(2024, 5, 1, 10, 20, 30), '" x'),
    case("a JSON line", '{"time":"2024-05-01T10:20:30Z","level":"error","msg":"no route to 10.0.0.1"}', "error",
         ms(2024, 5, 1, 10, 20, 30), "no route to <*>"),
    case("a JSON line with numbers", '{"level":40,"time":1714558830250,"pid":7,"msg":"slow"}', "warning",
         1714558830250, "slow"),
    case("a JSON line with spaces and other keys", '{"severity" : "CRITICAL", "@timestamp": "2024-05-01T10:20:30Z"}',
         "fatal", ms(2024, 5, 1, 10, 20, 30), '{"severity" : "CRITICAL", "@timestamp": "<*>"}'),
    case("a quote in a JSON line", r'{"msg":"say \"hi\" 1","level":"info"}', "info", None, r'say \"hi\" <*>'),
    case("no level", "server started", "none", None, "server started"),
    case("an error in lower case, without a mark", "no error was found", "none", None, "no error was found"),
    case("a word and a colon", "warning: unused", "warning", None, "warning: unused"),
    case("a longer word", "ERRORS and TERROR", "none", None, "ERRORS and TERROR"),
    case("a digit or a _ beside it", "ERROR_CODE 0ERROR", "none", None, "ERROR_CODE <*>"),
    case("the first of two", "INFO: 0 ERROR", "info", None, "<*> ERROR"),
    case("between < and >", "x <notice> y", "info", None, "x <notice> y"),
    case("numbers", "a1 -5 3.14 x-9- 0x1F {7} k=v2,w", "none", None, "<*> -<*> <*> <*>- <*> {<*>} k=<*>,w"),
    case("spaces and tabs", "  a \t b  ", "none", None, "a b"),
    case("letters that are not ASCII", "ERROR für 3 Gäste", "error", None, "für <*> Gäste"),
    case("nothing", "", "none", None, ""),
]

ABOUT = "Single lines, and what is read from each as a stream of its own: ../infra/logs.md. The zone of the request is +01:00, its year 2023. time: milliseconds since 1970. Made by make_logs.py."
path = Path(__file__).with_name("logs.json")
path.write_text(json.dumps({"about": ABOUT, "cases": CASES}, indent=1, ensure_ascii=False) + "\n")
