"""Writes sql-lexer.json. The marks are set by hand; this only counts the bytes that stand before them.

  ‹ ›  a statement        « »  a COPY that reads data        ⟨ ⟩  a command of psql
  ⦅ ⦆  the data of the statement or command that ended last
  ▲    a finding; what is found is listed behind the text, in order
"""

import json
from pathlib import Path

COMMENT = "ERR_TANDEM_SQL_OPEN_COMMENT"
QUOTE = "ERR_TANDEM_SQL_OPEN_QUOTE"
STATEMENT = ("ERR_TANDEM_SQL_OPEN_STATEMENT", {})
PARENTHESIS = ("ERR_TANDEM_SQL_OPEN_PARENTHESIS", {})
COPY = ("ERR_TANDEM_SQL_OPEN_COPY", {})
OPEN_COMMENT = (COMMENT, {})
STRING = (QUOTE, {"what": "string", "close": "'"})
IDENTIFIER = (QUOTE, {"what": "identifier", "close": '"'})


def dollar(close):
    return (QUOTE, {"what": "dollar quote", "close": close})


def psql(command):
    return ("ERR_TANDEM_SQL_PSQL_LINE", {"command": command})


def more(count):
    return ("ERR_TANDEM_SQL_MORE_PSQL_LINES", {"count": str(count)})


