//! Building blocks of byte classes, sixteen bytes at a time with SSE2, which every `x86_64` processor has.
//! The intrinsics access no memory, so they are safe on a processor with the feature.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "lanes are signed in the intrinsics' types only"
)]
#![expect(
    clippy::missing_safety_doc,
    reason = "each asks for SSE2 and nothing else"
)]

pub use std::arch::x86_64::__m128i as Lanes;
use std::arch::x86_64::{
    _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    _mm_sub_epi8,
};

#[target_feature(enable = "sse2")]
#[inline]
#[must_use]
pub fn lanes(window: &[u8; 16]) -> Lanes {
    let whole = u128::from_le_bytes(*window);
    _mm_set_epi64x((whole >> 64) as i64, whole as i64)
}

#[target_feature(enable = "sse2")]
#[inline]
#[must_use]
pub fn equal(bytes: Lanes, byte: u8) -> Lanes {
    _mm_cmpeq_epi8(bytes, each(byte))
}

/// Marks the bytes from `first` to `last`, both included.
#[target_feature(enable = "sse2")]
#[inline]
#[must_use]
pub fn within(bytes: Lanes, first: u8, last: u8) -> Lanes {
    let above = _mm_sub_epi8(bytes, each(first));
    _mm_cmpeq_epi8(_mm_min_epu8(above, each(last - first)), above)
}

#[target_feature(enable = "sse2")]
#[inline]
#[must_use]
pub fn either(one: Lanes, other: Lanes) -> Lanes {
    _mm_or_si128(one, other)
}

/// One bit per byte for which a comparison holds; the first byte has the lowest bit.
#[target_feature(enable = "sse2")]
#[inline]
#[must_use]
pub fn mask(compared: Lanes) -> u32 {
    _mm_movemask_epi8(compared) as u32
}

#[target_feature(enable = "sse2")]
#[inline]
fn each(byte: u8) -> Lanes {
    _mm_set1_epi8(byte as i8)
}
