//! Whether a process is still there, and since when: for telling it from another that has got its number.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Gone, or dead and not yet buried.
    Over,
    /// What its system says; 0 where it does not.
    Since(u64),
    /// Nobody says.
    #[cfg_attr(target_os = "linux", allow(dead_code))]
    Unknown,
}

/// Field 22 of `/proc/<pid>/stat`: clock ticks since the system's start.
#[cfg(target_os = "linux")]
pub(super) fn life_of(pid: u64) -> Life {
    if pid == 0 {
        return Life::Over;
    }
    let Ok(stat) = std::fs::read(format!("/proc/{pid}/stat")) else {
        // /proc may hide the processes of others (hidepid), or not be there at all.
        return if is_there(pid) {
            Life::Since(0)
        } else {
            Life::Over
        };
    };
    // The second field is the program's name in brackets, and may hold brackets and spaces itself.
    let from = stat
        .iter()
        .rposition(|byte| *byte == b')')
        .map_or(0, |at| at + 1);
    let rest = String::from_utf8_lossy(&stat[from..]);
    let mut fields = rest.split_ascii_whitespace();
    // Z: it has ended, and its parent has not asked yet. X: it is ending.
    if matches!(fields.next(), Some("Z" | "X")) {
        return Life::Over;
    }
    Life::Since(
        fields
            .nth(18)
            .and_then(|ticks| ticks.parse().ok())
            .unwrap_or(0),
    )
}

#[cfg(target_os = "linux")]
fn is_there(pid: u64) -> bool {
    let Ok(pid) = libc::pid_t::try_from(pid) else {
        return false;
    };
    // SAFETY: no memory is involved, and signal 0 is sent to nobody.
    let result = unsafe { libc::kill(pid, 0) };
    // EPERM: it is there, and somebody else's.
    result == 0 || std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

/// By `ps`, seconds since 1970; it has nothing to say of a process that is not there.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn life_of(pid: u64) -> Life {
    let told = std::process::Command::new("ps")
        .args(["-o", "state=,lstart=", "-p", &pid.to_string()])
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .output();
    let Ok(told) = told else {
        return Life::Unknown;
    };
    let text = String::from_utf8_lossy(&told.stdout);
    let mut words = text.split_ascii_whitespace();
    match words.next() {
        None => Life::Over,
        Some(state) if state.starts_with('Z') => Life::Over,
        Some(_) => Life::Since(seconds(&words.collect::<Vec<_>>()).unwrap_or(0)),
    }
}

/// Windows does not say since when in any cheap way.
#[cfg(not(unix))]
pub(super) fn life_of(pid: u64) -> Life {
    let told = std::process::Command::new("tasklist")
        .args(["/NH", "/FO", "CSV", "/FI", &format!("PID eq {pid}")])
        .output();
    let Ok(told) = told else {
        return Life::Unknown;
    };
    let is_there = String::from_utf8_lossy(&told.stdout).contains(&format!("\"{pid}\""));
    if is_there { Life::Since(0) } else { Life::Over }
}

/// `Sat Nov 21 10:51:57 2026`, in UTC.
#[cfg(all(unix, any(not(target_os = "linux"), test)))]
pub(super) fn seconds(words: &[&str]) -> Option<u64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let [_, month, day, time, year] = words[..] else {
        return None;
    };
    let month = MONTHS.find(month)? as u64 / 3 + 1;
    let (day, year): (u64, u64) = (day.parse().ok()?, year.parse().ok()?);
    let clock: Vec<u64> = time
        .split(':')
        .map_while(|part| part.parse().ok())
        .collect();
    let [hours, minutes, seconds] = clock[..] else {
        return None;
    };
    // Days since 1970 by the civil calendar, years beginning in March: <https://howardhinnant.github.io/date_algorithms.html>.
    let years = if month <= 2 {
        year.checked_sub(1)?
    } else {
        year
    };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + of_year;
    Some((days.checked_sub(719_468)? * 24 + hours) * 3600 + minutes * 60 + seconds)
}
