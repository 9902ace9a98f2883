//! djdock puts an existing Django project in containers, and proves that it runs.
//!
//! ```text
//!  disk ──load──▶ Tree ──inspect──▶ Facts ──choose──▶ Answers ──plan──▶ Plan ──render──▶ [GeneratedFile]
//!                 (pure from here)     ▲                 ▲                │                      │
//!                              knowledge, python    Respondents        explain                   │
//!                                                 (file, flags, person)                          ▼
//!  disk ◀──write── [Change] ◀──────────────── update(existing Tree, Record, [GeneratedFile]) ────┘
//!    │
//!    └──▶ engine ──smoke(Plan.probes)──▶ SmokeReport
//! ```
//!
//! Invariants, each held by a test or a lint:
//!
//! - The core (`base` to `update`) does no I/O and cannot fail by I/O.
//! - Inspecting never fails: it returns what it knows, and diagnostics for what it does not.
//! - A question exists exactly where a needed fact is unknown, ambiguous, or a matter of taste.
//! - Templates decide nothing, and every printed value goes through the filter of its language.
//! - A file that djdock did not write is never changed without being named by the user.
//! - Randomness, time and the environment are arguments: the same inputs give the same bytes.
//! - A module uses only those below it: `base ◁ python ◁ knowledge ◁ stack ◁ catalog ◁ inspect ◁ check ◁ choose ◁ plan ◁
//!   render ◁ update ◁ shell ◁ command ◁ cli ◁ main`.

pub mod base;
pub mod catalog;
pub mod check;
pub mod choose;
pub mod cli;
pub mod command;
pub mod inspect;
pub mod knowledge;
pub mod plan;
pub mod python;
pub mod render;
pub mod shell;
pub mod stack;
pub mod update;
