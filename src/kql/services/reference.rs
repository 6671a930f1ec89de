//! The reference page: everything the language has here, out of the same texts as the hover.

use super::words;
use crate::kql::operators::docs::{Doc, Topic};
use crate::kql::{aggregates, functions};

/// The page, in Markdown.
pub fn reference() -> String {
    let mut page = String::from(
        "# KQL reference\n\nWhat the engine of Rulewright knows of the Kusto Query Language. This page is made of the texts that hover \
         and completion show;\ndo not edit it, edit those.\n\nIn a signature, what stands in `[ ]` may be left out, and `…` may be repeated.\n",
    );
    let topics = [
        (Topic::Statement, "Statements"),
        (Topic::Operator, "Operators"),
        (Topic::JoinKind, "Kinds of join"),
        (Topic::Plugin, "Plugins"),
        (Topic::ScalarOperator, "Operators between values"),
    ];
    for (topic, title) in topics {
        let mut docs: Vec<&Doc> = words::all().filter(|d| d.topic == topic).collect();
        if docs.is_empty() {
            continue;
        }
        if topic != Topic::ScalarOperator {
            docs.sort_by_key(|d| d.name());
        }
        page.push_str(&format!("\n## {title}\n"));
        for doc in docs {
            entry(&mut page, doc.names, doc.signature, doc.doc, doc.example);
        }
    }
    page.push_str("\n## Types\n\n");
    for ty in words::TYPES {
        page.push_str(&format!("* `{ty}`: {}\n", words::type_doc(ty)));
    }
    page.push_str("\n## Aggregates\n");
    let mut list: Vec<_> = aggregates::all()
        .map(|a| (a.names, a.signature, a.doc, ""))
        .collect();
    let picking = ["arg_max", "arg_min", "take_any", "percentiles"];
    let special = |d: &&Doc| d.topic == Topic::Special;
    for doc in words::all().filter(special) {
        let known = list.iter().any(|(names, ..)| names.contains(&doc.name()));
        if picking.contains(&doc.name()) && !known {
            list.push((doc.names, doc.signature, doc.doc, doc.example));
        }
    }
    list.sort_by_key(|(names, ..)| names.first().copied());
    for (names, signature, doc, example) in list {
        entry(&mut page, names, signature, doc, example);
    }
    page.push_str("\n## Functions\n");
    let mut list: Vec<_> = functions::all()
        .map(|f| (f.names, f.signature, f.doc, ""))
        .collect();
    for doc in words::all().filter(special) {
        let known = list.iter().any(|(names, ..)| names.contains(&doc.name()));
        if !picking.contains(&doc.name()) && !known {
            list.push((doc.names, doc.signature, doc.doc, doc.example));
        }
    }
    list.sort_by_key(|(names, ..)| names.first().copied());
    for (names, signature, doc, example) in list {
        entry(&mut page, names, signature, doc, example);
    }
    page
}

fn entry(page: &mut String, names: &[&str], signature: &str, doc: &str, example: &str) {
    let Some((name, others)) = names.split_first() else {
        return;
    };
    page.push_str(&format!(
        "\n### {name}\n\n```kusto\n{signature}\n```\n\n{doc}"
    ));
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(|o| format!("`{o}`")).collect();
        page.push_str(&format!(" Also written {}.", others.join(", ")));
    }
    page.push('\n');
    if !example.is_empty() {
        page.push_str(&format!("\nExample:\n\n```kusto\n{example}\n```\n"));
    }
}
