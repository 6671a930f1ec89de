//! Turns the grammars of the editor's colours into one dump, which loads in a millisecond;
//! building the set at every start takes half a second.

use std::path::Path;
use syntect::parsing::{SyntaxDefinition, SyntaxSet};

#[expect(clippy::disallowed_methods, reason = "cargo tells it so")]
fn main() {
    let grammar = "assets/syntax/kql.sublime-syntax";
    println!("cargo:rerun-if-changed={grammar}");
    println!("cargo:rerun-if-changed=src/build.rs");

    // YAML, Python and JSON are syntect's own. Its grammars refer to each other by position,
    // so the set is taken whole.
    let mut set = SyntaxSet::load_defaults_newlines().into_builder();
    let text = std::fs::read_to_string(grammar).expect("the KQL grammar is readable");
    let kql = SyntaxDefinition::load_from_str(&text, true, Some("KQL"))
        .expect("the KQL grammar is valid");
    set.add(kql);
    let set = set.build();
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    syntect::dumps::dump_to_file(&set, Path::new(&out).join("syntaxes.packdump"))
        .expect("the dump is written");
}
