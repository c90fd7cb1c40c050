//! What every hit is filtered, counted and ordered by, as plain arrays for each segment: one look-up costs about a nanosecond.
//!
//! The library's own columns are packed for the disk and take several times as long for each value; a page counts some fifteen values of
//! every matching release. The arrays take about 60 bytes a release.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tantivy::{DocId, Searcher, SegmentReader};

use super::schema;
use crate::model::query::Facet;

/// The day of an undated release.
pub const UNDATED: i32 = i32::MIN;

/// Values of a facet of one segment's releases: places in [`Columns::values`].
pub struct FacetColumn {
    /// Where a release's values begin; one more than there are releases. Empty where every release has at most one value.
    starts: Vec<u32>,
    /// Values of all releases, one behind the other; [`NONE`] for a release without one where `starts` is empty.
    values: Vec<u32>,
}

/// Stands for no value.
const NONE: u32 = u32::MAX;

impl FacetColumn {
    #[inline]
    pub fn of(&self, doc: DocId) -> &[u32] {
        if self.starts.is_empty() {
            let at = doc as usize;
            match self.values.get(at) {
                None | Some(&NONE) => &[],
                Some(_) => &self.values[at..=at],
            }
        } else {
            &self.values[self.starts[doc as usize] as usize..self.starts[doc as usize + 1] as usize]
        }
    }
}

/// The arrays of one segment.
pub struct SegmentColumns {
    pub day: Vec<i32>,
    pub sort_key: Vec<i64>,
    pub facets: [FacetColumn; 6],
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
        let places: Vec<HashMap<&str, u32>> = values.iter().map(|values| values.iter().map(String::as_str).zip(0u32..).collect()).collect();
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            segments.push(Arc::new(SegmentColumns::read(segment, &places)?));
        }
        let dated = || segments.iter().flat_map(|segment| segment.day.iter().copied()).filter(|day| *day != UNDATED);
        let days = dated().min().zip(dated().max());
        drop(places);
        Ok(Self { segments, values: values.map(Arc::new), days })
    }

    /// The place of a value of a facet.
    pub fn place(&self, facet: Facet, value: &str) -> Option<u32> {
        self.values[facet as usize].binary_search_by(|known| known.as_str().cmp(value)).ok().and_then(|place| u32::try_from(place).ok())
    }
}

impl SegmentColumns {
    fn read(segment: &SegmentReader, places: &[HashMap<&str, u32>]) -> tantivy::Result<Self> {
        let docs = segment.max_doc();
        let fast = segment.fast_fields();
        let (days, keys) = (fast.i64(schema::DAY)?, fast.i64(schema::SORT_KEY)?);
        let mut facets = Vec::with_capacity(6);
        for facet in Facet::ALL {
            facets.push(facet_column(segment, facet, &places[facet as usize])?);
        }
        let Ok(facets) = facets.try_into() else { unreachable!("one column for each of the six facets") };
        Ok(Self {
            day: (0..docs).map(|doc| days.first(doc).and_then(|day| i32::try_from(day).ok()).unwrap_or(UNDATED)).collect(),
            sort_key: (0..docs).map(|doc| keys.first(doc).unwrap_or(i64::MIN)).collect(),
            facets,
        })
    }
}

fn facet_column(segment: &SegmentReader, facet: Facet, places: &HashMap<&str, u32>) -> tantivy::Result<FacetColumn> {
    let docs = segment.max_doc();
    let Some(column) = segment.fast_fields().str(facet.token())? else {
        return Ok(FacetColumn { starts: Vec::new(), values: vec![NONE; docs as usize] });
    };
    // From the segment's numbering of values to the one of all segments.
    let mut global = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        let value = std::str::from_utf8(stream.key()).unwrap_or_default();
        global.push(places.get(value).copied().unwrap_or(NONE));
    }
    let of = |ord: u64| usize::try_from(ord).ok().and_then(|ord| global.get(ord)).copied().filter(|place| *place != NONE);
    if (0..docs).all(|doc| column.term_ords(doc).nth(1).is_none()) {
        let values = (0..docs).map(|doc| column.term_ords(doc).next().and_then(of).unwrap_or(NONE)).collect();
        return Ok(FacetColumn { starts: Vec::new(), values });
    }
    let (mut starts, mut values) = (Vec::with_capacity(docs as usize + 1), Vec::new());
    for doc in 0..docs {
        starts.push(values.len() as u32);
        values.extend(column.term_ords(doc).filter_map(of));
    }
    starts.push(values.len() as u32);
    Ok(FacetColumn { starts, values })
}
