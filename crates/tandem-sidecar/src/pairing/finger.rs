//! Repeated searches in a sorted slice.

use std::cell::Cell;

/// The position where the last search ended. Names are searched in order, so the next one is near: a step or
/// two instead of a binary search over a folder that may hold a million names.
#[derive(Default)]
pub struct Finger(Cell<usize>);

impl Finger {
    /// The index of the first element for which `is_below` is false, or the length: an exponential search
    /// from the last position, then a binary search.
    pub(super) fn search<T>(&self, sorted: &[T], is_below: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, sorted.len());
        let start = self.0.get().min(high);
        let mut step = 1;
        if sorted.get(start).is_some_and(&is_below) {
            low = start + 1;
            while let Some(probe) = sorted.get(low + step - 1) {
                if !is_below(probe) {
                    high = low + step - 1;
                    break;
                }
                low += step;
                step *= 2;
            }
        } else {
            high = start;
            while let Some(probe) = high.checked_sub(step) {
                if is_below(&sorted[probe]) {
                    low = probe + 1;
                    break;
                }
                high = probe;
                step *= 2;
            }
        }
        let found = low + sorted[low..high].partition_point(is_below);
        self.0.set(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_binary_search_finds_from_wherever_it_stands(
            mut sorted in proptest::collection::vec(0..200_u32, 0..80),
            wanted in proptest::collection::vec(0..210_u32, 1..20),
        ) {
            sorted.sort_unstable();
            let finger = Finger::default();
            for wanted in wanted {
                let expected = sorted.partition_point(|number| *number < wanted);
                prop_assert_eq!(finger.search(&sorted, |number| *number < wanted), expected);
            }
        }
    }
}
