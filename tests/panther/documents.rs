//! Documents of every kind: which the platform's tool accepts, and what is said of the others.

use rulewright::panther::documents::read;

/// What ours refuses and the platform's tool does not, and why.
const STRICTER: &[(&str, &str)] = &[];

#[test]
fn documents_are_accepted_as_by_the_platforms_tool() {
    let text = super::text("tests/panther/documents/verdicts.txt");
    let mut failures = Vec::new();
    let mut counts = [0, 0];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let [verdict, name, document] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}");
        };
        let (_, found) = read(document);
        let errors: Vec<String> = found
            .iter()
            .filter(|d| d.is_error() && !d.code.starts_with("panther-case-"))
            .map(|d| format!("{}: {}", d.code, d.message))
            .collect();
        let refused = verdict == "refused";
        counts[usize::from(refused)] += 1;
        let known = STRICTER.iter().any(|(stricter, _)| *stricter == name);
        if refused == errors.is_empty() && !known {
            failures.push(format!("{verdict}: {name}\n{document}{errors:?}\n"));
        }
    }
    assert!(counts.iter().all(|n| *n > 200), "{counts:?}");
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n")
    );
}
