//! What one 2 kB sidecar costs, beside `serde_json`. `cargo bench -p tandem-sidecar`; medians of many short runs.
#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::hint::black_box;
use std::time::Instant;

use serde::de::IgnoredAny;
use tandem_sidecar::json::scanner::{Detail, Scanner};

const RUNS: usize = 301;

fn main() {
    let compact = sample();
    let indented = indent(&compact);
    for (name, json) in [("compact", &compact), ("indented", &indented)] {
        println!("{name}, {} bytes", json.len());
        assert!(serde_json::from_slice::<IgnoredAny>(json).is_ok());
        let ignored = measure("serde_json IgnoredAny + from_utf8", || {
            let text = std::str::from_utf8(black_box(json)).is_ok();
            text && serde_json::from_slice::<IgnoredAny>(json).is_ok()
        });
        measure("from_utf8 alone", || {
            std::str::from_utf8(black_box(json)).is_ok()
        });
        measure("serde_json Value", || {
            serde_json::from_slice::<serde_json::Value>(black_box(json)).is_ok()
        });
        let mut scanner = Scanner::new(1024);
        let outline = measure("scanner, outline", || {
            scanner.scan(black_box(json), Detail::Outline).is_ok()
        });
        measure("scanner, full tape", || {
            scanner.scan(black_box(json), Detail::Full).is_ok()
        });
        println!("  outline / IgnoredAny = {:.2}", outline / ignored);
    }
}

/// Nanoseconds a call: the median of runs of about 50 us each.
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

/// A face detection as the tools of this field write it.
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

/// The same with the white space of two-space indentation.
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