CASES = [
    # Statements
    ("nothing", "", []),
    ("space alone", " \t\n\r\f\v ", []),
    ("one statement", "‹SELECT 1;›", []),
    ("two statements on a line", "‹SELECT 1;› ‹SELECT 2;›\n", []),
    ("semicolons alone are no statements", ";; ‹SELECT 1;› ;\n;", []),
    ("no semicolon at the end", "‹SELECT 1;›\n▲‹SELECT 2›\n", [STATEMENT]),
    ("comments and space behind the last token do not count", "▲‹SELECT 2› -- two\n/* end */ \n", [STATEMENT]),
    ("comments alone are no statement", "-- one\n/* two */\n", []),
    ("a statement begins at its first token", "-- one\n  ‹/\nSELECT 1;›", []),
    ("a byte order mark is no token", "\ufeff‹SELECT 1;›", []),
    ("a byte order mark further on is a letter", "‹SELECT \ufeff;›▲‹\ufeff›", [STATEMENT]),
    ("bytes above 0x7f are letters", "‹é;› ‹x\u00a0y;›", []),
    ("control characters are tokens", "‹\x01;›", []),
    ("vertical tab and form feed are space", "\v\f‹SELECT\v1;›\v", []),
    # Parentheses
    ("a semicolon in parentheses ends nothing", "‹CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b);› ‹SELECT 1;›", []),
    ("a parenthesis that is not closed", "‹CREATE TABLE t ▲(a int;\nSELECT 1;›\n", [PARENTHESIS]),
    ("the outermost one is told", "‹SELECT (1), ▲(2 + (3;›", [PARENTHESIS]),
    ("a parenthesis too many is left to the server", "‹SELECT 1);› ‹SELECT (2);›", []),
    ("brackets and braces do not count", "‹SELECT a[1;› ‹SELECT 2;›", []),
    ("parentheses in quotes and comments do not count", "‹SELECT '(', \"(\", $$($$ /* ( */ -- (\n;›", []),
    # Comments
    ("a line comment ends at LF", "-- ';\n‹SELECT 1;›", []),
    ("a line comment ends at CR", "-- ';\r‹SELECT 1;›", []),
    ("a line comment ends with the text", "‹SELECT 1;› -- ' /* $$", []),
    ("no escape keeps a line comment open", "-- \\\n‹SELECT 1;›", []),
    ("block comments nest", "/* a /* b */ ; */‹SELECT 1;›", []),
    ("a block comment that nests and is not closed", "‹SELECT 1;›▲/* a /* b */ SELECT 2;", [OPEN_COMMENT]),
    ("the comment is told and not the statement", "‹SELECT 1› ▲/* a\n;", [OPEN_COMMENT]),
    ("/*/ is not closed", "▲/*/ SELECT 1;", [OPEN_COMMENT]),
    ("/**/ is closed", "/**/‹SELECT 1;›", []),
    ("/***/ and /****/ are closed", "/***/‹SELECT 1;›/****/‹SELECT 2;›", []),
    ("**/ closes", "/* a **/‹SELECT 1;›", []),
    ("*/* closes first", "/* a */‹* b;›", []),
    ("//* in a comment begins one", "▲/* //* a */ SELECT 1;", [OPEN_COMMENT]),
    ("a line comment begins no block comment", "-- /*\n‹SELECT 1;›", []),
    ("a block comment hides a line comment", "/* -- */‹SELECT 1;›", []),
    ("quotes in comments are none", "/* ' \" $$ */‹SELECT 1;› -- ' \" $$\n‹SELECT 2;›", []),
    ("a comment in a string is none", "‹SELECT '/*';› ‹SELECT '--';›", []),
    ("a comment in an identifier is none", "‹SELECT \"/*\", \"--\";›", []),
    ("a comment in a dollar quote is none", "‹SELECT $$ /* -- $$;›", []),
    ("a glob in a line comment", "-- db/*.sql\n‹SELECT 1;›", []),
    # Operators
    ("a comment ends an operator", "‹SELECT 1 +/* ; */2;›", []),
    ("a line comment ends an operator", "‹SELECT 1 *-- ;\n2;›", []),
    ("*/* outside of a comment", "‹SELECT 2 *›▲/* 3;", [OPEN_COMMENT]),
    ("single signs are operators", "‹SELECT 4 / 2 - 1 * 3;›", []),
    ("@- and --", "‹SELECT 1 @--;\n2;›", []),
    ("a star and a slash outside of a comment are signs", "‹SELECT 1 */ 2;›", []),
    # Strings
    ("a semicolon in a string", "‹SELECT 'a;b';›", []),
    ("a doubled quote", "‹SELECT 'it''s;';›", []),
    ("a backslash is a character", "‹SELECT 'a\\';› ‹SELECT 'b';›", []),
    ("a string that is not closed", "‹SELECT 1;›\n‹SELECT ▲'a;\n›", [STRING]),
    ("a doubled quote at the end does not close", "‹SELECT ▲'a''›", [STRING]),
    ("E knows backslashes", "‹SELECT E'it\\'s;';›", []),
    ("e too, and a doubled quote", "‹SELECT e'it''s\\\\';›", []),
    ("a backslash at the end of an E string", "‹SELECT ▲E'a\\›", [STRING]),
    ("a backslash before a character of two bytes", "‹SELECT E'\\é';›", []),
    ("E behind a letter is no prefix", "‹SELECT ae'a\\';›", []),
    ("E behind a digit is no prefix", "‹SELECT 1E'a\\';›", []),
    ("E behind a digit and a dot is no prefix", "‹SELECT 1.e'a\\';›", []),
    ("E behind a dot is one", "‹SELECT a.e'\\';';›", []),
    ("E and a space are no prefix", "‹SELECT e 'a\\';›", []),
    ("E that a quote follows in the next line is no prefix", "‹SELECT e\n'a\\';›", []),
    ("B and X", "‹SELECT B'01', x'ff\\';›", []),
    ("'' in B begins another string", "‹SELECT B'01'▲';›", [STRING]),
    ("B that is not closed", "‹SELECT ▲B'01;›", [STRING]),
    ("N", "‹SELECT N'a\\', n'';›", []),
    ("N that is not closed", "‹SELECT ▲n'a;›", [STRING]),
    ("U& knows no backslash", "‹SELECT U&'a\\';› ‹SELECT u&'!0041''' UESCAPE '!';›", []),
    ("U& that is not closed", "‹SELECT ▲u&'a;›", [STRING]),
    ("U and & apart are no prefix", "‹SELECT u & ▲'a;›", [STRING]),
    ("U& behind a letter is no prefix", "‹SELECT au&▲'a;›", [STRING]),
    ("other letters are no prefix", "‹SELECT z▲'a;›", [STRING]),
    # Continuation
    ("a string goes on in the next line", "‹SELECT 'a'\n'b;';›", []),
    ("and keeps its kind", "‹SELECT E'a'\n'b\\';';›", []),
    ("over comments too", "‹SELECT E'a' -- one\n  -- two\n 'b\\';';›", []),
    ("with CR too", "‹SELECT E'a'\r'b\\';';›", []),
    ("not on the same line", "‹SELECT E'a' 'b\\';›", []),
    ("not over a block comment", "‹SELECT E'a' /* */\n'b\\';›", []),
    ("the first quote is told", "‹SELECT ▲'a'\n'b;›", [STRING]),
    ("not behind a sign", "‹SELECT 'a' -\n▲'b;›", [STRING]),
    ("B goes on too", "‹SELECT ▲B'1'\n'0;›", [STRING]),
    # Identifiers
    ("a semicolon in an identifier", "‹SELECT \"a;b\";›", []),
    ("a doubled double quote", "‹SELECT \"a\"\";b\";›", []),
    ("an identifier that is not closed", "‹SELECT ▲\"a';›", [IDENTIFIER]),
    ("a backslash in an identifier", "‹SELECT \"a\\\";›", []),
    ("U& before an identifier", "‹SELECT U&\"a\\\";› ‹SELECT ▲u&\"b;›", [IDENTIFIER]),
    ("identifiers do not go on", "‹SELECT \"a\"\n▲\"b;›", [IDENTIFIER]),
    # Dollar quotes
    ("a dollar quote", "‹SELECT $$a;'\"$$;›", []),
    ("with a tag", "‹SELECT $a$;$$;$b$;$a$;›", []),
    ("a tag is told by its letters as they are", "‹SELECT ▲$a$ $A$;›", [dollar("$a$")]),
    ("a tag of letters above 0x7f", "‹SELECT $é$;$é$;›", []),
    ("a tag does not begin with a digit", "‹SELECT $1$;›‹$1$;›▲‹$1$›", [STATEMENT]),
    ("a tag has digits behind its first letter", "‹SELECT $a1$;$a1$;›", []),
    ("a tag is not closed by one that begins as it", "‹SELECT $a$;$ab$;$a$;›", []),
    ("the last $ of another tag may begin the right one", "‹SELECT $a$;$b$a$;›", []),
    ("a $ alone in a dollar quote", "‹SELECT $$ $ ; $1 $$;›", []),
    ("a dollar quote that is not closed", "‹SELECT 1;›‹DO ▲$body$ BEGIN; END; $body›", [dollar("$body$")]),
    ("$$ that is not closed", "‹DO ▲$$ $›", [dollar("$$")]),
    ("a $ in an identifier begins no quote", "‹SELECT a$$;›‹b$$;›", []),
    ("nor behind one", "‹SELECT a$b$;›‹$b$;$b$;›", []),
    ("nor behind a letter above 0x7f", "‹SELECT é$$;›", []),
    ("a parameter is no quote", "‹SELECT $1;› ‹SELECT $1 + $2;›", []),
    ("a quote behind a parameter", "‹SELECT $1$$;$$;›", []),
    ("junk behind a parameter swallows the $", "‹SELECT $1a$$;›", []),
    ("a $ with no end is a sign", "‹SELECT $a;› ‹SELECT $;›", []),
    ("a quote behind a number", "‹SELECT 1$$;$$;›", []),
    ("junk behind a number swallows the $", "‹SELECT 1a$$;› ‹SELECT 1_0$$;› ‹SELECT 1e5$$;› ‹SELECT 1.5_0$$;› ‹SELECT 1e+5_0$$;›", []),
    ("but digits without a letter or underscore do not", "‹SELECT 1_0.$$;$$;› ‹SELECT 1.5$$;$$;› ‹SELECT .5$$;$$;›", []),
    ("a quote behind the sign of an exponent", "‹SELECT 1e+5$$;$$;›", []),
    ("a quote behind a sign", "‹SELECT +$$;$$;›", []),
    ("a quote behind a quote", "‹SELECT $$;$$$$;$$;›", []),
    ("quotes do not nest", "‹SELECT $$ $a$ ; $$;›", []),
    ("a long tag is cut in the message", "‹SELECT ▲$" + "a" * 70 + "$›", [dollar("$" + "a" * 63 + "...")]),
    ("and between two characters", "‹SELECT ▲$" + "é" * 40 + "$›", [dollar("$" + "é" * 31 + "...")]),
    # Numbers
    ("two dots are no decimal point", "‹SELECT 1..2;›", []),
    ("numbers of all kinds", "‹SELECT 1.5, .5, 1., 1e5, 1.5e-3, 0x1F, 0b01, 0o17, 1_000;›", []),
    ("the sign of an exponent begins no comment", "‹SELECT 1e--;›", []),
    ("a comment behind a number", "‹SELECT 1--;\n;›", []),
    ("a comment behind an identifier that ends in e", "‹SELECT one--;\n;›", []),
    ("a comment behind a parameter with an exponent", "‹SELECT $1e--;\n;›", []),
    # Colons
    ("a cast", "‹SELECT '1'::int;›", []),
    ("a variable of psql", "‹SELECT :name, :'name', :\"name\";›", []),
    ("a variable is no prefix", "‹SELECT :e'a\\';›", []),
    ("a cast to a prefix is one", "‹SELECT 1::e'\\';';›", []),
    ("a variable is no word with a $", "‹SELECT :a$$;$$;›", []),
    ("a cast is no variable", "‹SELECT 1::a$$;›", []),
    ("a slice with a variable", "‹SELECT a[1:n], b[:m], c[2:];›", []),
    ("a string behind a colon that is not closed", "‹SELECT :▲'a b›", [STRING]),
    ("colon equals", "‹CALL p(a := 1);›", []),
    # Bodies in SQL
    ("BEGIN ATOMIC", "‹CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;› ‹SELECT 3;›", []),
    ("OR REPLACE PROCEDURE, in any case", "‹create Or rePlace procedure p() begin atomic select 1; end;›", []),
    ("CASE ends with END too", "‹CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END;›", []),
    ("CASE before BEGIN does not count", "‹CREATE FUNCTION f() RETURNS int RETURN CASE WHEN a THEN 1 END;› ‹SELECT 1;›", []),
    ("words in parentheses do not count", "‹CREATE FUNCTION f(begin int) RETURNS int RETURN 1;› ‹SELECT 1;›", []),
    ("words in quotes do not count", "‹CREATE FUNCTION \"begin\"() RETURNS int RETURN 1;› ‹SELECT 1;›", []),
    ("words in comments do not count", "‹CREATE FUNCTION f() /* begin */ RETURNS int RETURN 1;› -- begin\n‹SELECT 1;›", []),
    ("a BEGIN without END", "▲‹CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;›\n", [STATEMENT]),
    ("BEGIN in a body of plpgsql is in a quote", "‹CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN; END $$ LANGUAGE plpgsql;› ‹SELECT 1;›", []),
    ("BEGIN of a transaction", "‹BEGIN;› ‹CREATE TABLE begin (a int);› ‹END;›", []),
    ("a trigger executes a function", "‹CREATE TRIGGER t EXECUTE FUNCTION begin();› ‹SELECT 1;›", []),
    ("CREATE OR REPLACE VIEW is no routine", "‹CREATE OR REPLACE VIEW v AS SELECT begin;› ‹SELECT 1;›", []),
    ("comments between the words", "‹CREATE /* a */ OR -- b\nREPLACE FUNCTION f() BEGIN ATOMIC SELECT 1; END;›", []),
    ("a quoted identifier between the words", "‹CREATE \"x\" FUNCTION f() BEGIN ATOMIC SELECT 1; END;›", []),
    # COPY
    ("COPY FROM STDIN", "«COPY t FROM STDIN;»\n⦅1\ta';$$/*\n⦆\\.\n‹SELECT 1;›\n", []),
    ("in any case, with columns and options", "«copy s.\"T;\" (a, b) From StdIn With (FORMAT csv);»\n⦅1,2\n⦆\\.\n", []),
    ("no data", "«COPY t FROM STDIN;»\n⦅⦆\\.\n‹SELECT 1;›", []),
    ("lines that end with CR LF", "«COPY t FROM STDIN;»\r\n⦅1\r\n⦆\\.\r\n‹SELECT 1;›\r\n", []),
    ("lines that end with CR", "«COPY t FROM STDIN;»\r⦅1\r⦆\\.\r‹SELECT 1;›\r", []),
    ("the end at the end of the file", "«COPY t FROM STDIN;»\n⦅1\n⦆\\.", []),
    ("what looks like an end", "«COPY t FROM STDIN;»\n⦅a\\.\n \\.\n\\. \n\\.x\n\\\\.\n⦆\\.\n‹SELECT 1;›", []),
    ("no end", "‹SELECT 1;›\n▲«COPY t FROM STDIN;»\n⦅1\n⦆", [COPY]),
    ("no line behind it", "▲«COPY t FROM STDIN;»⦅⦆", [COPY]),
    ("STDOUT is taken as STDIN", "«COPY t FROM STDOUT;»\n⦅1\n⦆\\.\n", []),
    ("COPY TO", "‹COPY t TO STDOUT;› ‹COPY (SELECT a FROM stdin) TO STDOUT;›", []),
    ("COPY FROM a file", "‹COPY t FROM '/tmp/stdin';› ‹COPY t FROM PROGRAM 'stdin';›", []),
    ("the first FROM counts", "‹COPY t FROM 'f' WHERE a IS DISTINCT FROM stdin;›", []),
    ("with a condition", "«COPY t FROM STDIN WHERE a IS DISTINCT FROM b;»\n⦅1\n⦆\\.\n", []),
    ("comments between the words of COPY", "«COPY t -- a\nFROM /* ; */ STDIN;»\n⦅1\n⦆\\.\n", []),
    ("a quoted stdin is none", "‹COPY t FROM \"stdin\";›", []),
    ("stdin is a whole word", "‹COPY t FROM stdin2;› ‹COPY t FROM stdin$;›", []),
    ("from behind a dot is a name", "«COPY s.from FROM STDIN;»\n⦅1\n⦆\\.\n", []),
    ("COPY in a dollar quote", "‹DO $$ BEGIN COPY t FROM STDIN; END $$;›\n‹SELECT 1;›", []),
    ("COPY in a comment", "-- COPY t FROM STDIN;\n‹SELECT 1;›", []),
    ("copy is a name elsewhere", "‹SELECT copy FROM stdin;›", []),
    ("a quoted copy is a name", "‹\"COPY\" t FROM STDIN;›", []),
    ("the rest of the line comes before the data", "«COPY t FROM STDIN;» ‹SELECT 1;› -- ok\n⦅1\n⦆\\.\n‹SELECT 2;›", []),
    ("COPY that is not ended", "▲‹COPY t FROM STDIN\n1›\n", [STATEMENT]),
    ("COPY that \\g sends", "«COPY t FROM STDIN» ▲⟨\\g⟩\n⦅1\n⦆\\.\n", [psql("\\g")]),
    # Commands of psql
    ("a command", "▲⟨\\i other.sql⟩\n‹SELECT 1;›\n", [psql("\\i")]),
    ("a command in the middle of a line", "‹SELECT 1;› ▲⟨\\echo it's⟩\n‹SELECT 2;›", [psql("\\echo")]),
    ("a command ends at CR", "▲⟨\\set a 'b⟩\r‹SELECT 1;›", [psql("\\set")]),
    ("two backslashes end a command", "▲⟨\\set a b \\\\⟩ ‹SELECT 1;›", [psql("\\set")]),
    ("two commands on a line", "▲⟨\\echo a ⟩▲⟨\\echo b⟩\n", [psql("\\echo"), psql("\\echo")]),
    ("a backslash in a quote of a command", "▲⟨\\echo 'a\\'b \\\\' \"\\\" `\\` \\\\⟩ ‹SELECT 1;›", [psql("\\echo")]),
    ("commands that take the whole line", "▲⟨\\! ls \\\\ a⟩\n▲⟨\\h SELECT \\\\⟩\n▲⟨\\copy t to 'f' \\\\ x⟩\n‹SELECT 1;›", [psql("\\!"), psql("\\h"), psql("\\copy")]),
    ("a pipe takes the whole line", "▲⟨\\o | cat \\\\ a⟩\n▲⟨\\echo | \\\\⟩ ‹SELECT 1;›", [psql("\\o"), psql("\\echo")]),
    ("a word alone ends at a backslash", "▲⟨\\x⟩▲⟨\\t⟩\n", [psql("\\x"), psql("\\t")]),
    ("a backslash alone", "▲⟨\\⟩\n▲⟨\\ a⟩\n▲⟨\\\\ b⟩\n‹SELECT 1;›", [psql("\\"), psql("\\"), psql("\\")]),
    ("a command in a statement", "‹SELECT ▲⟨\\set a 1⟩\n1;›", [psql("\\set")]),
    ("\\g ends a statement", "‹SELECT 1› ▲⟨\\g⟩\n‹SELECT 2;›", [psql("\\g")]),
    ("\\gset too, on the next line, and in parentheses", "‹SELECT (1›\n▲⟨\\gset x_⟩\n‹SELECT 2;›", [psql("\\gset")]),
    ("\\gives is not \\g", "▲‹SELECT 1 ▲⟨\\gives⟩\n2›", [STATEMENT, psql("\\gives")]),
    ("a semicolon that is forced", "‹SELECT 1▲\\; SELECT 2;›", [psql("\\;")]),
    ("a colon that is forced", "‹SELECT a[1▲\\:n];›", [psql("\\:")]),
    ("words count anew behind a forced semicolon", "«SELECT 1▲\\; COPY t FROM STDIN;»\n⦅1\n⦆\\.\n", [psql("\\;")]),
    ("\\copy from stdin", "▲⟨\\copy t (a) from stdin csv⟩\n⦅1;'\n⦆\\.\n‹SELECT 1;›", [psql("\\copy")]),
    ("\\copy from stdin without an end", "▲▲⟨\\copy t from stdin⟩\n⦅1\n⦆", [psql("\\copy"), COPY]),
    ("\\copy of a query", "▲⟨\\copy (select 1 from stdin) to stdout⟩\n‹SELECT 1;›", [psql("\\copy")]),
    ("\\copy from elsewhere", "▲⟨\\copy t from pstdin⟩\n▲⟨\\copy \"from\" from 'stdin'⟩\n‹SELECT 1;›", [psql("\\copy"), psql("\\copy")]),
    ("a backslash in quotes is no command", "‹SELECT '\\i', \"\\i\", $$\\i$$;› -- \\i\n/* \\i */", []),
    ("\\. without COPY is a command", "▲⟨\\.⟩\n", [psql("\\.")]),
    ("a command before a quote that is open", "▲⟨\\i a⟩\n‹SELECT ▲'b›", [psql("\\i"), STRING]),
    ("a long command is cut in the message", "▲⟨\\" + "é" * 40 + "⟩", [psql("\\" + "é" * 31 + "...")]),
    ("as many commands as are told", "▲⟨\\x⟩\n" * 100, [psql("\\x")] * 100),
    ("more commands than are told", "▲‹SELECT " + "▲⟨\\x⟩\n" * 101 + "⟨\\x⟩\n⟨\\x⟩\n1›", [STATEMENT] + [psql("\\x")] * 100 + [more(3)]),
]

