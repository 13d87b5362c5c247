//! Messages without what varies: `spec/infra/logs.md`, "Template".

use tandem_common::limits::LOG_TOKENS;

const MASK: &[u8] = b"<*>";

/// Appends a message whose runs of letters, digits and `_.:-` with a digit are `<*>`.
pub(super) fn mask_into(out: &mut Vec<u8>, message: &[u8]) {
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = message[at..].iter().position(u8::is_ascii_digit) {
        let digit = at + found;
        let before = &message[done..digit];
        let run = before
            .iter()
            .rev()
            .take_while(|byte| is_run(**byte))
            .count();
        let mut from = digit - run;
        let mut to = digit + 1;
        let mut last_word = to;
        while to < message.len() && is_run(message[to]) {
            to += 1;
            if message[to - 1].is_ascii_alphanumeric() {
                last_word = to;
            }
        }
        while !message[from].is_ascii_alphanumeric() {
            from += 1;
        }
        out.extend_from_slice(&message[done..from]);
        out.extend_from_slice(MASK);
        done = last_word;
        at = to;
    }
    out.extend_from_slice(&message[done..]);
}

/// The tokens of a masked message.
pub(super) fn tokens(text: &[u8]) -> Vec<&[u8]> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut tokens: Vec<&[u8]> = text
        .split(is_space)
        .filter(|token| !token.is_empty())
        .take(LOG_TOKENS + 1)
        .collect();
    if tokens.len() > LOG_TOKENS {
        tokens[LOG_TOKENS] = b"...";
    }
    tokens
}

fn is_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-')
}
