//! Test results as JUnit's XML.

use super::input::exact;
use super::test::Tested;
use std::io::{self, Write};

/// Writes the results of all rules.
pub(super) fn write_junit(out: &mut dyn Write, tested: &Tested<'_>) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites tests=\"{}\" failures=\"{}\">",
        tested.results().count(),
        tested.failed()
    )?;
    for rule in &tested.rules {
        let results = &rule.results;
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">",
            xml(rule.name),
            results.len(),
            rule.count(|r| !r.passed && !r.skipped)
        )?;
        for r in results {
            write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                xml(rule.id),
                xml(&r.case),
                xml(&exact(&r.path)),
                r.line
            )?;
            if r.passed {
                writeln!(out, "/>")?;
            } else if r.skipped {
                let why = xml(&r.message);
                writeln!(
                    out,
                    ">\n      <skipped message=\"{why}\"/>\n    </testcase>"
                )?;
            } else {
                writeln!(
                    out,
                    ">\n      <failure message=\"{}\">expected {}, got {}</failure>\n    </testcase>",
                    xml(&r.message),
                    xml(&r.expected),
                    xml(&r.actual)
                )?;
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Text within XML: marks escaped, characters that XML lacks left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_text_is_escaped() {
        assert_eq!(xml("a<b>&\"\u{1}\n"), "a&lt;b&gt;&amp;&quot;&#10;");
    }
}
