//! The archive by date.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::{Archive, Overview, Result};
use crate::model::page::{Page, PageNumber};
use crate::model::period::Period;
use crate::model::{DayCount, ReleaseItem};
use crate::store::After;

impl Overview {
    /// Counted days within a period.
    pub fn days_in(&self, period: Period) -> &[DayCount] {
        &self.days[self.range(period.first(), period.last())]
    }

    fn range(&self, first: NaiveDate, last: NaiveDate) -> Range<usize> {
        let start = self.days.partition_point(|day| day.day < first);
        start..self.days.partition_point(|day| day.day <= last).max(start)
    }

    pub fn count_in(&self, period: Period) -> u64 {
        self.days_in(period).iter().map(|day| day.releases).sum()
    }

    /// The nearest earlier and later periods of the same size that hold releases.
    pub fn around(&self, period: Period) -> (Option<Period>, Option<Period>) {
        let range = self.range(period.first(), period.last());
        let before = range.start.checked_sub(1).map(|index| period.same_size(self.days[index].day));
        let after = self.days.get(range.end).map(|day| period.same_size(day.day));
        (before, after)
    }

    /// Years with releases and how many, newest first.
    pub fn years(&self) -> Vec<(i32, u64)> {
        let mut years: Vec<(i32, u64)> = Vec::new();
        for day in self.days.iter().rev() {
            match years.last_mut() {
                Some((year, count)) if *year == day.day.year() => *count += day.releases,
                _ => years.push((day.day.year(), day.releases)),
            }
        }
        years
    }

    /// The twelve months of a year.
    pub fn months(&self, year: i32) -> [u64; 12] {
        let mut months = [0; 12];
        for day in self.days_in(Period::Year(year)) {
            months[day.day.month0() as usize] += day.releases;
        }
        months
    }

    /// Days of other years with the same date as `today`.
    pub fn on_this_day(&self, today: NaiveDate) -> Vec<NaiveDate> {
        self.days
            .iter()
            .map(|day| day.day)
            .filter(|day| day.month() == today.month() && day.day() == today.day() && day.year() < today.year())
            .collect()
    }
}

impl Archive {
    /// A page of what sorts within a period, newest first.
    pub async fn within(&self, period: Period, number: PageNumber, size: usize) -> Result<Page<ReleaseItem>> {
        let total = self.overview().count_in(period);
        let offset = u32::try_from(number.offset(size)).unwrap_or(u32::MAX);
        let items = self.store().between(period.first(), period.last(), offset, size as u32).await?;
        Ok(Page { items, total, number, size })
    }

    pub async fn latest(&self, limit: u32) -> Result<Vec<ReleaseItem>> {
        Ok(self.store().list(None, limit).await?)
    }

    /// List items in the order asked for; what is not shown any more is left out.
    pub async fn items(&self, seqs: &[i64]) -> Result<Vec<ReleaseItem>> {
        Ok(self.store().items(seqs).await?)
    }

    /// The list of everything, newest first, from behind a place in it; one more than asked for tells whether there is more.
    pub async fn list(&self, after: Option<After>, limit: u32) -> Result<(Vec<ReleaseItem>, Option<After>)> {
        let mut items = self.store().list(after, limit + 1).await?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items.last().filter(|_| more).map(|item| After { sort_key: item.sort_key, id: item.id });
        Ok((items, next))
    }

    pub async fn undated(&self, number: PageNumber, size: usize) -> Result<Page<ReleaseItem>> {
        let offset = u32::try_from(number.offset(size)).unwrap_or(u32::MAX);
        Ok(Page { items: self.store().undated(offset, size as u32).await?, total: self.overview().undated, number, size })
    }

    pub async fn on_this_day(&self, today: NaiveDate, limit: u32) -> Result<Vec<ReleaseItem>> {
        let days = self.overview().on_this_day(today);
        if days.is_empty() { Ok(Vec::new()) } else { Ok(self.store().on_days(&days, limit).await?) }
    }
}
