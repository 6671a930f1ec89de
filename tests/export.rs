//! Exports: what is written, for which rules, and what is refused. The `*.arm.json` beside the rules in `export/` are
//! written by hand from the service's property names.

use rulewright::detect::{Body, CaseResult, Platform, Rule};
use rulewright::export::{Mark, Target, arm_template, export, export_with};
use rulewright::{panther, sentinel};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

const FULL: &str = include_str!("export/full.yaml");
const NRT: &str = include_str!("export/nrt.yaml");
const CHAIN: &str = include_str!("../rules/sentinel/openai_config_to_abuse_chain.yaml");

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn sentinel_rule(path: &Path, text: &str) -> Rule {
    let (rule, diagnostics) = sentinel::read(text);
    Rule {
        path: path.to_owned(),
        companion: Some(path.with_extension("cases.yaml")),
        body: Body::Sentinel(rule),
        diagnostics: diagnostics
            .into_iter()
            .map(|d| (path.to_owned(), d))
            .collect(),
        text: text.to_owned(),
        companion_text: None,
    }
}

fn panther_rule(path: &Path, filename: &str, body: Option<&str>) -> Rule {
    let text = format!("AnalysisType: rule\r\nFilename: {filename}\r\nRuleID: A.B # as it is\r\n");
    let rule = panther::Rule {
        id: "A.B".to_owned(),
        name: "A.B".to_owned(),
        filename: filename.to_owned(),
        ..panther::Rule::default()
    };
    Rule {
        path: path.to_owned(),
        companion: Some(path.with_file_name(filename)),
        body: Body::Panther(rule, body.map(str::to_owned)),
        diagnostics: Vec::new(),
        text,
        companion_text: body.map(str::to_owned),
    }
}

fn case(name: &str, message: &str) -> CaseResult {
    CaseResult {
        case: name.to_owned(),
        passed: message.is_empty(),
        message: message.to_owned(),
        path: PathBuf::from("rule.cases.yaml"),
        line: 7,
        ..CaseResult::default()
    }
}

