//! What the machine has. The two top rooms ask; those below are told.

use crate::logs::Memory;
use sysinfo::System;

/// Of what is packed: no more than so much of the memory that is free is given to one file.
const UNPACKED: (u64, u64) = (1, 2);
/// Of all memory, and of what is free or given back: no more than so much is given to logs.
const ALL: (u64, u64) = (7, 10);
const FREE: (u64, u64) = (9, 10);
/// So much is given whatever the machine says.
const LEAST: u64 = 64 << 20;

/// The memory that logs may take where nobody said how much, when so many bytes of logs are held that make room for
/// them. Without a bound where the machine cannot be asked.
pub fn log_memory(held: u64) -> Memory {
    let Ok(mut system) = System::new() else {
        return Memory::default();
    };
    system.refresh_memory();
    let (mut all, mut free) = (system.total_memory(), system.available_memory());
    // A container may have less than the machine. What files were read stays there as long as nobody needs the room,
    // and is not counted.
    if let Some(group) = system
        .cgroup_limits()
        .filter(|group| group.total_memory > 0)
    {
        all = all.min(group.total_memory);
        free = free.min(group.total_memory.saturating_sub(group.rss));
    }
    suited(all, free, held)
}

fn suited(all: u64, free: u64, held: u64) -> Memory {
    let part = |whole: u64, (parts, of): (u64, u64)| (whole / of).saturating_mul(parts).max(LEAST);
    let unsuited = Memory::default();
    match all {
        0 => unsuited,
        all => Memory {
            bound: Some(part(all, ALL).min(part(free.saturating_add(held), FREE))),
            unpacked: unsuited.unpacked.min(part(free, UNPACKED)),
            ..unsuited
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1 << 30;

    #[test]
    fn logs_leave_room_for_the_rest() {
        let given = |all, free, held| {
            let memory = suited(all, free, held);
            let gb = |bytes: u64| bytes as f64 / GB as f64;
            (memory.bound.map(gb), gb(memory.unpacked))
        };
        let near = |a: (Option<f64>, f64), b: (f64, f64)| {
            let bound = a.0.expect("a bound");
            assert!(
                (bound - b.0).abs() < 0.01 && (a.1 - b.1).abs() < 0.01,
                "{a:?} {b:?}"
            );
        };
        // 70 % of all; what is packed has a bound of its own.
        near(given(20 * GB, 18 * GB, 0), (14.0, 4.0));
        // Others hold most of it.
        near(given(20 * GB, 2 * GB, 0), (1.8, 1.0));
        // What is held now is given back for what is loaded in its place.
        near(given(20 * GB, 2 * GB, 8 * GB), (9.0, 1.0));
        // Nearly nothing is free: small logs still load.
        near(given(20 * GB, 0, 0), (0.0625, 0.0625));
        // The machine says nothing.
        assert_eq!(suited(0, 0, 0), Memory::default());
    }

    #[test]
    fn this_machine_has_memory() {
        let memory = log_memory(0);
        assert!(
            memory.bound.is_none_or(|bound| bound >= LEAST),
            "{memory:?}"
        );
        assert!((LEAST..=4 * GB).contains(&memory.unpacked), "{memory:?}");
    }
}
