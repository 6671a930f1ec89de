//! Signs of Chinese, Japanese and Korean: the fonts in the program have none, and one that does is as large as the
//! program itself. A font of the system is looked for when such a sign is first to be shown, and only then read.

use super::glyphs;
use crate::task::CancelToken;
use crate::workbench::worker::Worker;
use egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use egui::text::FontData;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Larger files are not read.
const LARGEST: u64 = 48 << 20;
/// So deep, and so many entries of a folder of fonts are looked at.
const DEEPEST: usize = 6;
const MOST: usize = 30_000;

/// What signs are asked for: a font that has some of one kind has the others of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    /// Chinese signs, also those of Japanese.
    Han,
    /// The other signs of Japanese.
    Kana,
    /// Korean.
    Hangul,
}

impl Script {
    const ALL: [Script; 3] = [Script::Han, Script::Kana, Script::Hangul];

    /// A sign that any font for the others has.
    fn sample(self) -> char {
        match self {
            Script::Han => '文',
            Script::Kana => 'か',
            Script::Hangul => '한',
        }
    }

    fn of(sign: char) -> Option<Self> {
        Some(match sign {
            '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => {
                Script::Kana
            }
            '\u{1100}'..='\u{11ff}'
            | '\u{3130}'..='\u{318f}'
            | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}' => Script::Hangul,
            // With the punctuation and the wide forms of Latin signs.
            '\u{2e80}'..='\u{312f}'
            | '\u{3190}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{20000}'..='\u{3ffff}' => Script::Han,
            _ => return None,
        })
    }
}

/// A font that people have: how its file's name begins (in small letters), and which font of a collection.
struct Known(&'static str, u32);

/// Those that are looked for, the better before the others.
const KNOWN: &[Known] = &[
    // Linux; in the collections the third font is the one for simplified Chinese.
    Known("notosanscjk-regular", 2),
    Known("notosanscjksc-regular", 0),
    Known("sourcehansans-regular", 2),
    Known("sourcehansanssc-regular", 0),
    Known("sourcehansanscn-regular", 0),
    Known("notosanssc-regular", 0),
    Known("notosansjp-regular", 0),
    Known("notosanskr-regular", 0),
    Known("wqy-microhei", 0),
    Known("wqy-zenhei", 0),
    Known("droidsansfallback", 0),
    Known("ipagp", 0),
    Known("ipag", 0),
    Known("ipaexg", 0),
    Known("takaopgothic", 0),
    Known("takaogothic", 0),
    Known("vl-gothic", 0),
    Known("nanumgothic", 0),
    Known("unbatang", 0),
    // Windows.
    Known("msyh.", 0),
    Known("meiryo.", 0),
    Known("yugothm", 0),
    Known("msgothic", 0),
    Known("simsun.", 0),
    Known("malgun.", 0),
    Known("gulim", 0),
    // macOS.
    Known("pingfang", 0),
    Known("hiragino sans gb", 0),
    Known("ヒラギノ角ゴシック w3", 0),
    Known("stheiti light", 0),
    Known("applesdgothicneo", 0),
    Known("applegothic", 0),
    Known("arial unicode", 0),
];

/// Where systems keep their fonts.
#[expect(
    clippy::disallowed_methods,
    reason = "a person's own fonts lie in their home, those of Windows where it stands"
)]
fn folders() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/run/host/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
    ]
    .map(PathBuf::from)
    .into();
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    if let Some(home) = variable("HOME") {
        found.extend([".local/share/fonts", ".fonts", "Library/Fonts"].map(|f| home.join(f)));
    }
    if let Some(windows) = variable("WINDIR") {
        found.push(windows.join("Fonts"));
    }
    if let Some(local) = variable("LOCALAPPDATA") {
        found.push(local.join("Microsoft/Windows/Fonts"));
    }
    found
}

