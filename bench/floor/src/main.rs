//! The floor: the cost of reading every sidecar and nothing else, written as most people would write it. The
//! bench reports Tandem's passes as multiples of it. `measure` is the clock of the bench: it runs any
//! command.

mod copy;
#[cfg(unix)]
mod measure;
mod read;
mod walk;

use std::io::{Error, Result};

const USAGE: &str = "usage: tandem-floor read DIR [--threads 2]
       tandem-floor copy DIR --sync-every N --threads N (0: no sync)
       tandem-floor measure COMMAND [ARGUMENT...]";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["read", dir] => read::run(dir, 2),
        ["read", dir, "--threads", threads] => number(threads).and_then(|n| read::run(dir, n)),
        ["copy", dir, "--sync-every", files, "--threads", threads] => {
            number(files).and_then(|files| copy::run(dir, files, number(threads)?))
        }
        #[cfg(unix)]
        ["measure", _, ..] => measure::run(&arguments[1], &arguments[2..]),
        _ => Err(Error::other(USAGE)),
    };
    match done {
        Ok(line) => println!("{line}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    }
}

fn number(word: &str) -> Result<usize> {
    word.parse().map_err(|_| Error::other(USAGE))
}
