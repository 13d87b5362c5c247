//! Reads the head of a statement.

use super::head_tokens::{HeadTokens, QualifiedName, Token};

/// What a statement does to an object by name; the values are those of `spec/schema/definitions.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub how: &'static str,
    pub kind: &'static str,
    pub schema: String,
    pub name: String,
    pub detail: String,
}

const MODIFIERS: [&str; 8] = [
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "recursive",
    "unique",
    "constraint",
];

/// Reads what a statement creates, as far as its first words show it. The text is UTF-8.
pub fn read_definitions(statement: &[u8], mut take: impl FnMut(Definition)) {
    // Most statements of a dump are of other kinds.
    let Some(b'c' | b'C' | b'd' | b'D' | b'a' | b'A' | b's' | b'S' | b'r' | b'R') =
        statement.first()
    else {
        return;
    };
    let mut head = HeadTokens::new(statement);
    if head.take("create") {
        if let Some(created) = read_create(&mut head) {
            take(created);
        }
    } else if head.take("drop") {
        read_drop(&mut head, take);
    } else if head.take("alter") {
        if moves(&mut head) {
            take(forget_all());
        }
    } else if let Some(name) = read_path(&mut head) {
        let name = if name == "$user" { String::new() } else { name };
        take(Definition {
            name,
            ..empty("path")
        });
    }
}

fn empty(how: &'static str) -> Definition {
    Definition {
        how,
        kind: "",
        schema: String::new(),
        name: String::new(),
        detail: String::new(),
    }
}

fn forget_all() -> Definition {
    Definition {
        kind: "all",
        ..empty("drop")
    }
}

fn read_create(head: &mut HeadTokens) -> Option<Definition> {
    let is_replaced = head.take_all(&["or", "replace"]);
    let mut is_temporary = false;
    while MODIFIERS.iter().any(|word| head.is(word)) {
        is_temporary |= head.is("temp") || head.is("temporary");
        head.next();
    }
    let kind = read_kind(head)?;
    if kind == "index" {
        head.take("concurrently");
    }
    let is_lenient = head.take_all(&["if", "not", "exists"]) || is_replaced;
    let mut created = read_created(kind, head)?;
    if is_temporary && created.schema.is_empty() {
        created.schema = "pg_temp".into();
    }
    created.how = if is_lenient { "lenient" } else { "create" };
    Some(created)
}

fn read_created(kind: &'static str, head: &mut HeadTokens) -> Option<Definition> {
    match kind {
        "index" => read_index(head),
        "type" => read_type(head),
        "function" | "procedure" => read_routine(kind, head),
        "schema" => read_schema(head),
        "extension" => Some(alone(kind, head.part()?)),
        "trigger" | "policy" | "rule" => read_on_table(kind, head),
        _ => Some(named(kind, head.qualified_name()?, String::new())),
    }
}

/// None for a kind that is not tracked here.
fn read_kind(head: &mut HeadTokens) -> Option<&'static str> {
    const KINDS: [&str; 13] = [
        "table",
        "view",
        "sequence",
        "index",
        "type",
        "domain",
        "function",
        "procedure",
        "schema",
        "extension",
        "trigger",
        "policy",
        "rule",
    ];
    if head.take("materialized") {
        return head.take("view").then_some("materialized view");
    }
    if head.take("foreign") {
        return head.take("table").then_some("foreign table");
    }
    KINDS.into_iter().find(|kind| head.take(kind))
}

fn named(kind: &'static str, name: QualifiedName, detail: String) -> Definition {
    let QualifiedName { schema, name } = name;
    Definition {
        how: "create",
        kind,
        schema,
        name,
        detail,
    }
}

fn alone(kind: &'static str, name: String) -> Definition {
    Definition {
        kind,
        name,
        ..empty("create")
    }
}

/// None for an index without a name, for which `PostgreSQL` chooses one.
fn read_index(head: &mut HeadTokens) -> Option<Definition> {
    if head.is("on") {
        return None;
    }
    let name = head.part()?;
    if !head.take("on") {
        return None;
    }
    head.take("only");
    let table = head.qualified_name()?;
    let own = QualifiedName {
        schema: table.schema,
        name,
    };
    Some(named("index", own, table.name))
}

fn read_type(head: &mut HeadTokens) -> Option<Definition> {
    let name = head.qualified_name()?;
    if !head.take("as") {
        return None;
    }
    let kind = if head.is_sign(b'(') {
        "composite type"
    } else if head.is("enum") || head.is("range") {
        "type"
    } else {
        return None;
    };
    Some(named(kind, name, String::new()))
}

fn read_routine(kind: &'static str, head: &mut HeadTokens) -> Option<Definition> {
    let name = head.qualified_name()?;
    if !head.take_sign(b'(') {
        return None;
    }
    let arguments = read_arguments(head)?;
    Some(named(kind, name, arguments))
}

