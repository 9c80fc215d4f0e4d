//! Records of earlier runs, kept so that an answer need not wait for programs that
//! wait.
//!
//! They are taken again only where all that decides them is the same: the program,
//! the kernel since its start, the user with capabilities and limits, the machine's
//! limits. Where the labs' files have not changed either, cargo is not even asked.

use crate::{
    place,
    programs::{self, Programs},
    project::{Project, stamp},
    record::Shown,
    runs::{self, Mute},
    trouble::Trouble,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The programs that cargo built of these sources.
#[derive(Serialize, Deserialize)]
struct Build {
    sources: String,
    lock: Option<String>,
    programs: Programs,
}

/// A lab's records with what they depend on.
#[derive(Serialize, Deserialize)]
struct Entry {
    stamp: String,
    place: String,
    shown: Shown,
}

/// Hears what takes time.
pub trait Progress: Sync {
    /// The labs are being built.
    fn building(&self);
    /// So many programs have run, of so many.
    fn ran(&self, done: usize, of: usize);
}

/// Every lab with its records.
pub struct Records {
    pub labs: Vec<Shown>,
    pub mute: Vec<Mute>,
    /// Why what was seen now could not be kept.
    pub not_kept: Option<(PathBuf, io::Error)>,
}

/// The records of all labs of `project`, kept ones where they hold, unless `fresh`.
///
/// # Errors
/// Where the labs do not compile, or there is no cargo.
pub fn records(
    project: &Project,
    fresh: bool,
    progress: &dyn Progress,
) -> Result<Records, Trouble> {
    let folder = project.records();
    let mut not_kept = None;
    let mut keep = |file: PathBuf, text: serde_json::Result<Vec<u8>>| {
        let result = text
            .map_err(io::Error::from)
            .and_then(|text| write(&file, &text));
        if let Err(error) = result {
            not_kept.get_or_insert((file, error));
        }
    };
    let sources = project.sources();
    let known = read::<Build>(&folder.join("programs.json"));
    let programs = match known {
        Some(build)
            if !fresh
                && build.sources == sources
                && build.lock == project.lock()
                && all_there(&build.programs) =>
        {
            build.programs
        }
        _ => {
            progress.building();
            let programs = programs::build(project, &project.labs()?)?;
            let build = Build {
                // As it was before: an edit meanwhile may be in the programs or not.
                sources,
                lock: project.lock(),
                programs: programs.clone(),
            };
            keep(folder.join("programs.json"), serde_json::to_vec(&build));
            programs
        }
    };

    let place = place::describe();
    let mut labs = Vec::new();
    let mut missing = Vec::new();
    for (name, program) in programs {
        let entry = read::<Entry>(&file_of(&folder, &name));
        match entry {
            Some(entry)
                if !fresh
                    && entry.place == place
                    && stamp(&program).is_some_and(|stamp| stamp == entry.stamp) =>
            {
                labs.push(entry.shown);
            }
            _ => missing.push((name, program)),
        }
    }
    let mut mute = Vec::new();
    if !missing.is_empty() {
        // Before they run: a program built anew meanwhile is another one.
        let stamps: Vec<_> = missing.iter().map(|(_, program)| stamp(program)).collect();
        let (taken, silent) = runs::all(&missing, &|done, of| progress.ran(done, of));
        mute = silent;
        for ((name, _), stamp) in missing.iter().zip(stamps) {
            let shown = taken.iter().find(|shown| shown.lab.lab == *name);
            if let (Some(shown), Some(stamp)) = (shown, stamp)
                && holds(shown)
            {
                let entry = Entry {
                    stamp,
                    place: place.clone(),
                    shown: shown.clone(),
                };
                keep(file_of(&folder, name), serde_json::to_vec(&entry));
            }
        }
        labs.extend(taken);
    }
    labs.sort_by(|a, b| a.lab.lab.cmp(&b.lab.lab));
    Ok(Records {
        labs,
        mute,
        not_kept,
    })
}

/// Whether the same would be seen again: every program ran, and showed what it
/// promises or said why it cannot. A busy machine may have kept another from it.
fn holds(shown: &Shown) -> bool {
    shown.records.len() == 2 * shown.lab.cases.len()
        && shown
            .records
            .iter()
            .all(|record| matches!(record.exit_status, 0 | 3))
}

fn all_there(programs: &Programs) -> bool {
    programs.values().all(|program| program.is_file())
}

fn file_of(folder: &Path, lab: &str) -> PathBuf {
    folder.join(format!("{lab}.json"))
}

/// A damaged file is as good as none.
fn read<T: DeserializeOwned>(file: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Written beside and renamed: another run may read meanwhile.
fn write(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let fresh = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(fresh.path(), text)?;
    fresh.persist(file)?;
    Ok(())
}