fn passing(_: &Rule) -> Vec<CaseResult> {
    vec![case("one", ""), case("two", "")]
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|e| e.file_type().is_file())
        .map(|e| {
            let name = e.path().strip_prefix(folder).unwrap().to_str().unwrap();
            (name.replace('\\', "/"), std::fs::read(e.path()).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn validator(schema: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&json(schema)).unwrap()
}

#[test]
fn arm_templates_are_as_the_service_takes_them() {
    let preview = validator(include_str!(
        "../assets/schemas/alertRules.2025-07-01-preview.json"
    ));
    let stable = validator(include_str!("../assets/schemas/alertRules.2025-09-01.json"));
    for (text, expected) in [
        (FULL, include_str!("export/full.arm.json")),
        (NRT, include_str!("export/nrt.arm.json")),
    ] {
        let (rule, diagnostics) = sentinel::read(text);
        assert_eq!(diagnostics, []);
        let template = arm_template(&rule, &Mark::Tested(1)).unwrap();
        let pretty = |json: &Json| serde_json::to_string_pretty(json).unwrap();
        assert_eq!(pretty(&template), pretty(&json(expected)));
        let resource = &template["resources"][0];
        let errors: Vec<String> = preview
            .iter_errors(resource)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    for text in [CHAIN, include_str!("sentinel/seed.yaml")] {
        let (rule, _) = sentinel::read(text);
        let template = arm_template(&rule, &Mark::Tested(1)).unwrap();
        let resource = &template["resources"][0];
        assert!(stable.is_valid(resource));
        let mut shown = resource.clone();
        let properties = shown["properties"].as_object_mut().unwrap();
        assert_eq!(
            properties.shift_remove("query"),
            Some(Json::from(rule.query.as_str()))
        );
        let description = properties.shift_remove("description").unwrap();
        assert_eq!(description, rule.description.trim());
        let expected = json(include_str!("export/chain.arm.json"));
        assert_eq!(shown["kind"], expected["kind"]);
        assert_eq!(shown["apiVersion"], expected["apiVersion"]);
        assert_eq!(shown["properties"], expected["properties"]);
    }
}

#[test]
fn the_schema_would_notice() {
    // The validation above is worth something: these are wrong, and it says so.
    let stable = validator(include_str!("../assets/schemas/alertRules.2025-09-01.json"));
    let (rule, _) = sentinel::read(CHAIN);
    let right = arm_template(&rule, &Mark::Tested(1)).unwrap()["resources"][0].clone();
    for (property, value) in [
        ("triggerOperator", json("\"Equals\"")),
        ("suppressionDuration", Json::Null),
        ("severity", json("\"Critical\"")),
        ("enabled", json("\"yes\"")),
    ] {
        let mut wrong = right.clone();
        wrong["properties"][property] = value;
        assert!(!stable.is_valid(&wrong), "{property}");
    }
}

#[test]
fn types_the_service_does_not_know_are_refused() {
    let text = NRT.to_owned()
        + "entityMappings: [{entityType: IoTDevice, fieldMappings: [{identifier: DeviceId, columnName: a}]}]\n";
    let (rule, diagnostics) = sentinel::read(&text);
    assert_eq!(diagnostics, []);
    let error = arm_template(&rule, &Mark::Tested(1)).unwrap_err();
    assert!(
        error.contains("IoTDevice") && error.contains("sentinel-yaml"),
        "{error}"
    );
}

#[test]
fn an_id_cannot_leave_its_quotes() {
    let (rule, _) = sentinel::read(&NRT.replace("11111111-2222", "x')]"));
    let error = arm_template(&rule, &Mark::Tested(1)).unwrap_err();
    assert!(error.contains("give the rule a GUID"), "{error}");
}

#[test]
fn sentinel_yaml_is_the_authors_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/out");
    let text = format!("\u{feff}{}", CHAIN.replace('\n', "\r\n"));
    let rule = sentinel_rule(&folder.path().join("chain.yaml"), &text);
    let written = export_with(&rule, Target::SentinelYaml, &out, false, passing).unwrap();
    assert_eq!(written, [out.join("chain.yaml")]);
    assert_eq!(
        files(&out),
        [("chain.yaml".to_owned(), text.clone().into_bytes())]
    );
    // Once more over the same name, untested this time: marked by a comment, and still the same rule.
    export_with(&rule, Target::SentinelYaml, &out, true, |_| Vec::new()).unwrap();
    let (_, bytes) = files(&out).remove(0);
    let marked = String::from_utf8(bytes).unwrap();
    let first = "\u{feff}# UNTESTED, exported by Rulewright: the rule has no cases\r\n";
    assert_eq!(marked, format!("{first}{}", &text[3..]));
    assert_eq!(
        sentinel::read(&marked).0.query,
        sentinel::read(&text).0.query
    );
}

#[test]
fn an_arm_file_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let rule = sentinel_rule(Path::new("rules/chain.yaml"), CHAIN);
    let out = folder.path();
    export_with(&rule, Target::SentinelArm, out, false, passing).unwrap();
    let found = files(out);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "chain.json");
    let template: Json = serde_json::from_slice(&found[0].1).unwrap();
    assert_eq!(template.get("metadata"), None);
    let failing = |_: &Rule| vec![case("one", ""), case("two", "expected 1 row, found no row")];
    export_with(&rule, Target::SentinelArm, out, true, failing).unwrap();
    let template: Json = serde_json::from_slice(&files(out)[0].1).unwrap();
    assert_eq!(
        template["metadata"]["comments"],
        "UNTESTED, exported by Rulewright: 1 of 2 cases fail"
    );
}

