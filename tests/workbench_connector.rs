//! A connector made in the window, from the file nobody recognises to a rule that matches its rows.

#[path = "common/soft.rs"]
mod soft;
#[path = "common/window.rs"]
mod window;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::path::Path;
use window::*;

const RULE: &str = "\
id: 11111111-2222-4333-8444-555555555555
name: Trail deleted
description: Somebody switched the logging off
severity: High
requiredDataConnectors: []
queryFrequency: PT1H
queryPeriod: P1D
triggerOperator: gt
triggerThreshold: 0
tactics:
- DefenseEvasion
relevantTechniques:
- T1562
query: |
  Cloudtrail_CL
  | where eventName == \"DeleteTrail\" and readOnly == false
  | extend Who = tostring(userIdentity.arn)
  | project TimeGenerated, eventName, Who, sourceIPAddress
entityMappings:
- entityType: IP
  fieldMappings:
  - identifier: Address
    columnName: sourceIPAddress
version: 1.0.0
kind: Scheduled
";

/// Ten events as AWS CloudTrail writes them, two of which delete a trail; the second of those only by name.
fn cloudtrail(path: &Path) {
    let lines: String = (0..10)
        .map(|n| {
            let name = if n % 5 == 3 { "DeleteTrail" } else { "GetObject" };
            let read_only = n != 3;
            format!(
                "{{\"eventVersion\":\"1.08\",\"userIdentity\":{{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::123456789012:user/u{n}\"}},\"eventTime\":\"2026-06-08T0{n}:15:00Z\",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"{name}\",\"awsRegion\":\"eu-central-1\",\"sourceIPAddress\":\"203.0.113.{n}\",\"readOnly\":{read_only},\"eventID\":\"e-{n}\",\"bytes\":{n}}}\n"
            )
        })
        .collect();
    std::fs::write(path, lines).expect("the events");
}

fn a_workspace_with_cloudtrail() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for part in ["rules", "logs"] {
        std::fs::create_dir_all(folder.path().join(part)).expect("a folder");
    }
    std::fs::write(folder.path().join("rules/trail.yaml"), RULE).expect("the rule");
    cloudtrail(&folder.path().join("logs/cloudtrail.ndjson"));
    folder
}

fn to_columns<'a>(folder: &Path) -> Window<'a> {
    let mut harness = window(folder, [1440.0, 1000.0]);
    assert!(!has(&harness, "1 match"), "nobody knows the table yet");
    press(&mut harness, CTRL, Key::J);
    settle(&mut harness);
    harness
        .get_by_role_and_label(Role::Row, "Log file logs/cloudtrail.ndjson in Logs")
        .click_accesskit();
    settle(&mut harness);
    click(&mut harness, "New connector…");
    click(&mut harness, "Next");
    harness
}

#[test]
fn a_log_that_nobody_knows_is_loaded_through_a_connector_made_in_the_window() {
    let folder = a_workspace_with_cloudtrail();
    let mut harness = to_columns(folder.path());
    assert!(has(&harness, "cloudtrail.ndjson: 10 records, JSON lines"));
    assert!(has(&harness, "eventTime is the time"));
    // The version changes one day: it does not tell the records.
    fill(&mut harness, "Panther log type", "AWS.CloudTrail");
    fill(&mut harness, "Ingestion delay", "15m");
    click(&mut harness, "Next");
    assert!(has(
        &harness,
        "All of 10 records become rows of Cloudtrail_CL"
    ));
    click(&mut harness, "Save and load");
    let saved = folder.path().join("connectors/cloudtrail.yaml");
    let text = std::fs::read_to_string(saved).expect("the connector");
    assert!(text.contains("log_type: AWS.CloudTrail") && text.contains("ingestion_delay: \"15m\""));
    // The file is loaded, and the rule over its table matches: one of the two deletions changes something.
    assert!(has(&harness, "10 events"));
    assert!(has(&harness, "1 match"), "the rule of the workspace");
    harness
        .get_by_role_and_label(Role::Row, "Match 1")
        .click_accesskit();
    settle(&mut harness);
    assert!(has(&harness, "203.0.113.3"));
    assert!(has(&harness, "arn:aws:iam::123456789012:user/u3"));
    // It is there the next time.
    drop(harness);
    let harness = window(folder.path(), [1440.0, 1000.0]);
    assert!(has(&harness, "1 match"));
}

