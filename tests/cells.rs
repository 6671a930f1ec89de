//! Cells between separators, held against the `csv` crate: on all texts of a few letters, and on long random ones, the
//! same records of the same cells, and on the same lines where lines end with `\n`.

use rulewright::value::cells;

fn theirs(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = reader.records().map(|record| {
        let record = record.expect("text");
        let line = record.position().expect("a place").line() as usize;
        (line, record.iter().map(str::to_owned).collect())
    });
    records.collect()
}

/// Ours; nothing where a quote is left open, which the crate does not tell.
fn ours(text: &str) -> Option<Vec<(usize, Vec<String>)>> {
    cells::records(text, b',')
        .map(|record| record.ok().map(|r| (r.line, r.cells)))
        .collect()
}

fn same(text: &str) -> bool {
    let Some(ours) = ours(text) else {
        return false;
    };
    let theirs = theirs(text);
    let cells = |all: &[(usize, Vec<String>)]| all.iter().map(|r| r.1.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&ours), cells(&theirs), "{text:?}");
    // The crate counts a `\n` behind a `\r` when the next record has begun.
    if !text.contains('\r') {
        let lines = |all: &[(usize, Vec<String>)]| all.iter().map(|r| r.0).collect::<Vec<_>>();
        // It takes a record to begin right behind the one before, empty lines and all.
        let near = lines(&ours).into_iter().zip(lines(&theirs));
        assert!(near.into_iter().all(|(a, b)| a >= b), "{text:?}");
        if !text.starts_with(['\n', '\r']) && !text.contains("\n\n") && !text.contains("\n\r") {
            assert_eq!(lines(&ours), lines(&theirs), "{text:?}");
        }
    }
    true
}

#[test]
fn short_texts_are_read_as_the_crate_does() {
    const LETTERS: [char; 5] = ['a', ',', '"', '\n', '\r'];
    let (mut read, mut open) = (0, 0);
    for length in 0..=7_u32 {
        for mut number in 0..5_usize.pow(length) {
            let mut text = String::new();
            for _ in 0..length {
                text.push(LETTERS[number % 5]);
                number /= 5;
            }
            match same(&text) {
                true => read += 1,
                false => open += 1,
            }
        }
    }
    assert!(read > 30_000 && open > 1_000, "{read} {open}");
}

#[test]
fn long_texts_are_read_as_the_crate_does() {
    let mut rng = fastrand::Rng::with_seed(1);
    let parts = [
        "é", "word", " ", ",", ",", "\"", "\"\"", ",\"", "\",", "\n", "\r\n", "\"\n\"", ";",
    ];
    for _ in 0..2_000 {
        let text: String = (0..rng.usize(..200))
            .map(|_| parts[rng.usize(..parts.len())])
            .collect();
        same(&text);
        // With the last quote closed.
        same(&(text + "\"\nend"));
    }
}

/// The bytes of a record are those of its cells: what was found in a file is read again from its place.
#[test]
fn records_are_read_again_from_their_places() {
    let text = "a,\"b\nc\"\r\n\"d \"\"e\"\"\",f\n\"x\r\ny\",\n";
    let (mut at, mut again) = (0, Vec::new());
    while at < text.len() {
        let (range, open) = cells::record(text.as_bytes(), at, b",");
        assert!(!open);
        at = cells::behind(text.as_bytes(), range.end);
        again.push(cells::cells(&text[range], b','));
    }
    let whole: Vec<Vec<String>> = cells::records(text, b',')
        .map(|r| r.expect("closed").cells)
        .collect();
    assert_eq!(again, whole);
    assert_eq!(whole[2], ["x\r\ny", ""]);
}
