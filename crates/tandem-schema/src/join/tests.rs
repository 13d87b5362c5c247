use super::{JoinRequest, start};
use tandem_common::file::Meanwhile;
use tandem_common::limits::JOIN_LEAST_BATCH_FILES;
use tandem_common::testing::Tree;

fn block() -> Vec<Vec<u8>> {
    [b"\n/* ".to_vec(), b" */\n".to_vec()].into()
}

fn request(tree: &Tree, names: &[&str]) -> JoinRequest {
    JoinRequest {
        paths: names.iter().map(|name| tree.at(name)).collect(),
        labels: names.iter().map(|name| name.as_bytes().to_vec()).collect(),
        pieces: block(),
        text: true,
        lines: true,
        max_size: 1 << 20,
        workers: 2,
        ..JoinRequest::default()
    }
}

fn run(request: JoinRequest) -> (String, Vec<String>, Vec<String>) {
    let mut join = start(request).unwrap();
    let (mut rows, mut totals, mut cursors) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(batch) = join.next_done() {
        let batch = batch.unwrap().unwrap();
        rows.extend_from_slice(&batch.rows);
        totals.push(batch.totals);
        cursors.push(batch.cursor);
    }
    (String::from_utf8_lossy(&rows).into_owned(), totals, cursors)
}

#[test]
fn joins_text_with_one_kind_of_line_end() {
    let tree = Tree::new();
    tree.file("a.sql", "SELECT 1;\r\nSELECT 2;\r");
    tree.file("b.sql", "");
    tree.file("c.sql", b"\xef\xbb\xbfSELECT 3;");
    let (rows, totals, _) = run(request(&tree, &["a.sql", "b.sql", "c.sql"]));
    assert_eq!(
        rows,
        "\n/* a.sql */\nSELECT 1;\nSELECT 2;\n\n/* b.sql */\n\n\n/* c.sql */\nSELECT 3;\n"
    );
    assert_eq!(
        totals,
        [
            r#"{"files":[21,2,33,0,1,14,12,1,23],"digests":[],"needs":[],"definitions":[],"findings":[{"file":2,"code":"ERR_TANDEM_SQL_BOM","offset":0,"line":1,"column":1,"params":{}}]}"#
        ]
    );
}

#[test]
fn frames_raw_bytes_and_gives_digests() {
    let tree = Tree::new();
    tree.file("a.sql", "x\r\n");
    let request = JoinRequest {
        pieces: [Vec::new(), b"\0".to_vec()].into(),
        text: false,
        digests: true,
        ..request(&tree, &["a.sql"])
    };
    let (rows, totals, _) = run(request);
    assert_eq!(rows, "a.sql\0x\r\n\0");
    assert!(totals[0].contains("\"digests\":[\""), "{}", totals[0]);
}

#[test]
fn tells_what_cannot_be_joined_and_goes_on() {
    let tree = Tree::new();
    tree.file("bad.sql", b"SELECT '\xe9';");
    tree.file("nul.sql", "a\n\0");
    tree.file("ok.sql", "SELECT 1;\n");
    let (rows, totals, _) = run(request(
        &tree,
        &["gone.sql", "bad.sql", "nul.sql", "ok.sql"],
    ));
    assert!(rows.ends_with("\n/* ok.sql */\nSELECT 1;\n"));
    assert!(!rows.contains("gone.sql"));
    for told in [
        r#"{"file":0,"code":"ERR_TANDEM_NOT_FOUND","offset":null,"line":null,"column":null,"params":{}}"#,
        r#"{"file":1,"code":"ERR_TANDEM_INVALID_UTF8","offset":8,"line":1,"column":9,"params":{}}"#,
        r#"{"file":2,"code":"ERR_TANDEM_SQL_NUL","offset":2,"line":2,"column":1,"params":{}}"#,
    ] {
        assert!(totals[0].contains(told), "{}", totals[0]);
    }
}

#[test]
fn goes_on_after_a_cursor_and_refuses_a_strange_one() {
    let tree = Tree::new();
    let names: Vec<String> = (0..=JOIN_LEAST_BATCH_FILES)
        .map(|n| format!("{n}.sql"))
        .collect();
    for name in &names {
        tree.file(name, "SELECT 1;\n");
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (whole, _, cursors) = run(request(&tree, &names));
    assert_eq!(cursors.len(), 2);
    let after = |cursor: &str| JoinRequest {
        after: cursor.into(),
        ..request(&tree, &names)
    };
    let (rest, _, _) = run(after(&cursors[0]));
    assert!(whole.ends_with(&rest) && !rest.is_empty() && rest.len() < whole.len());
    for strange in ["-1", "01", "x", "18"] {
        assert!(start(after(strange)).is_err(), "{strange}");
    }
}

#[test]
fn tells_a_file_that_changes_while_it_is_read_and_goes_on() {
    let tree = Tree::new();
    tree.file("a.sql", "SELECT 1;\n");
    tree.file("large.sql", "SELECT 1;\n".repeat(20_000));
    let request = JoinRequest {
        meanwhile: Meanwhile::instrument("append:1"),
        ..request(&tree, &["large.sql", "a.sql"])
    };
    let (rows, totals, _) = run(request);
    assert!(rows.starts_with("\n/* a.sql */\n"));
    let told = r#"{"file":0,"code":"ERR_TANDEM_CHANGED","offset":null,"line":null,"column":null,"params":{}}"#;
    assert!(totals[0].contains(told), "{}", totals[0]);
}
