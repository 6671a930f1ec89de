//! Runs the cases of many rules at once: on a few threads, each with one interpreter for the rules it takes.

use super::case_panther::Bodies;
use super::cases::run_with;
use super::{CaseResult, Rule};
use crate::task::{CancelToken, Progress};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Each thread has an interpreter, which takes memory.
const MOST_THREADS: usize = 4;

/// Runs the cases of rules, each as [`super::run_cases`] does; results in the order of the rules. Rules of one repository
/// share interpreters, one a thread; one that has to be stopped is replaced, and the others go on. Counts rules in
/// `progress`. When cancelled, the rules that were not reached have no results.
pub fn test_rules(
    rules: &[Rule],
    filter: Option<&str>,
    cancel: &CancelToken,
    progress: &Progress,
) -> Vec<Vec<CaseResult>> {
    progress.set_total(rules.len() as u64);
    let done: Mutex<Vec<Vec<CaseResult>>> = Mutex::new(vec![Vec::new(); rules.len()]);
    test_each(rules, filter, cancel, |index, results| {
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = done.get_mut(index) {
            *slot = results;
        }
        progress.add(1);
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The same, telling the results of each rule as it is done, on the thread that ran it: the rule's index and its results.
pub fn test_each(
    rules: &[Rule],
    filter: Option<&str>,
    cancel: &CancelToken,
    tell: impl Fn(usize, Vec<CaseResult>) + Sync,
) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut bodies = Bodies::default();
        while !cancel.is_cancelled() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(rule) = rules.get(index) else { break };
            tell(index, run_with(&mut bodies, rule, filter, cancel));
        }
    };
    let threads = rayon::current_num_threads().clamp(1, MOST_THREADS);
    if rules.len() < 2 || threads == 1 {
        work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads.min(rules.len()) {
                scope.spawn(work);
            }
        });
    }
}
