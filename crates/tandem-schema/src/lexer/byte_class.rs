//! What a byte can begin at the start of a token: `spec/schema/lexer.md`, "Tokens".

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(crate) enum Class {
    Space,
    Sign,
    /// Includes bytes above 0x7f.
    Letter,
    Digit,
    Colon,
    Dot,
    /// Once the words of a statement no longer matter, only this class and the classes after it must be
    /// inspected: `plain.rs`.
    Open,
    Close,
    Quote,
    DoubleQuote,
    Dollar,
    Dash,
    Slash,
    Backslash,
    Semicolon,
}

pub(crate) fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

/// Whether an identifier can continue with this byte: letters, digits, `_` and `$`.
pub(super) fn in_word(byte: u8) -> bool {
    IN_WORD[usize::from(byte)]
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Sign; 256];
    let mut byte: u8 = 0;
    loop {
        table[byte as usize] = class_of(byte);
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(CLASSES[byte], Class::Letter | Class::Digit | Class::Dollar);
        byte += 1;
    }
    table
};

const fn class_of(byte: u8) -> Class {
    match byte {
        b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' => Class::Space,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => Class::Letter,
        b'0'..=b'9' => Class::Digit,
        b'\'' => Class::Quote,
        b'"' => Class::DoubleQuote,
        b'$' => Class::Dollar,
        b'-' => Class::Dash,
        b'/' => Class::Slash,
        b'\\' => Class::Backslash,
        b';' => Class::Semicolon,
        b'(' => Class::Open,
        b')' => Class::Close,
        b':' => Class::Colon,
        b'.' => Class::Dot,
        _ => Class::Sign,
    }
}