#[test]
fn panther_files_stand_where_pat_looks() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let rule = panther_rule(
        Path::new("x/a_b.yml"),
        "the_body.py",
        Some("def rule(event):\n    return True\n"),
    );
    let written = export_with(&rule, Target::Panther, out, false, passing).unwrap();
    assert_eq!(
        written,
        [out.join("rules/a_b.yml"), out.join("rules/the_body.py")]
    );
    assert_eq!(
        files(out),
        [
            ("rules/a_b.yml".to_owned(), rule.text.clone().into_bytes()),
            (
                "rules/the_body.py".to_owned(),
                b"def rule(event):\n    return True\n".to_vec()
            ),
        ]
    );
    for (rule, part) in [
        (
            panther_rule(Path::new("a.yml"), "../b.py", Some("x")),
            "not a file name",
        ),
        (
            panther_rule(Path::new("a.yml"), "", Some("x")),
            "not a file name",
        ),
        (
            panther_rule(Path::new("a.yml"), "/b.py", Some("x")),
            "not a file name",
        ),
        (
            panther_rule(Path::new("a.yml"), "b.py", None),
            "b.py is missing",
        ),
        (
            panther_rule(Path::new("a.yml"), "a.yml", Some("x")),
            "own file",
        ),
    ] {
        let error = export_with(&rule, Target::Panther, out, false, passing).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn untested_and_broken_rules_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let rule = sentinel_rule(Path::new("rules/chain.yaml"), CHAIN);
    let refused = |rule: &Rule, target, untested, results: Vec<CaseResult>| {
        let error = export_with(rule, target, &out, untested, |_| results).unwrap_err();
        assert!(!out.exists(), "nothing is written");
        error
    };
    assert_eq!(
        refused(
            &rule,
            Target::SentinelYaml,
            false,
            vec![case("one", ""), case("two", "expected 1 row, found no row")]
        ),
        "case 'two' fails (1 of 2 do): expected 1 row, found no row (rule.cases.yaml:7); mend the rule or the case, or export with --untested, which marks the result"
    );
    assert_eq!(
        refused(&rule, Target::SentinelArm, false, vec![]),
        "OpenAI - Privileged config change followed by abuse signal has no cases: add chain.cases.yaml beside it, or export with --untested, which marks the result"
    );
    let panther = panther_rule(Path::new("a.yml"), "b.py", Some("x"));
    assert!(refused(&panther, Target::Panther, false, vec![]).contains("add `Tests:` to its YAML"));
    assert_eq!(
        refused(&rule, Target::Panther, true, vec![]),
        "rules/chain.yaml is a sentinel rule; panther takes panther rules"
    );
    // A rule that cannot be read right is refused even untested.
    let broken = sentinel_rule(
        Path::new("rules/chain.yaml"),
        &CHAIN.replace("severity: High", "severity: Critical"),
    );
    let error = refused(&broken, Target::SentinelArm, true, vec![case("one", "")]);
    let line = CHAIN
        .lines()
        .position(|l| l.starts_with("severity:"))
        .unwrap()
        + 1;
    assert!(
        error.starts_with(&format!(
            "rules/chain.yaml:{line}:11: `Critical` is no value of `severity`"
        )),
        "{error}"
    );
}

#[test]
fn the_authors_files_are_never_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chain.yaml");
    std::fs::write(&path, CHAIN).unwrap();
    let rule = sentinel_rule(&path, CHAIN);
    let error = export_with(&rule, Target::SentinelYaml, folder.path(), true, |_| {
        Vec::new()
    })
    .unwrap_err();
    assert!(
        error.contains("own file; export into another folder"),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), CHAIN);
    // A folder in the place of a file, a file in the place of the folder.
    std::fs::create_dir(folder.path().join("chain.json")).unwrap();
    let error = export_with(&rule, Target::SentinelArm, folder.path(), false, passing).unwrap_err();
    assert!(error.contains("is a folder"), "{error}");
    let error = export_with(&rule, Target::SentinelArm, &path, false, passing).unwrap_err();
    assert!(error.contains("cannot be written"), "{error}");
    assert_eq!(files(folder.path()).len(), 1, "no temporary file is left");
}

#[test]
fn the_engine_decides_by_default() {
    // A rule without a case file is refused, whatever the engine is.
    let folder = tempfile::tempdir().unwrap();
    let rule = sentinel_rule(Path::new("rules/chain.yaml"), CHAIN);
    assert!(export(&rule, Target::SentinelYaml, folder.path(), false).is_err());
    assert_eq!(files(folder.path()), []);
    for target in Target::ALL {
        assert_eq!(Target::from_name(target.name()), Some(target));
    }
    assert_eq!(Target::SentinelArm.platform(), Platform::Sentinel);
}

#[test]
fn the_bundled_rule_passes_its_own_cases_and_a_broken_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let path = folder.path().join("chain.yaml");
    let cases = include_str!("../rules/sentinel/openai_config_to_abuse_chain.cases.yaml");
    std::fs::write(&path, CHAIN).unwrap();
    std::fs::write(folder.path().join("chain.cases.yaml"), cases).unwrap();
    let open = || rulewright::detect::open(&path, &rulewright::detect::Disk).unwrap();
    for target in [Target::SentinelYaml, Target::SentinelArm] {
        export(&open(), target, &out, false).unwrap();
    }
    assert_eq!(files(&out).len(), 2);
    // Looking for another finish reason, the rule no longer finds the first chain.
    std::fs::write(
        &path,
        CHAIN.replace(
            "has_any (\"content_filter\", \"length\")",
            "has_any (\"stop\")",
        ),
    )
    .unwrap();
    let error = export(&open(), Target::SentinelArm, &out, false).unwrap_err();
    assert!(
        error
            .starts_with("case 'A role change, then a filtered answer by the same person' fails ("),
        "{error}"
    );
    assert!(error.contains("expected 1 row, found no row"), "{error}");
}