MARKS = {"‹": "sql", "«": "copy", "⟨": "psql"}


def read(marked):
    text, findings, open_, done, data = bytearray(), [], [], [], None
    for character in marked:
        at = len(text)
        if character == "▲":
            findings.append(at)
        elif character in MARKS:
            open_.append((MARKS[character], at))
        elif character in "›»⟩":
            kind, start = open_.pop()
            assert kind == MARKS["‹«⟨"["›»⟩".index(character)]], marked
            done.append([kind, start, at])
        elif character == "⦅":
            data = at
        elif character == "⦆":
            # A \g behind its COPY is a command of its own.
            next(one for one in reversed(done) if one[0] == "copy" or "\\copy" in marked).extend([data, at])
        else:
            text += character.encode()
    assert not open_, marked
    return bytes(text), findings, done


def case(name, marked, found):
    text, offsets, statements = read(marked)
    assert len(offsets) == len(found), name
    findings = [{"code": code, "offset": at, "params": params} for at, (code, params) in zip(offsets, found)]
    return {"name": name, "text": text.decode(), "findings": findings, "statements": statements}


names = [name for name, _, _ in CASES]
assert len(set(names)) == len(names)
cases = [json.dumps(case(*one), ensure_ascii=False) for one in CASES]
path = Path(__file__).with_name("sql-lexer.json")
path.write_text('{\n  "cases": [\n    ' + ",\n    ".join(cases) + "\n  ]\n}\n", encoding="utf-8", newline="\n")
print(f"{len(cases)} cases")
