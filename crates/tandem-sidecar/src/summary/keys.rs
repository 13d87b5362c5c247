//! The keys of `detection.json` in sets, with a slot for each key of a set.

use std::ops::Range;
use std::sync::LazyLock;

use crate::generated::detection::{
    COUNT_KEYS, CREATED_AT_KEYS, IMAGE_PATH_KEYS, INFO_OPERATION_KEY, LAST_UPDATED_KEYS, LIST_KEYS,
    METADATA_KEY, NESTED_KEYS, PROCESSING_TIME_KEYS, SUCCESS_KEYS, TOOL_KEYS,
};
use tandem_json::key_table::KeyTable;

/// The keys that are looked for in one object of `Places`.
pub struct PlaceKeys {
    pub table: KeyTable,
    pub count: Range<usize>,
    pub list: Range<usize>,
    pub tool: Range<usize>,
    pub success: Range<usize>,
    pub processing_time: Range<usize>,
    pub nested: Range<usize>,
    pub metadata: usize,
}

/// The keys that are looked for in `sidecar_info` and in the document itself.
pub struct InfoKeys {
    pub table: KeyTable,
    pub created_at: Range<usize>,
    pub last_updated: Range<usize>,
    pub image_path: Range<usize>,
    pub operation: usize,
}

/// A set of keys under construction.
#[derive(Default)]
pub struct Keys(Vec<&'static str>);

impl Keys {
    pub fn add(&mut self, keys: &[&'static str]) -> Range<usize> {
        let first = self.0.len();
        self.0.extend_from_slice(keys);
        first..self.0.len()
    }

    pub fn table(self) -> KeyTable {
        KeyTable::new(self.0.into_iter())
    }
}

pub static PLACE: LazyLock<PlaceKeys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    PlaceKeys {
        count: keys.add(COUNT_KEYS),
        list: keys.add(LIST_KEYS),
        tool: keys.add(TOOL_KEYS),
        success: keys.add(SUCCESS_KEYS),
        processing_time: keys.add(PROCESSING_TIME_KEYS),
        nested: keys.add(NESTED_KEYS),
        metadata: keys.add(&[METADATA_KEY]).start,
        table: keys.table(),
    }
});

pub static INFO: LazyLock<InfoKeys> = LazyLock::new(|| {
    let mut keys = Keys::default();
    InfoKeys {
        created_at: keys.add(CREATED_AT_KEYS),
        last_updated: keys.add(LAST_UPDATED_KEYS),
        image_path: keys.add(IMAGE_PATH_KEYS),
        operation: keys.add(&[INFO_OPERATION_KEY]).start,
        table: keys.table(),
    }
});

/// For `metadata`, in which only a tool is looked for.
pub static METADATA: LazyLock<KeyTable> =
    LazyLock::new(|| KeyTable::new(TOOL_KEYS.iter().copied()));
