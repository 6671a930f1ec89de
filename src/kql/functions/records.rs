//! Texts of a known form: a line of comma-separated values, a command line, a version.

use super::Param::{AnyText, Text, TextConst};
use super::entry::{dynamic, entry, text};
use super::{Context, Function, Naming};
use crate::value::{Type, Value};
use serde_json::Value as Json;
use std::sync::Arc;

pub const FUNCTIONS: &[Function] = &[
    Function {
        naming: Naming::First,
        ..entry(
            &["parse_csv"],
            "parse_csv(text:string)",
            "The values of the first line of comma-separated text, as an array of texts.",
            &[AnyText],
            (0, 0),
            dynamic,
            parse_csv,
        )
    },
    entry(
        &["parse_command_line"],
        "parse_command_line(command:string, \"windows\")",
        "The arguments of a command line as an array, split by the rules of Windows.",
        &[AnyText, TextConst],
        (0, 0),
        dynamic,
        |context, a| {
            if &*text(a, 1) != "windows" {
                context.refuse("`parse_command_line` knows one kind of command line: \"windows\"");
            }
            match text(a, 0) {
                line if line.is_empty() => Value::Null,
                line => texts(arguments(&line)),
            }
        },
    ),
    entry(
        &["parse_version"],
        "parse_version(version:string)",
        "A version of one to four numbers of at most eight digits, as a decimal that compares as versions do; null for anything else.",
        &[Text],
        (0, 0),
        |_| Some(Type::Decimal),
        |_, a| {
            version(&text(a, 0)).map_or(Value::Null, |n| Value::Decimal(Arc::from(n.to_string())))
        },
    ),
];

fn texts(items: Vec<String>) -> Value {
    let items = items.into_iter().map(Json::from).collect();
    Value::Dynamic(Arc::new(Json::Array(items)))
}

/// Values of the first record; `""` inside quotes is a quote.
fn parse_csv(context: &Context, args: &[Value]) -> Value {
    let line = text(args, 0);
    let mut values = vec![String::new()];
    let mut chars = line.chars().peekable();
    let (mut quoted, mut closed) = (false, false);
    while let Some(c) = chars.next() {
        let Some(value) = values.last_mut() else {
            break;
        };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                value.push('"');
            }
            '"' if quoted => (quoted, closed) = (false, true),
            c if quoted => value.push(c),
            ',' => {
                values.push(String::new());
                closed = false;
            }
            '\n' | '\r' => break,
            '"' if value.is_empty() && !closed => quoted = true,
            c => {
                if closed || c == '"' {
                    context.refuse("`parse_csv` met a value with text beside its quotes");
                }
                value.push(c);
            }
        }
    }
    if quoted {
        context.refuse("`parse_csv` met a quote that is not closed");
    }
    texts(values)
}

/// The arguments as `CommandLineToArgvW` splits them.
fn arguments(line: &str) -> Vec<String> {
    let blank = |c: char| c == ' ' || c == '\t';
    // The program's name ends at its closing quote or at the first blank; nothing is escaped in it.
    let (program, mut rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => {
            let end = line.find(|c: char| c <= ' ').unwrap_or(line.len());
            line.split_at_checked(end).unwrap_or((line, ""))
        }
    };
    let mut all = vec![program.to_owned()];
    loop {
        rest = rest.trim_start_matches(blank);
        if rest.is_empty() {
            return all;
        }
        let (argument, after) = argument(rest);
        all.push(argument);
        rest = after;
    }
}

/// The first argument of a text that begins with one, and the text behind it.
fn argument(text: &str) -> (String, &str) {
    let mut made = String::new();
    let mut backslashes = 0usize;
    let mut inside = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                backslashes += 1;
                continue;
            }
            '"' => {
                // Before a quote two backslashes stand for one; one more makes the quote plain text.
                made.extend(std::iter::repeat_n('\\', backslashes / 2));
                if backslashes % 2 == 1 {
                    made.push('"');
                    backslashes = 0;
                    continue;
                }
                // Of a run of quotes every third is text.
                let mut quotes = usize::from(inside) + 1;
                while chars.peek().is_some_and(|(_, c)| *c == '"') {
                    chars.next();
                    quotes += 1;
                    if quotes == 3 {
                        made.push('"');
                        quotes = 0;
                    }
                }
                inside = quotes == 1;
                backslashes = 0;
                continue;
            }
            _ => {}
        }
        made.extend(std::iter::repeat_n('\\', backslashes));
        backslashes = 0;
        if (c == ' ' || c == '\t') && !inside {
            return (made, text.get(at..).unwrap_or(""));
        }
        made.push(c);
    }
    made.extend(std::iter::repeat_n('\\', backslashes));
    (made, "")
}

fn version(text: &str) -> Option<u128> {
    let parts: Vec<&str> = text.split('.').collect();
    if !(1..=4).contains(&parts.len()) {
        return None;
    }
    let mut number: u128 = 0;
    for at in 0..4 {
        let part = match parts.get(at) {
            None => 0,
            Some(part) => {
                let digits = part.bytes().all(|b| b.is_ascii_digit());
                let fits = digits && (1..=8).contains(&part.len());
                part.parse::<u128>().ok().filter(|_| fits)?
            }
        };
        number = number * 100_000_000 + part;
    }
    Some(number)
}
