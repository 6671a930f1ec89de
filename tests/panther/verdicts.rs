//! Verdicts and outputs as the platform's tester gives them (`panther/verdicts.yaml`).

use super::*;
use rulewright::panther::Exception;
use serde_yaml::Value as Yaml;

/// Where ours differs, and why.
const DIFFERENT: &[(&str, &str, &str)] = &[(
    "severity_default",
    "severity",
    "the tester is not told the rule's own severity and gives none; ours is the rule's",
)];

fn given(output: &Option<Result<Arc<str>, Exception>>) -> Json {
    match output {
        None => Json::Null,
        Some(Ok(text)) => Json::from(&**text),
        Some(Err(exception)) => Json::from(format!("! {}", exception.text)),
    }
}

#[test]
fn verdicts_are_those_of_the_platforms_tester() {
    let bodies: Vec<Yaml> = serde_yaml::from_str(&text("tests/panther/verdicts.yaml")).unwrap();
    assert!(bodies.len() > 40);
    let mut failures = Vec::new();
    for case in &bodies {
        let id = case["id"].as_str().unwrap();
        let destinations = match case.get("destinations") {
            Some(names) => format!("ExpectedDestinations: {}, ", flow(names)),
            None => String::new(),
        };
        let yaml = format!(
            "AnalysisType: rule\nRuleID: {id}\nEnabled: true\nFilename: {id}.py\nSeverity: High\nLogTypes: [Custom.X]\n{}\nTests:\n  \
             - {{Name: t, ExpectedResult: true, {destinations}Log: {{x: true, p_log_type: Custom.X}}}}\n  \
             - {{Name: f, ExpectedResult: false, Log: {{x: false}}}}\n",
            case.get("keys").and_then(Yaml::as_str).unwrap_or("")
        );
        let body = case["body"].as_str().unwrap();
        let cancel = CancelToken::new();
        let outcomes = match run_cases(&good(&yaml), body, Limits::default(), &cancel) {
            Ok(outcomes) => outcomes,
            Err(found) if id == "rule_not_callable" => {
                // Told when it is loaded, not case by case.
                assert_eq!(found[0].code, "panther-no-rule");
                continue;
            }
            Err(found) => panic!("{id}: {found:?}"),
        };
        for (outcome, name) in outcomes.iter().zip(["t", "f"]) {
            let wanted: Json = serde_json::to_value(&case[name]).unwrap();
            let out = &outcome.outcome;
            let rule = match out.matched.as_ref().unwrap() {
                Ok(matched) => Json::from(*matched),
                Err(exception) => Json::from(format!("! {}", exception.text)),
            };
            let destinations = match &out.destinations {
                Some(Err(exception)) => Json::from(format!("! {}", exception.text)),
                _ => Json::Null,
            };
            let all = [
                ("passed", Json::from(outcome.passed)),
                ("rule", rule),
                ("title", given(&out.title)),
                ("description", given(&out.description)),
                ("reference", given(&out.reference)),
                ("severity", given(&out.severity)),
                ("runbook", given(&out.runbook)),
                ("dedup", given(&out.dedup)),
                ("unique", given(&out.unique)),
                ("alert_context", given(&out.alert_context)),
                ("destinations", destinations),
            ];
            for (output, ours) in all {
                let wanted = wanted.get(output).unwrap_or(&Json::Null);
                let length = wanted.get("length").and_then(Json::as_u64);
                let same = match length {
                    Some(length) => ours.as_str().map(|t| t.chars().count() as u64) == Some(length),
                    None => *wanted == ours,
                };
                let known = DIFFERENT.iter().any(|(i, o, _)| *i == id && *o == output);
                if !same && !known {
                    failures.push(format!(
                        "{id}/{name}: {output}\n  expected {wanted}\n  given    {ours}"
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn flow(value: &Yaml) -> String {
    serde_json::to_string(value).unwrap()
}
