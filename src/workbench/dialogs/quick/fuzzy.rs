//! Which names hold the typed letters, in their order, the best first.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Finds names.
pub(super) struct Fuzzy {
    matcher: Matcher,
    pattern: Pattern,
    buffer: Vec<char>,
}

impl Fuzzy {
    /// For a text; `paths` prefers letters behind a slash.
    pub fn new(text: &str, paths: bool) -> Self {
        let config = match paths {
            true => Config::DEFAULT.match_paths(),
            false => Config::DEFAULT,
        };
        Self {
            matcher: Matcher::new(config),
            pattern: Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart),
            buffer: Vec::new(),
        }
    }

    /// How well a name fits; none where it does not.
    pub fn score(&mut self, name: &str) -> Option<u32> {
        let name = Utf32Str::new(name, &mut self.buffer);
        self.pattern.score(name, &mut self.matcher)
    }

    /// Which characters of a name were meant.
    pub fn lit(&mut self, name: &str) -> Vec<u32> {
        let mut lit = Vec::new();
        let name = Utf32Str::new(name, &mut self.buffer);
        self.pattern.indices(name, &mut self.matcher, &mut lit);
        lit.sort_unstable();
        lit.dedup();
        lit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_their_order_the_best_first() {
        let mut fuzzy = Fuzzy::new("oac", false);
        assert!(fuzzy.score("openai_admin_config").is_some());
        assert!(fuzzy.score("cao").is_none());
        let (start, inside) = (fuzzy.score("open_abuse_chain"), fuzzy.score("zoo racket"));
        assert!(start > inside, "starts of words count more");
        // o(0) … a(5) … c(11)
        assert_eq!(fuzzy.lit("open_abuse_chain"), [0, 5, 11]);
    }

    #[test]
    fn words_may_stand_in_any_order() {
        assert!(
            Fuzzy::new("theme dark", false)
                .score("Dark theme")
                .is_some()
        );
    }
}
