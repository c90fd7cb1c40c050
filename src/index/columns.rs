//! What every hit is filtered, counted and ordered by, as plain arrays for each segment: one look-up costs about a nanosecond.
//!
//! The library's own columns are packed for the disk and take several times as long for each value; a page counts some fifteen values of
//! every matching release. The arrays take some 70 bytes a release.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use tantivy::{DocId, Searcher, SegmentReader};

use super::schema;
use crate::model::query::Facet;

/// The day of an undated release.
pub const UNDATED: i32 = i32::MIN;

/// The arrays of one segment.
pub struct SegmentColumns {
    pub day: Vec<i32>,
    pub sort_key: Vec<i64>,
    /// Where a release's values begin; one more than there are releases.
    starts: Vec<u32>,
    /// Values of all facets of all releases, one release behind the other: what a hit counts for lies together, since at a million releases
    /// each place in memory that has to be fetched costs more than all counting.
    values: Vec<u32>,
}

impl SegmentColumns {
    /// What a release counts for: numbers of values, see [`Columns::number`].
    #[inline]
    pub fn values(&self, doc: DocId) -> &[u32] {
        &self.values[self.starts[doc as usize] as usize..self.starts[doc as usize + 1] as usize]
    }
}

/// The arrays of a state of the index.
pub struct Columns {
    pub segments: Vec<Arc<SegmentColumns>>,
    /// Every value of each facet, in alphabetical order.
    pub values: [Arc<Vec<String>>; 6],
    /// First and last day that any release has; none where nothing is dated.
    pub days: Option<(i32, i32)>,
}

impl Columns {
    pub fn read(searcher: &Searcher) -> tantivy::Result<Self> {
        let mut values: [Vec<String>; 6] = Default::default();
        for facet in Facet::ALL {
            let mut all = BTreeSet::new();
            for segment in searcher.segment_readers() {
                if let Some(column) = segment.fast_fields().str(facet.token())? {
                    let mut stream = column.dictionary().stream()?;
                    while stream.advance() {
                        all.extend(std::str::from_utf8(stream.key()).map(str::to_owned));
                    }
                }
            }
            values[facet as usize] = all.into_iter().collect();
        }
        let mut next = 0u32..;
        let numbers: Vec<HashMap<&str, u32>> =
            values.iter().map(|values| values.iter().map(String::as_str).zip(next.by_ref()).collect()).collect();
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            segments.push(Arc::new(SegmentColumns::read(segment, &numbers)?));
        }
        let dated = || segments.iter().flat_map(|segment| segment.day.iter().copied()).filter(|day| *day != UNDATED);
        let days = dated().min().zip(dated().max());
        drop(numbers);
        Ok(Self { segments, values: values.map(Arc::new), days })
    }

    /// The numbers of a facet's values, which are those of [`values`](Self::values) from its first on.
    pub fn numbers(&self, facet: Facet) -> Range<u32> {
        let before: usize = self.values[..facet as usize].iter().map(|values| values.len()).sum();
        before as u32..(before + self.values[facet as usize].len()) as u32
    }

    /// The number of a value among the values of all facets.
    pub fn number(&self, facet: Facet, value: &str) -> Option<u32> {
        let place = self.values[facet as usize].binary_search_by(|known| known.as_str().cmp(value)).ok()?;
        Some(self.numbers(facet).start + u32::try_from(place).ok()?)
    }

    /// How many values all facets have.
    pub fn all_values(&self) -> usize {
        self.values.iter().map(|values| values.len()).sum()
    }
}

impl SegmentColumns {
    /// `numbers` holds the numbers of each facet's values.
    fn read(segment: &SegmentReader, numbers: &[HashMap<&str, u32>]) -> tantivy::Result<Self> {
        let docs = segment.max_doc();
        let fast = segment.fast_fields();
        let (days, keys) = (fast.i64(schema::DAY)?, fast.i64(schema::SORT_KEY)?);
        let mut facets = Vec::new();
        for facet in Facet::ALL {
            let Some(column) = fast.str(facet.token())? else { continue };
            // From the segment's numbering of values to the one of all segments.
            let mut global = Vec::with_capacity(column.num_terms());
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                let value = std::str::from_utf8(stream.key()).unwrap_or_default();
                global.push(numbers[facet as usize].get(value).copied());
            }
            facets.push((column, global));
        }
        let (mut starts, mut values) = (Vec::with_capacity(docs as usize + 1), Vec::new());
        for doc in 0..docs {
            starts.push(values.len() as u32);
            for (column, global) in &facets {
                values.extend(column.term_ords(doc).filter_map(|ord| global.get(usize::try_from(ord).ok()?).copied().flatten()));
            }
        }
        starts.push(values.len() as u32);
        values.shrink_to_fit();
        Ok(Self {
            day: (0..docs).map(|doc| days.first(doc).and_then(|day| i32::try_from(day).ok()).unwrap_or(UNDATED)).collect(),
            sort_key: (0..docs).map(|doc| keys.first(doc).unwrap_or(i64::MIN)).collect(),
            starts,
            values,
        })
    }
}
