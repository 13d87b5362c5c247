//! Plain JSON text.

use super::codec::{TextCodec, TextPart};
use crate::summary::Summary;
use tandem_common::Fault;
use tandem_common::memory::{OutOfMemory, append};

pub struct Json;

impl TextCodec for Json {
    fn text_part<'a>(&self, _file: &'a [u8]) -> Result<TextPart<'a>, Fault> {
        Ok(TextPart {
            start: 0,
            seal: None,
        })
    }

    fn write(&self, text: &[u8], _summary: &Summary) -> Result<Vec<u8>, OutOfMemory> {
        let mut file = Vec::new();
        append(&mut file, text)?;
        Ok(file)
    }
}
