//! What is counted over the entries of one block.

use super::Settings;
use super::buckets::{Buckets, Counts};
use super::entry::EntryReader;
use super::level::{LEVELS, Level};
use super::mask::mask_into;
use super::templates::Leaf;
use std::collections::HashMap;
use tandem_common::limits::LOG_MESSAGE_BYTES;

pub(super) struct Sums {
    since: f64,
    until: f64,
    is_all: bool,
    wants_templates: bool,
    pub entries: u64,
    pub levels: [u64; LEVELS],
    pub timed: u64,
    pub unzoned: u64,
    pub yearless: u64,
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub buckets: Buckets,
    /// By pattern.
    pub matches: Vec<Option<Leaf>>,
    /// The minute of the last entry and its counts, not in `buckets` yet: nearly always that of the next one.
    minute: Option<(i64, Counts)>,
    /// Level and masked text, in the order of their first entries.
    pub messages: Vec<(Vec<u8>, Leaf)>,
    known: HashMap<Vec<u8>, usize>,
    key: Vec<u8>,
}

impl Sums {
    pub fn new(settings: &Settings) -> Self {
        Self {
            since: settings.since,
            until: settings.until,
            is_all: settings.since == f64::NEG_INFINITY && settings.until == f64::INFINITY,
            wants_templates: settings.templates,
            entries: 0,
            levels: [0; LEVELS],
            timed: 0,
            unzoned: 0,
            yearless: 0,
            first: None,
            last: None,
            buckets: Buckets::new(),
            matches: vec![None; settings.patterns.len()],
            minute: None,
            messages: Vec::new(),
            known: HashMap::new(),
            key: Vec::new(),
        }
    }

    /// Counts an entry; false if it is not in the window.
    pub fn add(&mut self, line: &[u8], at: usize, entry: &EntryReader) -> bool {
        if !self.is_all && !entry.ms.is_some_and(|ms| self.is_in_window(ms)) {
            return false;
        }
        self.entries += 1;
        self.levels[entry.level as usize] += 1;
        if let Some(ms) = entry.ms {
            self.timed += 1;
            self.unzoned += u64::from(entry.time.is_unzoned);
            self.yearless += u64::from(entry.time.is_yearless);
            self.first = Some(self.first.map_or(ms, |first| first.min(ms)));
            self.last = Some(self.last.map_or(ms, |last| last.max(ms)));
            let is_error = entry.level <= Level::Error;
            let is_warning = entry.level == Level::Warning;
            self.bucket(ms, [1, u64::from(is_error), u64::from(is_warning)]);
        }
        if self.wants_templates {
            self.message(line, at, entry);
        }
        true
    }

    /// Counts an entry that matches a pattern.
    pub fn matched(&mut self, pattern: usize, at: usize) {
        let leaf = self.matches[pattern].get_or_insert(Leaf {
            count: 0,
            first: at,
            last: at,
        });
        leaf.count += 1;
        leaf.last = at;
    }

    /// To be called before `buckets` is read.
    pub fn finish(&mut self) {
        if let Some((minute, counts)) = self.minute.take() {
            self.buckets.add(minute * 60_000, counts);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "times are below 2^53")]
    fn is_in_window(&self, ms: i64) -> bool {
        ms as f64 >= self.since && (ms as f64) < self.until
    }

    fn bucket(&mut self, ms: i64, counts: Counts) {
        let minute = ms.div_euclid(60_000);
        match &mut self.minute {
            Some((known, sums)) if *known == minute => {
                for (sum, count) in sums.iter_mut().zip(counts) {
                    *sum += count;
                }
            }
            _ => {
                self.finish();
                self.minute = Some((minute, counts));
            }
        }
    }

    fn message(&mut self, line: &[u8], at: usize, entry: &EntryReader) {
        let message = &line[entry.message.clone()];
        self.key.clear();
        self.key.push(entry.level as u8);
        mask_into(
            &mut self.key,
            &message[..message.len().min(LOG_MESSAGE_BYTES)],
        );
        if let Some(index) = self.known.get(&self.key) {
            let leaf = &mut self.messages[*index].1;
            leaf.count += 1;
            leaf.last = at;
            return;
        }
        self.known.insert(self.key.clone(), self.messages.len());
        let leaf = Leaf {
            count: 1,
            first: at,
            last: at,
        };
        self.messages.push((self.key.clone(), leaf));
    }
}
