//! Files beside a rule that its query may name: watchlists and what stands in for `externaldata`.
//!
//! In the rule's folder or in one above it, `watchlists/<alias>.csv` is the watchlist of that alias (a
//! `<alias>.json` beside it with `"itemsSearchKey": "column"`, as in Sentinel's own template, names the column
//! that `SearchKey` repeats), and `externaldata/` holds files for addresses: `externaldata/<host>/<path>`, or
//! just `externaldata/<file name>`. Nothing outside these two folders is read, and no network is asked.

use super::above;
use crate::kql::run::frame::Rows;
use crate::kql::run::memo::Memo;
use crate::kql::{Catalog, Late, Watchlist};
use crate::value::{Table, Type};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const WATCHLISTS: &str = "watchlists";
const EXTERNAL: &str = "externaldata";
/// Larger files are refused, in bytes.
const LARGEST: u64 = 64 << 20;

/// A catalog with the files beside a rule.
pub struct Beside<'a> {
    inner: &'a dyn Catalog,
    watchlists: Option<PathBuf>,
    external: Option<PathBuf>,
}

impl<'a> Beside<'a> {
    /// The files beside a rule or a folder.
    pub fn new(path: &Path, inner: &'a dyn Catalog) -> Self {
        Self {
            inner,
            watchlists: above::nearest(path, WATCHLISTS),
            external: above::nearest(path, EXTERNAL),
        }
    }
}

/// The file of a folder; none where there is none, or where it lies outside once links are followed.
fn within(folder: &Path, name: &Path) -> Option<PathBuf> {
    let file = folder.join(name).canonicalize().ok()?;
    let inside = file.starts_with(folder.canonicalize().ok()?);
    (inside && file.is_file()).then_some(file)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let wrong = |e: std::io::Error| format!("`{}` cannot be read: {e}", file.display());
    let size = std::fs::metadata(file).map_err(wrong)?.len();
    if size > LARGEST {
        let most = LARGEST >> 20;
        return Err(format!("`{}` is larger than {most} MB", file.display()));
    }
    std::fs::read(file).map_err(wrong)
}

/// The parts of an address below its host, host first; none where one of them could lead elsewhere.
fn parts(address: &str) -> Option<Vec<&str>> {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    // A query, a fragment and the key of a storage account are no part of the name.
    let end = address.find(['?', '#', ';']).unwrap_or(address.len());
    let parts: Vec<&str> = address
        .get(..end)?
        .split(['/', '\\'])
        .filter(|p| !p.is_empty())
        .collect();
    let plain = |p: &&str| !matches!(*p, "." | "..") && !p.contains([':', '\0']);
    (!parts.is_empty() && parts.iter().all(plain)).then_some(parts)
}

/// The column that a template names as the search key.
fn search_key(text: &[u8]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(text).ok()?;
    let key = json
        .get("itemsSearchKey")
        .or_else(|| json.get("properties")?.get("itemsSearchKey"))?;
    Some(key.as_str()?.to_owned())
}

