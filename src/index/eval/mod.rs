//! Evaluation of a query over one segment: cursors over the matching releases, in order, each with its score and its places.
//!
//! The library's own queries fix the constants of BM25, count a spelling variant as a word of its own, and cannot say "in the same
//! sentence"; the posting lists underneath are the library's.

mod cursor;
mod near;
mod open;
mod phrase;
mod plan;
mod sets;
mod word;

pub use cursor::Block;
pub use open::Opener;
pub use plan::{Plan, Planner};
pub use word::Norms;

use std::cell::Cell;
use std::time::Instant;

/// Time that a search may still take. Looked at by whatever can take long without finding anything.
pub struct Budget {
    deadline: Instant,
    ticks: Cell<u32>,
    spent: Cell<bool>,
}

/// So much work is done between two looks at the clock.
const TICKS: u32 = 4_096;

impl Budget {
    pub const fn until(deadline: Instant) -> Self {
        Self { deadline, ticks: Cell::new(0), spent: Cell::new(false) }
    }

    /// Accounts for some work; whether time has run out.
    #[inline]
    pub fn tick(&self, work: u32) -> bool {
        let ticks = self.ticks.get() + work;
        if ticks < TICKS {
            self.ticks.set(ticks);
            return self.spent.get();
        }
        self.ticks.set(0);
        if Instant::now() > self.deadline {
            self.spent.set(true);
        }
        self.spent.get()
    }

    pub const fn is_spent(&self) -> bool {
        self.spent.get()
    }
}
