//! Paths as raw bytes, so that no name is lost. On Unix they are the system's bytes; on Windows they are
//! UTF-8, and a name that is not Unicode cannot be opened.

use std::path::Path;

#[cfg(unix)]
pub fn with_path<T>(bytes: &[u8], act: impl FnOnce(&Path) -> T) -> T {
    use std::os::unix::ffi::OsStrExt;
    act(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
pub fn with_path<T>(bytes: &[u8], act: impl FnOnce(&Path) -> T) -> T {
    act(Path::new(&*String::from_utf8_lossy(bytes)))
}

#[must_use]
pub fn to_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Joins two paths; if either is empty, no slash is added. A root of `/` already has its slash.
#[must_use]
pub fn join(folder: &[u8], below: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + below.len());
    join_into(&mut path, folder, below);
    path
}

/// Like `join`, appended to `path`.
pub fn join_into(path: &mut Vec<u8>, folder: &[u8], below: &[u8]) {
    path.extend_from_slice(folder);
    if !folder.is_empty() && !below.is_empty() && !folder.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(below);
}

/// Fails if `name` in `folder` is longer than the system accepts as a path. It could still be opened relative
/// to a folder's descriptor, but then the row would depend on how it was opened.
#[cfg(target_os = "linux")]
pub fn check_length(folder: &[u8], name: &[u8]) -> std::io::Result<()> {
    let slash = usize::from(!folder.ends_with(b"/"));
    // The limit includes the NUL.
    let length = folder.len() + slash + name.len() + 1;
    if length > libc::PATH_MAX.unsigned_abs() as usize {
        return Err(std::io::Error::from_raw_os_error(libc::ENAMETOOLONG));
    }
    Ok(())
}

/// The folder part and the name; the folder is empty if the path has no slash, and keeps the slash of the
/// root.
#[must_use]
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path
        .iter()
        .rposition(|byte| *byte == b'/' || (cfg!(windows) && *byte == b'\\'))
    {
        None => (b"", path),
        Some(0) => (&path[..1], &path[1..]),
        Some(slash) => (&path[..slash], &path[slash + 1..]),
    }
}

/// The text after the last dot. A leading dot marks a hidden file and begins no extension.
#[must_use]
pub fn extension(name: &[u8]) -> Option<&[u8]> {
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => None,
        Some(dot) => Some(&name[dot + 1..]),
    }
}

/// The name without its extension and the dot before it.
#[must_use]
pub fn stem(name: &[u8]) -> &[u8] {
    extension(name).map_or(name, |extension| &name[..name.len() - extension.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_without_doubling_the_slash_of_the_root() {
        assert_eq!(join(b"/", b"a/b"), b"/a/b");
        assert_eq!(join(b".", b"a"), b"./a");
        assert_eq!(join(b"x", b""), b"x");
        assert_eq!(join(b"", b"a"), b"a");
    }

    #[test]
    fn a_leading_dot_begins_no_extension() {
        assert_eq!(extension(b".json"), None);
        assert_eq!(extension(b"..json"), Some(b"json".as_slice()));
        assert_eq!(extension(b"a.jpg.JSON"), Some(b"JSON".as_slice()));
        assert_eq!(stem(b"a.jpg.JSON"), b"a.jpg");
        assert_eq!(stem(b".json"), b".json");
        assert_eq!(split(b"/a"), (b"/".as_slice(), b"a".as_slice()));
        assert_eq!(split(b"x/y/a"), (b"x/y".as_slice(), b"a".as_slice()));
        assert_eq!(split(b"a"), (b"".as_slice(), b"a".as_slice()));
    }
}
