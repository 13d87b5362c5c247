use tandem_common::Fault;

use tandem_common::place::place;
use tandem_json::scanner::ScanFault;

pub fn too_large(size: u64, limit: u64) -> Fault {
    Fault::new(tandem_common::error_codes::TOO_LARGE)
        .with("size", size)
        .with("limit", limit)
}

pub fn no_memory(size: usize) -> Fault {
    Fault::new(tandem_common::error_codes::OUT_OF_MEMORY).with("size", size)
}

/// The fault of a text that begins at `start` in a file. The offset counts from the start of the file, line
/// and column from the start of the text.
pub fn text_fault(fault: ScanFault, file: &[u8], start: usize, max_depth: u32) -> Fault {
    let offset = (start + fault.offset) as u64;
    if fault.code == tandem_common::error_codes::OUT_OF_MEMORY {
        return no_memory(file.len());
    }
    let mut told = Fault::at(fault.code, offset);
    if fault.code == tandem_json::error_codes::EMPTY_FILE {
        // An empty text has no lines.
        return told;
    }
    if fault.code == tandem_json::error_codes::TOO_DEEP {
        told = told.with("limit", max_depth);
    }
    let told = fault
        .expected
        .into_iter()
        .fold(told, |told, expected| told.with("expected", expected));
    let told = fault
        .found
        .into_iter()
        .fold(told, |told, found| told.with("found", shown(found)));
    let (line, column) = place(file.get(start..).unwrap_or(&[]), fault.offset);
    told.placed(line, column)
}

/// A byte as messages show it: printable ASCII in quotes, any other byte as its number.
fn shown(byte: u8) -> String {
    match byte {
        0x21..=0x7e => format!("'{}'", char::from(byte)),
        _ => format!("byte 0x{byte:02x}"),
    }
}