/// The fonts below some folders that may have such signs: their files and which font of them, the better first.
fn candidates(folders: &[PathBuf]) -> Vec<(PathBuf, u32)> {
    let mut found: BTreeMap<usize, PathBuf> = BTreeMap::new();
    let mut left = MOST;
    for folder in folders {
        let walk = walkdir::WalkDir::new(folder).max_depth(DEEPEST);
        for entry in walk.sort_by_file_name().into_iter().flatten() {
            if left == 0 {
                break;
            }
            left -= 1;
            let size =
                || std::fs::metadata(entry.path()).is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
            if let Some(rank) = rank(entry.path())
                && !found.contains_key(&rank)
                && size()
            {
                found.insert(rank, entry.into_path());
            }
        }
    }
    let index = |rank: usize, path: &Path| {
        let collection = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ttc"));
        KNOWN
            .get(rank)
            .filter(|_| collection)
            .map_or(0, |known| known.1)
    };
    let found = found.into_iter();
    found
        .map(|(rank, path)| (path.clone(), index(rank, &path)))
        .collect()
}

/// Which of the known fonts a file is.
fn rank(path: &Path) -> Option<usize> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let is_font = [".ttf", ".ttc", ".otf"]
        .iter()
        .any(|end| name.ends_with(end));
    is_font.then(|| KNOWN.iter().position(|known| name.starts_with(known.0)))?
}

/// A font that was read.
struct Read {
    name: String,
    data: FontData,
    has: Vec<Script>,
}

/// What is known of a kind of signs.
enum Look {
    /// It was asked for, or is looked for.
    Wanted,
    /// This font has them.
    Has(FontInsert),
    /// No font has.
    None,
}

/// What painting asks for, and what was found.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<BTreeMap<Script, Look>>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Script, Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FontProvider for Shared {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let script = Script::of(request.cluster.chars().next()?)?;
        // Painting does not wait for a file: it asks again when the font is there.
        match self.lock().entry(script).or_insert(Look::Wanted) {
            Look::Has(font) => Some(font.clone()),
            Look::Wanted | Look::None => None,
        }
    }
}

/// The fonts of the system, as far as they were needed.
pub struct SystemFonts {
    shared: Shared,
    asked: BTreeSet<Script>,
    worker: Worker<Script, (Script, Option<Read>)>,
}

impl SystemFonts {
    /// Waits until a sign is to be shown that no font has.
    pub fn new(ctx: &egui::Context, wake: impl Fn() + Send + 'static) -> Self {
        let shared = Shared::default();
        ctx.add_font_provider(Arc::new(shared.clone()));
        let work = |script: Script, _: &CancelToken| (script, read(&folders(), script));
        Self {
            shared,
            asked: BTreeSet::new(),
            worker: Worker::start("look for fonts", work, wake),
        }
    }

    /// Whether a font is looked for.
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy() || self.wanted().is_some()
    }

    /// What was asked for while painting and is not looked for yet.
    fn wanted(&self) -> Option<Script> {
        let shared = self.shared.lock();
        let mut wanted = shared
            .iter()
            .filter(|(_, look)| matches!(look, Look::Wanted));
        wanted
            .find(|(script, _)| !self.asked.contains(script))
            .map(|(script, _)| *script)
    }

    /// After a frame was painted: looks for what was missing in it, and takes what was found.
    pub fn after_frame(&mut self, ctx: &egui::Context) {
        if let Some((script, found)) = self.worker.answer() {
            let any = found.is_some();
            self.take(script, found);
            if any {
                ctx.set_font_providers(vec![Arc::new(self.shared.clone())]);
            }
        }
        if !self.worker.is_busy()
            && let Some(script) = self.wanted()
        {
            self.asked.insert(script);
            self.worker.ask(script);
        }
    }

    fn take(&self, script: Script, found: Option<Read>) {
        let mut shared = self.shared.lock();
        let Some(Read { name, data, has }) = found else {
            shared.insert(script, Look::None);
            return;
        };
        let font = FontInsert {
            name,
            data,
            families: Vec::new(),
        };
        for script in has {
            // What another font was found for stays with that.
            if !matches!(shared.get(&script), Some(Look::Has(_))) {
                shared.insert(script, Look::Has(font.clone()));
            }
        }
    }
}

/// At most so many files are read for one kind of signs.
const MOST_READ: usize = 8;

