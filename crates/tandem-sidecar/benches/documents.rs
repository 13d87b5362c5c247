//! Measures the time for one 2 kB sidecar, compared with `serde_json`: medians of many short runs. Run it
//! with `cargo bench -p tandem-sidecar`.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::hint::black_box;
use std::time::Instant;

use serde::de::IgnoredAny;
use tandem_json::scanner::{Detail, Scanner};
use tandem_json::tape::Node;
use tandem_sidecar::document::{Inspector, Limits};
use tandem_sidecar::formats::{Extension, bin, rkyv};
use tandem_sidecar::summary::summarize;

const RUNS: usize = 301;

const LIMITS: Limits = Limits {
    max_size: 1 << 28,
    max_depth: 1024,
};

fn main() {
    let compact = sample();
    let indented = indent(&compact);
    for (name, json) in [("compact", &compact), ("indented", &indented)] {
        println!("{name}, {} bytes", json.len());
        text(json);
    }
    println!("stored otherwise");
    formats(&compact);
}

fn text(json: &[u8]) {
    assert!(serde_json::from_slice::<IgnoredAny>(json).is_ok());
    let ignored = measure("serde_json IgnoredAny + from_utf8", || {
        let text = std::str::from_utf8(black_box(json)).is_ok();
        text && serde_json::from_slice::<IgnoredAny>(json).is_ok()
    });
    let mut scanner = Scanner::new(1024);
    let outline = measure("scanner, outline", || {
        scanner.scan(black_box(json), Detail::Outline).is_ok()
    });
    measure("scanner, full tape", || {
        scanner.scan(black_box(json), Detail::Full).is_ok()
    });
    if let Ok(tape) = scanner.scan(json, Detail::Outline) {
        measure("summary of the outline", || summarize(black_box(&tape)));
    }
    let mut inspector = Inspector::new(LIMITS, false);
    measure("inspect", || {
        inspector
            .inspect(black_box(json), Extension::Json)
            .verdict
            .is_ok()
    });
    let mut inspector = Inspector::new(LIMITS, true);
    measure("inspect with lint", || {
        inspector
            .inspect(black_box(json), Extension::Json)
            .findings
            .len()
    });
    println!("  outline / IgnoredAny = {:.2}", outline / ignored);
}

fn formats(json: &[u8]) {
    let mut scanner = Scanner::new(1024);
    let Ok(tape) = scanner.scan(json, Detail::Full) else {
        return;
    };
    let (Ok(archive), Ok(summary)) = (rkyv::write(&tape), summarize(&tape)) else {
        return;
    };
    let Ok(sealed) = bin::write(json, &summary) else {
        return;
    };
    println!(
        "  json {} bytes, bin {}, rkyv {}",
        json.len(),
        sealed.len(),
        archive.len()
    );
    let value = measure("serde_json Value", || {
        serde_json::from_slice::<serde_json::Value>(black_box(json)).is_ok()
    });
    let mut inspector = Inspector::new(LIMITS, false);
    measure("bin, inspect", || {
        inspector
            .inspect(black_box(&sealed), Extension::Bin)
            .verdict
            .is_ok()
    });
    let size = sealed.len() as u64;
    measure("bin, summary only", || {
        inspector
            .summary_only(black_box(&sealed), size, Extension::Bin)
            .is_some()
    });
    measure("bin, write", || bin::write(black_box(json), &summary));
    measure("rkyv, inspect", || {
        inspector
            .inspect(black_box(&archive), Extension::Rkyv)
            .verdict
            .is_ok()
    });
    measure("rkyv, bytecheck", || rkyv::access(black_box(&archive)));
    let moved: Vec<u8> = [&[0], archive.as_slice()].concat();
    measure("rkyv, bytecheck of a copy", || {
        rkyv::access(black_box(&moved[1..]))
    });
    measure("rkyv, write", || rkyv::write(black_box(&tape)).is_ok());
    let mut nodes = Vec::new();
    assert_eq!(
        confidence(&archive, &mut nodes).as_deref(),
        Some(&b"0.997312"[..])
    );
    let field = measure("rkyv, check and one field", || {
        confidence(black_box(&archive), &mut nodes).is_some()
    });
    println!("  one field / Value = {:.3}", field / value);
}

/// Reads `face_detection.faces[0].confidence` after checking the whole archive.
fn confidence(archive: &[u8], nodes: &mut Vec<Node>) -> Option<Vec<u8>> {
    let tape = rkyv::read(archive, 1024, nodes).ok()?;
    let faces = tape.get(tape.get(0, b"face_detection")?, b"faces")?;
    let node = tape.get(tape.element(faces, 0)?, b"confidence")?;
    Some(tape.raw(node).to_vec())
}

/// Nanoseconds per call: the median of runs of about 50 us each.
fn measure<T>(name: &str, mut work: impl FnMut() -> T) -> f64 {
    let calls = 32;
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(work());
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("  {name:<36} {median:>8.0} ns");
    median
}

/// A face detection sidecar as detection tools write it.
fn sample() -> Vec<u8> {
    let faces: Vec<String> = (0..9)
        .map(|i| {
            format!(
                r#"{{"face_id":{i},"bbox":{{"x":{}.5,"y":{},"width":128,"height":131}},"confidence":0.{}7312,"landmarks":[[1{i}2.25,88.5],[141.0,87.125],[127.5,101.0],[115.25,118.5],[139.75,117.0]],"label":"face_{i}"}}"#,
                100 + i,
                40 + 7 * i,
                99 - i
            )
        })
        .collect();
    let text = format!(
        r#"{{"sidecar_info":{{"operation_type":"face_detection","created_at":"2025-03-04T12:34:56.789Z","last_updated":"2025-03-04T12:35:01.002Z","image_path":"/photos/2025/03/IMG_20250304_123456.jpg"}},"face_detection":{{"success":true,"tool_name":"yolov8n-face","face_count":9,"processing_time":0.41287,"faces":[{}],"metadata":{{"model":"yolov8n-face.onnx","device":"cpu","image_width":4032,"image_height":3024}}}}}}"#,
        faces.join(",")
    );
    text.into_bytes()
}

/// The same document, indented by two spaces.
fn indent(compact: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut depth, mut in_string) = (0, false);
    for &byte in compact {
        let closes = !in_string && matches!(byte, b'}' | b']');
        if closes {
            depth -= 1;
            new_line(&mut out, depth);
        }
        out.push(byte);
        in_string ^= byte == b'"';
        match byte {
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                new_line(&mut out, depth);
            }
            b',' => new_line(&mut out, depth),
            b':' => out.push(b' '),
            _ => {}
        }
    }
    out
}

fn new_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + 2 * depth, b' ');
}