impl Catalog for Beside<'_> {
    fn table_names(&self) -> Vec<String> {
        self.inner.table_names()
    }

    fn schema(&self, table: &str) -> Option<Vec<(String, Type)>> {
        self.inner.schema(table)
    }

    fn table(&self, table: &str) -> Option<Arc<Table>> {
        self.inner.table(table)
    }

    fn memo(&self) -> Option<&Memo> {
        self.inner.memo()
    }

    fn visible(&self, table: &str) -> Option<(Arc<Table>, Option<Rows>)> {
        self.inner.visible(table)
    }

    fn late(&self, table: &str) -> Option<(Arc<dyn Late>, Option<Rows>)> {
        self.inner.late(table)
    }

    fn external(&self, address: &str) -> Option<Result<Vec<u8>, String>> {
        let folder = self.external.as_ref()?;
        let parts = parts(address)?;
        let whole: PathBuf = parts.iter().collect();
        let file = within(folder, &whole).or_else(|| within(folder, Path::new(parts.last()?)))?;
        Some(read(&file))
    }

    fn watchlist_names(&self) -> Vec<String> {
        let entries = self.watchlists.iter().flat_map(std::fs::read_dir);
        let files = entries.flatten().flatten().map(|e| e.path());
        let mut names: Vec<String> = files
            .filter(|f| f.extension().is_some_and(|e| e == "csv"))
            .filter_map(|f| Some(f.file_stem()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        names
    }

    fn watchlist(&self, alias: &str) -> Option<Result<Watchlist, String>> {
        let folder = self.watchlists.as_ref()?;
        let [name] = parts(alias)?[..] else {
            return None;
        };
        let file = within(folder, Path::new(&format!("{name}.csv")))?;
        let template = within(folder, Path::new(&format!("{name}.json")));
        Some(read(&file).map(|csv| Watchlist {
            csv,
            search_key: template.and_then(|t| search_key(&read(&t).ok()?)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kql::{self, Options};
    use crate::logs::Dataset;

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("rules/sentinel/rule.yaml", ""),
            (
                "watchlists/vips.csv",
                "User,Why\nann@example.com,CEO\nbob@example.com,CFO\n",
            ),
            ("watchlists/keyed.csv", "User,Id\nann,7\n"),
            (
                "watchlists/keyed.json",
                r#"{"properties": {"itemsSearchKey": "Id"}}"#,
            ),
            (
                "externaldata/feeds.example.org/a/list.csv",
                "203.0.113.7\n203.0.113.8\n",
            ),
            ("externaldata/short.csv", "x\n"),
            ("secret.csv", "secret\n"),
        ] {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        folder
    }

    fn answer(query: &str) -> Result<Vec<Vec<serde_json::Value>>, String> {
        let folder = workspace();
        let data = Dataset::default();
        let beside = Beside::new(&folder.path().join("rules/sentinel/rule.yaml"), &data);
        match kql::run(query, &beside, &Options::at(0)) {
            Ok(output) => Ok((0..output.table.rows)
                .map(|row| output.table.row(row).iter().map(|v| v.to_json()).collect())
                .collect()),
            Err(wrong) => Err(wrong.iter().map(|d| d.message.clone()).collect()),
        }
    }

    #[test]
    fn watchlists_lie_in_a_folder_above_the_rule() {
        let rows =
            answer("_GetWatchlist('vips') | where Why == 'CFO' | project SearchKey, User").unwrap();
        assert_eq!(rows, [["bob@example.com", "bob@example.com"]]);
        let rows = answer("_GetWatchlist('keyed') | project SearchKey").unwrap();
        assert_eq!(rows, [["7"]]);
        let wrong = answer("_GetWatchlist('nobody') | count").unwrap_err();
        assert!(wrong.contains("`nobody` is not there"), "{wrong}");
    }

    #[test]
    fn addresses_are_files_of_a_folder() {
        let of = |address: &str| answer(&format!("externaldata(ip: string)[@'{address}'] | count"));
        for address in [
            "https://feeds.example.org/a/list.csv",
            "https://feeds.example.org/a/list.csv?token=1",
        ] {
            assert_eq!(of(address).unwrap(), [[2]], "{address}");
        }
        assert_eq!(of("https://elsewhere.example/b/short.csv").unwrap(), [[1]]);
    }

    #[test]
    fn nothing_outside_the_folders_is_read() {
        for address in [
            "https://feeds.example.org/../../secret.csv",
            "../secret.csv",
            "..\\secret.csv",
            "file:///etc/hostname",
            "https://feeds.example.org/none.csv",
        ] {
            assert!(
                answer(&format!("externaldata(x: string)[@'{address}']")).is_err(),
                "{address}"
            );
        }
        assert!(answer("_GetWatchlist('../secret')").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere_else() {
        let folder = workspace();
        let link = folder.path().join("watchlists/out.csv");
        std::os::unix::fs::symlink(folder.path().join("secret.csv"), link).unwrap();
        let data = Dataset::default();
        let beside = Beside::new(folder.path(), &data);
        assert!(beside.watchlist("out").is_none());
        assert!(beside.watchlist("vips").is_some());
    }
}
