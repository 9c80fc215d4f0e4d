//! Where it was measured.

use serde::Serialize;
use std::fs;

#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Such as `Linux 6.18.44`, see uname(2).
    pub kernel: String,
    /// The processor's own name, where `/proc/cpuinfo` has one.
    pub processor: Option<String>,
    /// The two that the sides are pinned to; absent where there is only one.
    pub pinned: Option<[usize; 2]>,
    /// Of the peers, as built.
    pub iceoryx2: &'static str,
    pub rtrb: &'static str,
    /// Whether the program was built with `--release`.
    pub optimised: bool,
}

/// The versions that Cargo.toml pins.
const ICEORYX2: &str = "0.10.0";
const RTRB: &str = "0.4.1";

impl Machine {
    #[must_use]
    pub fn look(pinned: Option<[usize; 2]>) -> Self {
        let kernel = nix::sys::utsname::uname().map_or_else(
            |error| error.to_string(),
            |name| {
                let [system, release] =
                    [name.sysname(), name.release()].map(|t| t.to_string_lossy());
                format!("{system} {release}")
            },
        );
        let processor = fs::read_to_string("/proc/cpuinfo")
            .ok()
            .and_then(|text| name(&text));
        let optimised = !cfg!(debug_assertions);
        Self {
            kernel,
            processor,
            pinned,
            iceoryx2: ICEORYX2,
            rtrb: RTRB,
            optimised,
        }
    }
}

fn name(cpuinfo: &str) -> Option<String> {
    let fields = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let mut names = fields.filter(|(field, _)| field.trim() == "model name");
    names.next().map(|(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_has_the_name_that_the_kernel_gives_it() {
        assert_eq!(
            name("processor\t: 0\nmodel name\t: A B\n").as_deref(),
            Some("A B")
        );
        assert_eq!(name("Processor : x\n"), None);
    }

    #[test]
    fn the_versions_are_the_pinned_ones() {
        let manifest = include_str!("../Cargo.toml");
        assert!(manifest.contains(&format!("iceoryx2 = \"={ICEORYX2}\"")));
        assert!(manifest.contains(&format!("rtrb = \"={RTRB}\"")));
    }
}
