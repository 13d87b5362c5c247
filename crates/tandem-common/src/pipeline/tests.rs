use super::*;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// Returns its input, after a delay that differs from batch to batch.
#[derive(Clone, Default)]
struct Echo {
    fail_at: Option<u64>,
    /// How long each batch takes, during which the flag is checked as between two files.
    busy: Duration,
}

impl Work<u64> for Echo {
    type Done = u64;

    fn work(&mut self, batch: u64, cancel: &Cancel) -> Option<u64> {
        assert!(self.fail_at != Some(batch), "failed at {batch}");
        thread::sleep(Duration::from_micros(batch * 7919 % 300));
        let begun = Instant::now();
        while begun.elapsed() < self.busy {
            if cancel.is_set() {
                return None;
            }
            thread::sleep(Duration::from_micros(100));
        }
        Some(batch)
    }
}

fn run(batches: u64, workers: Vec<Echo>, window: usize) -> Pipeline<u64> {
    start(0..batches, workers, window, Cancel::default())
}

fn drain(pipeline: &mut Pipeline<u64>) -> Vec<Result<u64, Panic>> {
    std::iter::from_fn(|| pipeline.next_done()).collect()
}

#[test]
fn results_come_in_the_order_of_the_source() {
    for workers in 1..5 {
        let mut pipeline = run(300, vec![Echo::default(); workers], 2 * workers + 2);
        let all: Vec<_> = drain(&mut pipeline)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(all, (0..300).collect::<Vec<_>>());
        assert!(pipeline.next_done().is_none() && pipeline.threads.is_empty());
    }
}

#[test]
fn a_slow_consumer_slows_the_source() {
    let taken = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&taken);
    let source = (0..1000).inspect(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let mut pipeline = start(source, vec![Echo::default(); 3], 8, Cancel::default());
    thread::sleep(Duration::from_millis(60));
    assert!(taken.load(Ordering::SeqCst) <= 8);
    for expected in 0..40 {
        assert_eq!(pipeline.next_done(), Some(Ok(expected)));
    }
    thread::sleep(Duration::from_millis(60));
    let taken = taken.load(Ordering::SeqCst);
    assert!((40..=48).contains(&taken), "{taken}");
}

#[test]
fn a_panic_is_told_at_its_place_and_ends_the_run() {
    let failing = Echo {
        fail_at: Some(17),
        ..Echo::default()
    };
    let mut pipeline = run(200, vec![failing; 4], 10);
    let all = drain(&mut pipeline);
    assert_eq!(all[..17], (0..17).map(Ok).collect::<Vec<_>>());
    assert_eq!(all[17..], [Err(Panic("failed at 17".into()))]);
    assert!(pipeline.next_done().is_none());
}

#[test]
fn a_panic_of_the_source_is_told_too() {
    let source = (0..50).map(|batch| {
        if batch == 9 {
            panic!("the walk failed")
        } else {
            batch
        }
    });
    let mut pipeline = start(source, vec![Echo::default(); 2], 6, Cancel::default());
    let all = drain(&mut pipeline);
    assert_eq!(all.len(), 10);
    assert_eq!(all[9], Err(Panic("the walk failed".into())));
}

#[test]
fn after_cancel_comes_what_is_done_up_to_the_first_gap() {
    let slow = Echo {
        busy: Duration::from_secs(60),
        ..Echo::default()
    };
    // One worker hangs at its first batch until it is cancelled; the other fills the window after it.
    for workers in [vec![slow.clone(), Echo::default()], vec![slow; 2]] {
        let mut pipeline = run(1000, workers, 6);
        thread::sleep(Duration::from_millis(40));
        let begun = Instant::now();
        pipeline.cancel();
        pipeline.cancel();
        let all: Vec<_> = drain(&mut pipeline)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert!(
            all.len() <= 6 && all == (0..all.len() as u64).collect::<Vec<_>>(),
            "{all:?}"
        );
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn another_thread_can_cancel_while_one_waits() {
    let mut pipeline = run(
        1000,
        vec![Echo {
            busy: Duration::from_secs(60),
            ..Echo::default()
        }],
        4,
    );
    let canceller = pipeline.canceller();
    let other = thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        canceller.cancel();
    });
    assert!(pipeline.next_done().is_none());
    other.join().unwrap();
}

#[test]
fn a_pipeline_nobody_wants_is_dropped_at_once_and_its_threads_end() {
    let begun = Instant::now();
    let pipeline = run(u64::MAX, vec![Echo::default(); 4], 8);
    let shared = Arc::clone(&pipeline.shared);
    thread::sleep(Duration::from_millis(20));
    drop(pipeline);
    while shared.lock().working > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_run_cancelled_before_it_began_gives_nothing() {
    let cancel = Cancel::default();
    cancel.set();
    let mut pipeline = start(0..10, vec![Echo::default(); 2], 4, cancel);
    assert!(pipeline.next_done().is_none());
}

#[test]
fn gives_what_is_ready_without_waiting() {
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let held = Arc::clone(&gate);
    let source = (0..3_u64).inspect(move |&number| {
        if number == 1 {
            let (open, opened) = &*held;
            let mut open = open.lock().unwrap();
            while !*open {
                open = opened.wait(open).unwrap();
            }
        }
    });
    let mut pipeline = start(source, vec![Echo::default()], 2, Cancel::default());
    while pipeline.try_next_done() != Some(Ok(0)) {
        std::thread::yield_now();
    }
    assert_eq!(pipeline.try_next_done(), None);
    *gate.0.lock().unwrap() = true;
    gate.1.notify_all();
    assert_eq!(pipeline.next_done(), Some(Ok(1)));
    assert_eq!(pipeline.next_done(), Some(Ok(2)));
    assert_eq!(pipeline.next_done(), None);
    assert_eq!(pipeline.try_next_done(), None);
}