/// Reads the arguments up to the closing parenthesis; None if there is none.
fn read_arguments(head: &mut HeadTokens) -> Option<String> {
    let mut arguments = String::new();
    let mut depth = 1;
    let (mut is_first, mut is_default) = (true, false);
    loop {
        if head.kind == Token::End {
            return None;
        }
        if head.is_sign(b'(') {
            depth += 1;
        } else if head.is_sign(b')') {
            depth -= 1;
            if depth == 0 {
                return Some(arguments);
            }
        }
        if depth == 1 && head.is_sign(b',') {
            arguments.push_str(", ");
            (is_first, is_default) = (true, false);
            head.next();
            continue;
        }
        is_default |= depth == 1 && (head.is("default") || head.is_sign(b'='));
        if !is_default {
            if !is_first {
                arguments.push(' ');
            }
            arguments.push_str(&head.shown());
            is_first = false;
        }
        head.next();
    }
}

fn read_schema(head: &mut HeadTokens) -> Option<Definition> {
    if head.take("authorization") {
        let session = ["current_user", "current_role", "session_user"];
        if session.iter().any(|word| head.is(word)) {
            return None;
        }
    }
    Some(alone("schema", head.part()?))
}

fn read_on_table(kind: &'static str, head: &mut HeadTokens) -> Option<Definition> {
    let own = head.part()?;
    let mut before_table = "on";
    if kind == "trigger" {
        skip_to(head, "on");
    } else if kind == "rule" {
        if !head.take_all(&["as", "on"]) || head.kind != Token::Word {
            return None;
        }
        head.next();
        before_table = "to";
    }
    if !head.take(before_table) {
        return None;
    }
    Some(named(kind, head.qualified_name()?, own))
}

/// Advances to this word outside of parentheses, or to the end.
fn skip_to(head: &mut HeadTokens, word: &str) {
    let mut depth = 0;
    while head.kind != Token::End {
        if head.is_sign(b'(') {
            depth += 1;
        } else if head.is_sign(b')') {
            depth -= 1;
        } else if depth == 0 && head.is(word) {
            return;
        }
        head.next();
    }
}

fn read_drop(head: &mut HeadTokens, mut take: impl FnMut(Definition)) {
    let kind = if head.take("routine") {
        Some("function")
    } else {
        read_kind(head)
    };
    let Some(kind) = kind else { return };
    head.take("concurrently");
    head.take_all(&["if", "exists"]);
    let dropped = |created: Definition| Definition {
        how: "drop",
        ..created
    };
    if matches!(kind, "trigger" | "policy" | "rule") {
        if let Some(own) = head.part()
            && head.take("on")
            && let Some(table) = head.qualified_name()
        {
            take(dropped(named(kind, table, own)));
        }
    } else {
        let kind = if kind == "procedure" {
            "function"
        } else {
            kind
        };
        while let Some(name) = read_dropped_name(kind, head) {
            take(dropped(named(kind, name, String::new())));
            if head.take_sign(b'(') && read_arguments(head).is_some() {
                head.next();
            }
            if !head.take_sign(b',') {
                break;
            }
        }
    }
    skip_to(head, "cascade");
    if head.is("cascade") {
        take(forget_all());
    }
}

fn read_dropped_name(kind: &str, head: &mut HeadTokens) -> Option<QualifiedName> {
    if !matches!(kind, "schema" | "extension") {
        return head.qualified_name();
    }
    let (schema, name) = (String::new(), head.part()?);
    Some(QualifiedName { schema, name })
}

/// Whether an ALTER sets a new name or schema; afterwards it is unknown which objects exist.
fn moves(head: &mut HeadTokens) -> bool {
    let mut depth = 0;
    let mut before = "";
    while head.kind != Token::End {
        if head.is_sign(b'(') {
            depth += 1;
        } else if head.is_sign(b')') {
            depth -= 1;
        }
        if depth <= 0 {
            if before == "rename" && head.is("to") || before == "set" && head.is("schema") {
                return true;
            }
            before = ["rename", "set"]
                .into_iter()
                .find(|word| head.is(word))
                .unwrap_or_default();
        }
        head.next();
    }
    false
}

/// The schema to which names without a schema refer from here on; None if the statement does not set it.
fn read_path(head: &mut HeadTokens) -> Option<String> {
    if head.take("set") {
        read_set(head)
    } else if head.take("reset") {
        (head.is("search_path") || head.is("all")).then(String::new)
    } else if head.take("discard") {
        head.is("all").then(String::new)
    } else if head.take("select") {
        read_set_config(head)
    } else {
        None
    }
}

fn read_set(head: &mut HeadTokens) -> Option<String> {
    if !head.take("session") {
        head.take("local");
    }
    if head.take("search_path") {
        if !head.take("to") && !head.take_sign(b'=') {
            return None;
        }
        if head.is("default") {
            return Some(String::new());
        }
        return head.string().or_else(|| head.part());
    }
    if head.take("schema") {
        return head.string();
    }
    None
}

fn read_set_config(head: &mut HeadTokens) -> Option<String> {
    if head.take("pg_catalog") && !head.take_sign(b'.') {
        return None;
    }
    if !head.take("set_config") || !head.take_sign(b'(') || head.string()? != "search_path" {
        return None;
    }
    if !head.take_sign(b',') {
        return None;
    }
    let value = head.string()?;
    let first = value.split(',').next().unwrap_or_default();
    let is_space = |letter: char| matches!(letter, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    Some(first.trim_matches(is_space).replace('"', ""))
}
