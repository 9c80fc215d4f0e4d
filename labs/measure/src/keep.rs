//! Where a report and its plots are kept.

use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// A file by its name, and what is in it.
pub type File = (String, String);

/// `measured/` in cargo's target folder, which is the nearest folder above the
/// program that cargo marked as one (`CACHEDIR.TAG`); the current folder elsewhere.
#[must_use]
pub fn folder() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let mut above = program.ancestors().skip(1);
    let target = above.find(|folder| folder.join("CACHEDIR.TAG").is_file());
    target.map_or_else(|| PathBuf::from("."), |target| target.join("measured"))
}

/// Writes all files; each is there as a whole or not at all. Makes the folder.
///
/// # Errors
/// The first that could not be written.
pub fn write(folder: &Path, files: &[File]) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let mut file = tempfile::Builder::new()
            .prefix(&format!(".{name}-"))
            // As any other new file: the umask takes away what it should.
            .permissions(fs::Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        // Some file systems only notice here that they are full.
        file.as_file().sync_all()?;
        file.persist(&path)?;
        written.push(path);
    }
    Ok(written)
}

/// The same in a new folder of the reader's own among the temporary ones.
///
/// # Errors
/// Where that cannot be written either; nothing is left of it then.
pub fn write_elsewhere(lab: &str, files: &[File]) -> io::Result<Vec<PathBuf>> {
    let folder = tempfile::Builder::new()
        .prefix(&format!("{lab}-"))
        .tempdir()?;
    let written = write(folder.path(), files)?;
    let _ = folder.keep();
    Ok(written)
}