#[test]
fn the_form_says_what_is_wrong_and_where() {
    let folder = a_workspace_with_cloudtrail();
    let mut harness = to_columns(folder.path());
    fill(&mut harness, "Table", "Cloud Trail");
    assert!(has(&harness, "Table: use letters, digits and _"));
    fill(&mut harness, "Table", "OpenAIAuditLogs");
    click(&mut harness, "Next");
    assert!(has(
        &harness,
        "the table `OpenAIAuditLogs` is already filled by the connector"
    ));
    let editor = harness.get_by_label("Connector file");
    editor.focus();
    harness.step();
    press(&mut harness, CTRL, Key::A);
    type_text(&mut harness, "id: x\ntitle: [");
    assert!(has(&harness, "Line 2, column "), "the place in the file");
    click(&mut harness, "Write it anew from the form");
    click(&mut harness, "Back");
    fill(&mut harness, "Table", "Trail");
    click(&mut harness, "Next");
    assert!(has(&harness, "All of 10 records become rows of Trail"));
}

#[test]
fn members_of_members_become_columns_of_their_own() {
    let folder = a_workspace_with_cloudtrail();
    let mut harness = to_columns(folder.path());
    fill(&mut harness, "Filter columns", "identity");
    click(&mut harness, "Use userIdentity.arn");
    fill(&mut harness, "Filter columns", "bytes");
    click(&mut harness, "Use bytes");
    click(&mut harness, "Next");
    assert!(has(&harness, "All of 10 records become rows"));
    assert!(has(&harness, "arn:aws:iam::123456789012:user/u0"));
    click(&mut harness, "Save and load");
    let saved = folder.path().join("connectors/cloudtrail.yaml");
    let text = std::fs::read_to_string(saved).expect("the connector");
    assert!(
        text.contains("userIdentity_arn = tostring(userIdentity.arn)"),
        "{text}"
    );
    assert!(!text.contains("bytes"), "{text}");
}

#[test]
fn a_file_that_is_no_log_says_so() {
    let folder = a_workspace_with_cloudtrail();
    let mut harness = window(folder.path(), [1440.0, 1000.0]);
    let odd = folder.path().join("picture.bin");
    std::fs::write(&odd, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("a file");
    harness
        .state_mut()
        .execute(rulewright::workbench::Command::NewConnector);
    settle(&mut harness);
    let field = "A log file with records of the kind that is not recognised yet";
    fill(&mut harness, field, &odd.display().to_string());
    click(&mut harness, "Next");
    assert!(has(&harness, "No record was found"));
    fill(&mut harness, field, "/nowhere/at.all");
    click(&mut harness, "Next");
    assert!(has(&harness, "/nowhere/at.all cannot be read"));
}

#[test]
fn a_broken_connector_file_is_told_and_put_right_in_the_editor() {
    let folder = a_workspace_with_cloudtrail();
    let connectors = folder.path().join("connectors");
    std::fs::create_dir_all(&connectors).expect("a folder");
    std::fs::write(connectors.join("trail.yaml"), "id: trail\ntitle: Trails\n").expect("a file");
    let mut harness = window(folder.path(), [1440.0, 1000.0]);
    press(&mut harness, CTRL, Key::J);
    settle(&mut harness);
    assert!(has(
        &harness,
        "The connector trail.yaml has errors and is not used"
    ));
    harness.get_by_label_contains("Problems").click();
    settle(&mut harness);
    let problem = harness
        .query_all_by_label_contains("error trail.yaml")
        .next();
    problem.expect("a problem").click();
    settle(&mut harness);
    // It is no rule: the rule that is open stays the one that runs.
    assert!(has(&harness, "Trail deleted"));
    assert!(!has(&harness, "not-a-rule"));
    assert!(harness.query_by_label("trail.yaml").is_some(), "its tab");
}

#[test]
fn a_schema_is_taken_from_a_file_that_is_typed() {
    let folder = a_workspace_with_cloudtrail();
    let schema = folder.path().join("schema.csv");
    let text = "TableName,ColumnName,ColumnType\nAWSCloudTrail,EventName,string\nAWSCloudTrail,NoSuchThing,long\n";
    std::fs::write(&schema, text).expect("a file");
    let mut harness = to_columns(folder.path());
    click(&mut harness, "Import schema…");
    fill(&mut harness, "Path of a schema file", "nowhere.csv");
    click(&mut harness, "Import");
    assert!(has(&harness, "The schema cannot be read"));
    let path = schema.display().to_string();
    fill(&mut harness, "Path of a schema file", &path);
    click(&mut harness, "Import");
    picture(&mut harness, "schema-dark.png");
    assert!(has(
        &harness,
        "1 of the schema's 2 columns are given by the records"
    ));
    assert!(has(&harness, "nothing: stands empty"));
}
