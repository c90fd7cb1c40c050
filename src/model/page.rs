//! Pages of a list.

/// A page number, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageNumber(u32);

impl PageNumber {
    pub const FIRST: Self = Self(1);

    /// `None` for 0.
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    pub const fn get(self) -> u32 {
        self.0
    }

    /// How many items stand before this page.
    pub const fn offset(self, size: usize) -> usize {
        (self.0 as usize - 1).saturating_mul(size)
    }
}

/// One page of a list whose total is exact.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: u64,
    pub number: PageNumber,
    pub size: usize,
}

impl<T> Page<T> {
    /// The number of the last page that has items, at least 1; bounded by `reach` items.
    pub fn last(&self, reach: usize) -> u32 {
        let reachable = (self.total as usize).min(reach);
        u32::try_from(reachable.div_ceil(self.size.max(1)).max(1)).unwrap_or(u32::MAX)
    }
}
