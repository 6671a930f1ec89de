//! Asks, before the window is opened, whether it can be: winit and glutin load their libraries at run time
//! and answer a missing one with a debug dump or a panic.

use std::fmt;

/// A library of the window and the packages that bring it.
struct Library {
    name: &'static str,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
}

const fn library(
    name: &'static str,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
) -> Library {
    Library {
        name,
        debian,
        fedora,
        arch,
    }
}

/// What a window on X11 needs.
const X11: [Library; 6] = [
    library("libX11.so.6", "libx11-6", "libX11", "libx11"),
    library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    library("libXcursor.so.1", "libxcursor1", "libXcursor", "libxcursor"),
    library("libXi.so.6", "libxi6", "libXi", "libxi"),
    library(
        "libxkbcommon-x11.so.0",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
    ),
    library("libGL.so.1", "libgl1", "mesa-libGL", "libglvnd"),
];

/// What a window on Wayland needs.
const WAYLAND: [Library; 4] = [
    library(
        "libwayland-client.so.0",
        "libwayland-client0",
        "libwayland-client",
        "wayland",
    ),
    library(
        "libwayland-egl.so.1",
        "libwayland-egl1",
        "libwayland-egl",
        "wayland",
    ),
    library(
        "libxkbcommon.so.0",
        "libxkbcommon0",
        "libxkbcommon",
        "libxkbcommon",
    ),
    library("libEGL.so.1", "libegl1", "mesa-libEGL", "libglvnd"),
];

/// Why a window cannot be opened. Displayed as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is no screen to open it on.
    Display,
    /// Libraries are not installed: file names, and the packages of the three kinds of systems.
    Libraries {
        /// File names.
        names: Vec<&'static str>,
        /// For apt-get.
        debian: Vec<&'static str>,
        /// For dnf.
        fedora: Vec<&'static str>,
        /// For pacman.
        arch: Vec<&'static str>,
    },
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::Display => f.write_str(
                "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): for a window, log in \
                 to a desktop or start it under a virtual one: apt-get install xvfb xauth \
                 libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1 && xvfb-run -a rulewright",
            ),
            Missing::Libraries {
                names,
                debian,
                fedora,
                arch,
            } => write!(
                f,
                "the window needs {}: apt-get install {} (Debian, Ubuntu), dnf install {} (Fedora) \
                 or pacman -S {} (Arch)",
                names.join(", "),
                debian.join(" "),
                fedora.join(" "),
                arch.join(" "),
            ),
        }
    }
}

impl std::error::Error for Missing {}

/// Whether a window can be opened. Only Linux and its like have this trouble: elsewhere it is always `Ok`.
#[expect(
    clippy::disallowed_methods,
    reason = "whether there is a display is what is asked"
)]
pub fn check() -> Result<(), Missing> {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return Ok(());
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    verdict(
        set("DISPLAY"),
        set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET"),
        loads,
    )
}

fn loads(name: &str) -> bool {
    // SAFETY: these are the system's own libraries; loading them runs only their own initialisers,
    // as the window would a moment later.
    unsafe { libloading::Library::new(name) }.is_ok()
}

/// The rule itself, apart from the machine.
fn verdict(x11: bool, wayland: bool, has: impl Fn(&str) -> bool) -> Result<(), Missing> {
    // Wayland is what winit takes first; it falls back to X11 only when there is no Wayland at all.
    let wanted: &[Library] = match (wayland, x11) {
        (true, _) => &WAYLAND,
        (false, true) => &X11,
        (false, false) => return Err(Missing::Display),
    };
    let missing: Vec<&Library> = wanted.iter().filter(|l| !has(l.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let all = |package: fn(&Library) -> &'static str| {
        let mut packages: Vec<&'static str> = missing.iter().map(|l| package(l)).collect();
        packages.dedup();
        packages
    };
    Err(Missing::Libraries {
        names: all(|l| l.name),
        debian: all(|l| l.debian),
        fedora: all(|l| l.fedora),
        arch: all(|l| l.arch),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_display() {
        let missing = verdict(false, false, |_| true).unwrap_err();
        assert_eq!(missing, Missing::Display);
        let line = missing.to_string();
        assert!(line.contains("xvfb-run -a rulewright") && !line.contains('\n'));
    }

    #[test]
    fn all_there() {
        assert_eq!(verdict(true, false, |_| true), Ok(()));
        assert_eq!(verdict(false, true, |_| true), Ok(()));
    }

    #[test]
    fn one_line_names_what_is_missing_and_how_to_get_it() {
        let has = |name: &str| !name.starts_with("libXi") && !name.starts_with("libX11");
        let line = verdict(true, false, has).unwrap_err().to_string();
        assert_eq!(
            line,
            "the window needs libX11.so.6, libX11-xcb.so.1, libXi.so.6: apt-get install libx11-6 libx11-xcb1 \
             libxi6 (Debian, Ubuntu), dnf install libX11 libX11-xcb libXi (Fedora) \
             or pacman -S libx11 libxi (Arch)"
        );
    }

    #[test]
    fn wayland_does_not_ask_for_x11() {
        let only_wayland = |name: &str| !name.contains("X11");
        assert_eq!(verdict(true, true, only_wayland), Ok(()));
    }
}
