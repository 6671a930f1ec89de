//! A thread that answers the newest question and forgets the ones before it.

use crate::task::CancelToken;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

struct Slot<Q> {
    waiting: Option<(u64, Q)>,
    /// The token of the question being worked on.
    current: CancelToken,
    /// The number of the newest question.
    newest: u64,
    closed: bool,
}

/// Owns a worker thread. A new question cancels the one in work and replaces the one that waits.
pub struct Worker<Q, A> {
    slot: Arc<(Mutex<Slot<Q>>, Condvar)>,
    answers: Receiver<(u64, A, bool)>,
    /// The number of the newest question while it is not answered yet, and when it was asked.
    pending: Option<(u64, Instant)>,
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    /// Starts the thread. `work` keeps its own state between questions; `wake` is called after each answer.
    pub fn start(
        name: &str,
        mut work: impl FnMut(Q, &CancelToken) -> A + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> Self {
        Self::start_telling(name, move |question, token, _| work(question, token), wake)
    }

    /// The same for work that tells what it has so far: each such answer is given as well, before the last one.
    pub fn start_telling(
        name: &str,
        mut work: impl FnMut(Q, &CancelToken, &mut dyn FnMut(A)) -> A + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> Self {
        let slot = Arc::new((
            Mutex::new(Slot {
                waiting: None,
                current: CancelToken::new(),
                newest: 0,
                closed: false,
            }),
            Condvar::new(),
        ));
        let (sender, answers): (Sender<(u64, A, bool)>, _) = channel();
        let shared = Arc::clone(&slot);
        // Where no thread can be had the questions stay unanswered; the window itself lives on.
        let _ = std::thread::Builder::new()
            .name(name.to_owned())
            .stack_size(16 << 20)
            .spawn(move || {
                loop {
                    let (number, question, token) = {
                        let (lock, signal) = &*shared;
                        let mut slot = lock.lock().unwrap_or_else(PoisonError::into_inner);
                        loop {
                            if slot.closed {
                                return;
                            }
                            if let Some((number, question)) = slot.waiting.take() {
                                slot.current = CancelToken::new();
                                break (number, question, slot.current.clone());
                            }
                            slot = signal.wait(slot).unwrap_or_else(PoisonError::into_inner);
                        }
                    };
                    let answer = work(question, &token, &mut |early| {
                        // Where nobody listens any more the last answer ends the thread.
                        let _ = sender.send((number, early, false));
                        wake();
                    });
                    if sender.send((number, answer, true)).is_err() {
                        return;
                    }
                    wake();
                }
            });
        Self {
            slot,
            answers,
            pending: None,
        }
    }

    /// Asks; whatever was asked before is cancelled or forgotten.
    pub fn ask(&mut self, question: Q) {
        let (lock, signal) = &*self.slot;
        let mut slot = lock.lock().unwrap_or_else(PoisonError::into_inner);
        slot.newest += 1;
        slot.current.cancel();
        slot.waiting = Some((slot.newest, question));
        self.pending = Some((slot.newest, Instant::now()));
        signal.notify_one();
    }

    /// The newest answer to the newest question, once. Answers to older questions are dropped.
    pub fn answer(&mut self) -> Option<A> {
        let mut found = None;
        while let Ok((number, answer, last)) = self.answers.try_recv() {
            if self.pending.is_some_and(|(newest, _)| newest == number) {
                if last {
                    self.pending = None;
                }
                found = Some(answer);
            }
        }
        found
    }

    /// The next answer to the newest question, in the order they were told.
    pub fn next(&mut self) -> Option<A> {
        while let Ok((number, answer, last)) = self.answers.try_recv() {
            if self.pending.is_some_and(|(newest, _)| newest == number) {
                if last {
                    self.pending = None;
                }
                return Some(answer);
            }
        }
        None
    }

    /// Whether the newest question is still unanswered.
    pub fn is_busy(&self) -> bool {
        self.pending.is_some()
    }

    /// Since when the newest question is unanswered.
    pub fn since(&self) -> Option<Instant> {
        self.pending.map(|(_, asked)| asked)
    }

    /// Gives up the newest question: its answer is not wanted any more.
    pub fn forget(&mut self) {
        self.cancel();
        self.pending = None;
        let mut slot = self.slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.waiting = None;
    }

    /// Asks the work in progress to stop; its answer still arrives.
    pub fn cancel(&self) {
        let slot = self.slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.current.cancel();
    }
}

impl<Q, A> Drop for Worker<Q, A> {
    fn drop(&mut self) {
        let (lock, signal) = &*self.slot;
        let mut slot = lock.lock().unwrap_or_else(PoisonError::into_inner);
        slot.closed = true;
        slot.current.cancel();
        signal.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn the_newest_question_is_answered() {
        let mut worker = Worker::start(
            "test",
            |question: u32, token: &CancelToken| {
                let start = Instant::now();
                // The first question would take a minute if nobody cancelled it.
                while question == 1 && !token.is_cancelled() && start.elapsed().as_secs() < 60 {
                    std::thread::sleep(Duration::from_millis(1));
                }
                question * 10
            },
            || {},
        );
        worker.ask(1);
        let first = worker.since();
        std::thread::sleep(Duration::from_millis(20));
        worker.ask(2);
        worker.ask(3);
        assert!(worker.since() > first, "the clock is that of the newest");
        let start = Instant::now();
        let answer = loop {
            if let Some(answer) = worker.answer() {
                break answer;
            }
            assert!(start.elapsed().as_secs() < 10, "no answer");
            std::thread::sleep(Duration::from_millis(1));
        };
        assert_eq!(answer, 30);
        assert!(!worker.is_busy() && worker.since().is_none());
    }

    #[test]
    fn what_is_known_so_far_is_told_before_the_answer() {
        let (go, wait) = channel::<()>();
        let mut worker = Worker::start_telling(
            "test",
            move |question: u32, _: &CancelToken, tell: &mut dyn FnMut(u32)| {
                tell(question + 1);
                let _ = wait.recv_timeout(Duration::from_secs(10));
                question + 2
            },
            || {},
        );
        let next = |worker: &mut Worker<u32, u32>| {
            let start = Instant::now();
            loop {
                if let Some(answer) = worker.answer() {
                    return answer;
                }
                assert!(start.elapsed().as_secs() < 10, "no answer");
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        worker.ask(1);
        assert_eq!(next(&mut worker), 2);
        assert!(worker.is_busy());
        go.send(()).unwrap();
        assert_eq!(next(&mut worker), 3);
        assert!(!worker.is_busy());
    }
}
