//! The alerts that the platform would raise from a rule's matches: matches with the same deduplication string within the
//! deduplication period make one alert, once as many as the threshold are there. Where the rule has a `unique` function,
//! its different values are counted instead of the matches.
//!
//! The period begins with the first match of the group and ends when it is over; the next match begins another group.

use super::Match;
use crate::panther;
use crate::value::time;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The platform's shortest period; it takes a shorter one for this.
const SHORTEST_MINUTES: u32 = 5;
/// The period of a rule that asks for none.
const USUAL_MINUTES: u32 = 60;

/// An alert: matches that are one thing to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    /// The title of its first match.
    pub title: Arc<str>,
    /// The severity of its first match.
    pub severity: Arc<str>,
    /// The deduplication string.
    pub dedup: Arc<str>,
    /// When its first match was, ticks; none where the events have no time.
    pub first: Option<i64>,
    /// When the threshold was reached and it was raised.
    pub raised: Option<i64>,
    /// When its last match was.
    pub last: Option<i64>,
    /// Its matches, by their place among those of the run.
    pub matches: Vec<usize>,
    /// How many different values `unique` gave; none where the rule has no such function.
    pub unique: Option<usize>,
}

/// The alerts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alerts {
    /// In the order in which they were raised.
    pub raised: Vec<Alert>,
    /// Groups of matches that did not reach the threshold.
    pub below: usize,
    /// How many matches, or different values, an alert needs.
    pub threshold: u32,
    /// How many minutes a group of matches lasts.
    pub period_minutes: u32,
}

/// What is counted of one match.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    /// Ticks.
    pub time: Option<i64>,
    /// What `unique` gave.
    pub unique: Option<Arc<str>>,
}

struct Group {
    alert: Alert,
    values: HashSet<Arc<str>>,
    reached: bool,
}

/// Groups matches, which are in time order. A signal raises no alerts.
pub(super) fn of(rule: &panther::Rule, matches: &[Match], counted: &[Counted]) -> Option<Alerts> {
    if !rule.create_alert {
        return None;
    }
    let period_minutes = match rule.dedup_period_minutes {
        0 => USUAL_MINUTES,
        minutes => minutes.max(SHORTEST_MINUTES),
    };
    let mut alerts = Alerts {
        threshold: rule.threshold.max(1),
        period_minutes,
        ..Alerts::default()
    };
    let period = i64::from(period_minutes).saturating_mul(time::HOUR / 60);
    let needed = usize::try_from(alerts.threshold).unwrap_or(usize::MAX);
    let mut open: HashMap<Arc<str>, Group> = HashMap::new();
    for (index, (one, counted)) in matches.iter().zip(counted).enumerate() {
        let dedup = one.dedup.clone().unwrap_or_default();
        let over = open.get(&dedup).is_some_and(|group| {
            let begun = group.alert.first.zip(counted.time);
            begun.is_some_and(|(first, now)| now.saturating_sub(first) >= period)
        });
        if over && let Some(group) = open.remove(&dedup) {
            alerts.close(group);
        }
        let group = open.entry(Arc::clone(&dedup)).or_insert_with(|| Group {
            alert: Alert {
                title: one.title.clone(),
                severity: one.severity.clone(),
                dedup: Arc::clone(&dedup),
                first: counted.time,
                ..Alert::default()
            },
            values: HashSet::new(),
            reached: false,
        });
        group.alert.matches.push(index);
        group.alert.last = counted.time.or(group.alert.last);
        if let Some(value) = &counted.unique {
            group.values.insert(value.clone());
            group.alert.unique = Some(group.values.len());
        }
        let count = group.alert.unique.unwrap_or(group.alert.matches.len());
        if count >= needed && !group.reached {
            group.reached = true;
            group.alert.raised = counted.time;
        }
    }
    for group in open.into_values() {
        alerts.close(group);
    }
    alerts
        .raised
        .sort_by(|a, b| (a.raised, &a.matches).cmp(&(b.raised, &b.matches)));
    Some(alerts)
}

impl Alerts {
    fn close(&mut self, group: Group) {
        if group.reached {
            self.raised.push(group.alert);
        } else {
            self.below += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = time::HOUR / 60;

    /// Matches as minute, dedup and unique; the alerts as minute raised and matches.
    fn alerts(
        rule: &panther::Rule,
        given: &[(i64, &str, Option<&str>)],
    ) -> (Vec<(i64, Vec<usize>)>, usize) {
        let matches: Vec<Match> = given
            .iter()
            .map(|(_, dedup, _)| Match {
                dedup: Some((*dedup).into()),
                ..Match::default()
            })
            .collect();
        let counted: Vec<Counted> = given
            .iter()
            .map(|(minute, _, unique)| Counted {
                time: Some(minute * MINUTE),
                unique: unique.map(Arc::from),
            })
            .collect();
        let alerts = of(rule, &matches, &counted).unwrap();
        let raised = alerts.raised.into_iter();
        let raised = raised.map(|a| (a.raised.unwrap() / MINUTE, a.matches));
        (raised.collect(), alerts.below)
    }

    fn rule(threshold: u32, period: u32) -> panther::Rule {
        panther::Rule {
            threshold,
            dedup_period_minutes: period,
            create_alert: true,
            ..panther::Rule::default()
        }
    }

    #[test]
    fn equal_strings_within_the_period_make_one_alert() {
        let given = [
            (0, "a", None),
            (10, "b", None),
            (59, "a", None),
            (60, "a", None),
        ];
        let raised = vec![(0, vec![0, 2]), (10, vec![1]), (60, vec![3])];
        assert_eq!(alerts(&rule(1, 60), &given), (raised, 0));
    }

    #[test]
    fn an_alert_is_raised_when_the_threshold_is_reached() {
        let given = [
            (0, "a", None),
            (1, "a", None),
            (2, "b", None),
            (3, "a", None),
            (4, "a", None),
        ];
        let raised = vec![(3, vec![0, 1, 3, 4])];
        assert_eq!(alerts(&rule(3, 60), &given), (raised, 1));
    }

    #[test]
    fn different_values_are_counted_where_the_rule_says_so() {
        let given = [
            (0, "a", Some("x")),
            (1, "a", Some("x")),
            (2, "a", Some("y")),
            (3, "a", Some("x")),
        ];
        let raised = vec![(2, vec![0, 1, 2, 3])];
        assert_eq!(alerts(&rule(2, 60), &given), (raised, 0));
        assert_eq!(alerts(&rule(3, 60), &given), (vec![], 1));
    }

    #[test]
    fn a_short_period_is_taken_for_five_minutes_and_none_for_an_hour() {
        let given = [(0, "a", None), (4, "a", None), (5, "a", None)];
        let raised = vec![(0, vec![0, 1]), (5, vec![2])];
        assert_eq!(alerts(&rule(1, 1), &given), (raised, 0));
        assert_eq!(alerts(&rule(1, 0), &given).0.len(), 1);
    }

    #[test]
    fn a_signal_raises_nothing() {
        let signal = panther::Rule {
            create_alert: false,
            ..rule(1, 60)
        };
        assert!(of(&signal, &[], &[]).is_none());
    }
}
