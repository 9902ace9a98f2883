//! Limits of one evaluation: time, counted in work, and memory, counted in bytes made.
//!
//! An evaluation has a thread of its own, and the thread has one meter. Whatever takes a step, goes through items
//! or makes a value counts here, so that nothing has to be handed the meter to be counted. Both budgets are of
//! what was ever done, not of what is held: what is held can be no more, and the same input comes to the same
//! end on any machine. Where one is used up, every value made is unknown and every step is refused.

use std::cell::Cell;

/// Work of one step: evaluating an expression or a statement, calling something.
pub(super) const STEP: u64 = 16;
/// Work after which an evaluation is given up. Of fifty public projects the most demanding takes a third of it,
/// the next a sixtieth.
const MOST_WORK: u64 = 750_000 * STEP;
/// Bytes after which it is given up; the same projects make a third and a sixtieth of it.
const MOST_BYTES: u64 = 32 << 20;
/// The size of a value without contents: a tag, a pointer, and what the allocator adds.
const VALUE: u64 = 24;
/// Parts of one value, everything inside counted as often as it is met. A value that holds another twice, in
/// rounds, has more parts than any machine can go through, though hardly any are its own.
pub(super) const HEAVIEST: u32 = 200_000;

thread_local! {
    static METER: Meter = const { Meter { work: Cell::new(MOST_WORK), bytes: Cell::new(MOST_BYTES) } };
}

/// The time and memory that are left.
struct Meter {
    work: Cell<u64>,
    bytes: Cell<u64>,
}

impl Meter {
    fn take(budget: &Cell<u64>, amount: u64) -> bool {
        let left = budget.get().checked_sub(amount);
        budget.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Fills the meter of this thread.
pub(super) fn begin() {
    METER.with(|meter| {
        meter.work.set(MOST_WORK);
        meter.bytes.set(MOST_BYTES);
    });
}

/// Takes work for going through `items`; false where that is more than is left.
pub(super) fn work(items: usize) -> bool {
    METER.with(|meter| Meter::take(&meter.work, items as u64) && meter.bytes.get() > 0)
}

/// Takes work for reading text of this length.
pub(super) fn reading(bytes: usize) -> bool {
    work(bytes / 32)
}

/// Takes a step.
pub(super) fn step() -> bool {
    METER.with(|meter| Meter::take(&meter.work, STEP) && meter.bytes.get() > 0)
}

/// Takes room for text; false where that is more than is left.
pub(super) fn text(bytes: usize) -> bool {
    METER.with(|meter| Meter::take(&meter.bytes, VALUE + bytes as u64))
}

/// Takes room for values.
pub(super) fn values(items: usize) -> bool {
    METER.with(|meter| Meter::take(&meter.bytes, VALUE * (items as u64 + 1)))
}

/// Tells whether something was refused.
pub(super) fn exhausted() -> bool {
    METER.with(|meter| meter.work.get() == 0 || meter.bytes.get() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_stays_used_up() {
        begin();
        assert!(step() && text(1000) && values(10));
        assert!(!exhausted());
        assert!(!text(usize::MAX / 2));
        assert!(exhausted(), "a part of what was left would let small values through");
        assert!(!text(0) && !step());
        begin();
        assert!(step());
        begin();
    }
}
