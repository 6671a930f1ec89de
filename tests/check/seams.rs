//! What the window and the commands rely on.

use rulewright::check::{self, Context, Source, Target, read_schemas};
use rulewright::detect::{Disk, Opener, Texts};
use rulewright::logs::Dataset;
use rulewright::task::CancelToken;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

fn codes(path: &str, text: &str, cancel: &CancelToken) -> Vec<String> {
    let data = Dataset::default();
    let source = Source {
        path: Path::new(path),
        text,
        texts: &Disk,
    };
    let context = Context {
        target: None,
        tables: &data,
        dataset: None,
        cancel,
    };
    let found = check::check(&source, &context);
    found.into_iter().map(|f| f.diagnostic.code).collect()
}

#[test]
fn a_document_that_is_no_rule_is_told_so() {
    assert_eq!(
        codes("a.yaml", "hello: world\n", &CancelToken::new()),
        ["not-a-rule"]
    );
}

#[test]
fn a_cancelled_check_ends() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let rule = "id: x\nname: n\nkind: Scheduled\nquery: T\n";
    assert_eq!(codes("a.yaml", rule, &cancel), Vec::<String>::new());
}

#[test]
fn unsaved_siblings_are_read() {
    struct Buffers(HashMap<PathBuf, String>);
    impl Texts for Buffers {
        fn text(&self, path: &Path) -> Option<String> {
            self.0.get(path).cloned()
        }
    }
    let path = Path::new("no-such-folder/a.yaml");
    let cases = path.with_file_name("a.cases.yaml");
    let buffers = Buffers([(cases.clone(), "cases: 1\n".to_owned())].into());
    let data = Dataset::default();
    let cancel = CancelToken::new();
    let source = Source {
        path,
        text: "id: x\nname: n\nkind: NRT\nquery: T\n",
        texts: &buffers,
    };
    let context = Context {
        target: Some(Target::Panther),
        tables: &data,
        dataset: None,
        cancel: &cancel,
    };
    let found = check::check_with(&mut Opener::default(), &source, &context);
    assert!(found.iter().any(|f| f.path == cases), "{found:#?}");
}

#[test]
fn schemas_are_read_under_any_of_their_headings() {
    let csv = "\u{feff}column_name,TABLE NAME,ColumnType,Description\nUser,Logins_CL,string,\nAt,Logins_CL,System.DateTime,x\n";
    let tables = read_schemas(csv.as_bytes(), None).unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].0, "Logins_CL");
    let columns: Vec<&str> = tables[0].1.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(columns, ["User", "At"]);
    let why = read_schemas(
        b"TableName,ColumnName,ColumnType\nT,a,string\nT,b,text2\n",
        None,
    )
    .unwrap_err();
    assert_eq!(why, "line 3 has the type `text2`, which KQL does not have");
    assert!(
        read_schemas(b"a,b\n1,2\n", None)
            .unwrap_err()
            .contains("TableName")
    );
}

#[test]
fn every_code_of_a_check_has_its_sentence() {
    let mut seen: Vec<&str> = Vec::new();
    for code in check::codes() {
        assert!(
            !code.about.is_empty() && !code.about.ends_with('.'),
            "{}",
            code.id
        );
        assert!(!seen.contains(&code.id), "{} is listed twice", code.id);
        seen.push(code.id);
    }
    assert!(seen.len() > 30);
}

#[test]
fn the_bundled_rule_is_found_what_is_known_of_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("rules/sentinel/openai_config_to_abuse_chain.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let found = codes(path.to_str().unwrap(), &text, &CancelToken::new());
    // An e-mail as the account's name, a day looked at every hour, no TimeGenerated.
    for code in [
        "sentinel-account-name",
        "sentinel-overlap",
        "sentinel-query-time",
    ] {
        assert!(found.iter().any(|c| c == code), "{code} of {found:?}");
    }
}
