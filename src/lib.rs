//! Rulewright: write, run, explain, test and ship detection rules for Microsoft Sentinel and Panther,
//! on one's own machine. `src/README.md` is the map of the rooms.

pub mod diagnostic;
pub mod event;
pub mod task;
pub mod value;
pub mod yaml;

pub mod generate;
pub mod kql;
pub mod logs;
pub mod python;

pub mod panther;
pub mod sentinel;

pub mod detect;
pub mod workspace;

pub mod author;
pub mod check;
pub mod export;

pub mod machine;

pub mod cli;
pub mod workbench;