fn read(folders: &[PathBuf], script: Script) -> Option<Read> {
    let files = candidates(folders).into_iter().take(MOST_READ);
    files.into_iter().find_map(|(path, index)| {
        let bytes = std::fs::read(&path).ok()?;
        let has = |script: &Script| glyphs::has(&bytes, index, script.sample());
        if !has(&script) {
            return None;
        }
        let has: Vec<Script> = Script::ALL.into_iter().filter(|s| has(s)).collect();
        let mut data = FontData::from_owned(bytes);
        data.index = index;
        Some(Read {
            name: format!("{} {index}", path.display()),
            data,
            has,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_apart() {
        for (signs, script) in [
            ("文。（Ａ𠀀", Some(Script::Han)),
            ("かカｶー", Some(Script::Kana)),
            ("한ㄱ", Some(Script::Hangul)),
            ("aé→я", None),
        ] {
            for sign in signs.chars() {
                assert_eq!(Script::of(sign), script, "{sign}");
            }
        }
    }

    #[test]
    fn the_best_fonts_below_the_folders_come_first() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().join("none"), folder.path().to_owned()];
        let names = || -> Vec<(String, u32)> {
            let found = candidates(&folders).into_iter();
            let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
            found.map(|(path, index)| (name(path), index)).collect()
        };
        let wanted = |list: &[(&str, u32)]| -> Vec<(String, u32)> {
            list.iter()
                .map(|(name, index)| ((*name).to_owned(), *index))
                .collect()
        };
        assert!(names().is_empty(), "nothing is there");
        let deep = folder.path().join("truetype/some");
        std::fs::create_dir_all(&deep).unwrap();
        for file in [
            "readme.txt",
            "malgun.ttf",
            "notosanscjk-regular.txt",
            "Other.ttf",
        ] {
            std::fs::write(deep.join(file), "x").unwrap();
        }
        assert_eq!(names(), wanted(&[("malgun.ttf", 0)]));
        std::fs::write(deep.join("DroidSansFallbackFull.ttf"), "x").unwrap();
        let large = folder.path().join("NotoSansCJK-Regular.ttc");
        std::fs::write(&large, "x").unwrap();
        assert_eq!(
            names(),
            wanted(&[
                ("NotoSansCJK-Regular.ttc", 2),
                ("DroidSansFallbackFull.ttf", 0),
                ("malgun.ttf", 0),
            ])
        );
        // Too large a file is none.
        std::fs::File::create(&large)
            .unwrap()
            .set_len(LARGEST + 1)
            .unwrap();
        assert_eq!(
            names(),
            wanted(&[("DroidSansFallbackFull.ttf", 0), ("malgun.ttf", 0)])
        );
        // What has none of the signs is not taken, whatever it is called.
        assert!(read(&folders, Script::Han).is_none());
    }

    #[test]
    fn a_font_is_asked_for_once_and_serves_all_that_it_has() {
        let shared = Shared::default();
        let ask = |cluster: &str| {
            let family = egui::FontFamily::Monospace;
            let request = FallbackRequest {
                cluster,
                family: &family,
            };
            shared.font_for(&request).map(|font| font.name)
        };
        assert_eq!((ask("x"), ask("文")), (None, None));
        assert_eq!(shared.lock().len(), 1, "only for the sign that needs one");
        let fonts = SystemFonts {
            shared: shared.clone(),
            asked: BTreeSet::new(),
            worker: Worker::start("test", |script, _: &CancelToken| (script, None), || {}),
        };
        assert!(fonts.is_busy() && fonts.wanted() == Some(Script::Han));
        fonts.take(
            Script::Han,
            Some(Read {
                name: "found".to_owned(),
                data: FontData::from_static(b"x"),
                has: vec![Script::Han, Script::Kana],
            }),
        );
        assert_eq!(ask("文").as_deref(), Some("found"));
        assert_eq!(ask("か").as_deref(), Some("found"));
        assert_eq!(ask("한"), None);
        fonts.take(Script::Hangul, None);
        assert_eq!(ask("한"), None);
        assert_eq!(fonts.wanted(), None, "nobody looks a second time");
    }
}
