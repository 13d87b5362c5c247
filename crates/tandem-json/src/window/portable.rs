//! Computes the masks from eight bytes in a u64, for processors without SSE2.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the halves of a window are 64 bits and its masks are 8"
)]

use super::Window;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;

pub fn digits(window: &Window) -> u32 {
    mask(window, |word| {
        let low = word & !HIGH_BITS;
        at_least(low, b'0') & !at_least(low, b'9' + 1) & !word
    })
}

pub fn specials(window: &Window) -> u32 {
    mask(window, |word| {
        let low = word & !HIGH_BITS;
        (!at_least(low, 0x20) | equal(low, b'"') | equal(low, b'\\')) & !word
    })
}

pub fn spaces(window: &Window) -> u32 {
    mask(window, |word| {
        let low = word & !HIGH_BITS;
        let across = equal(low, b' ') | equal(low, b'\t');
        (across | equal(low, b'\n') | equal(low, b'\r')) & !word
    })
}

/// Sets the high bit of each byte that is at least `least`. No byte of `low` is above 7F, so no sum carries
/// into the next byte.
fn at_least(low: u64, least: u8) -> u64 {
    low + ONES * u64::from(0x80 - least)
}

fn equal(low: u64, byte: u8) -> u64 {
    !at_least(low ^ (ONES * u64::from(byte)), 1)
}

fn mask(window: &Window, marks: impl Fn(u64) -> u64) -> u32 {
    let whole = u128::from_le_bytes(*window);
    // The multiplication collects the eight marks in the highest byte.
    let gather = |word: u64| {
        let bits = (marks(word) & HIGH_BITS) >> 7;
        (bits.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    };
    gather(whole as u64) | gather((whole >> 64) as u64) << 8
}
