//! Sketches by their bands, in memory: which of very many are near this one.

use super::{BANDS, SLOTS, Sketch};

/// At most this many sketches are kept under one band, the last that came: where thousands share a band it says little, and a walk
/// through it stays short. An older one is then found by its other bands, or not at all.
const BUCKET: usize = 32;

/// Entries that are allocated together, so that growing copies none.
const CHUNK: usize = 4096;

/// A band's table grows when it is fuller than this, by a fifth: tables stay two thirds full at least.
const FULL: (usize, usize) = (4, 5);

/// Sketches with their numbers, found by any band that they share with another.
///
/// An entry takes 96 bytes and each band of it 5 in a table that is 67 to 80 % full: about 195 bytes together. A table that grows is
/// emptied first and filled again from the entries, one band after the other, so that growing takes no memory beside it.
#[derive(Debug)]
pub struct Near {
    chunks: Vec<Vec<Entry>>,
    len: usize,
    bands: [Band; BANDS],
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    seq: i64,
    slots: [u8; SLOTS],
}

/// Open addressing without a stored key: a byte of the key tells most strangers apart, the sketch itself the rest.
#[derive(Debug, Default)]
struct Band {
    /// 0 where a place is free.
    tags: Vec<u8>,
    entries: Vec<u32>,
    used: usize,
}

impl Default for Near {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl Near {
    /// An empty table that holds so many sketches before it has to grow.
    pub fn with_room(sketches: usize) -> Self {
        let places = sketches.saturating_mul(FULL.1) / FULL.0 + CHUNK;
        Self { chunks: Vec::new(), len: 0, bands: std::array::from_fn(|_| Band::new(places)) }
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that the table holds, for reports.
    pub fn bytes(&self) -> usize {
        let tables: usize = self.bands.iter().map(|band| band.tags.capacity() + band.entries.capacity() * size_of::<u32>()).sum();
        tables + self.chunks.len() * CHUNK * size_of::<Entry>()
    }

    /// Adds a sketch under a number of the caller's. A number may have several sketches (versions). Beyond 2^32 sketches none is added.
    pub fn insert(&mut self, seq: i64, sketch: &Sketch) {
        let Ok(place) = u32::try_from(self.len) else { return };
        if self.bands.iter().any(Band::is_full) {
            self.grow();
        }
        if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(Entry { seq, slots: sketch.to_bytes() });
            self.len += 1;
        }
        for (band, key) in self.bands.iter_mut().zip(sketch.bands()) {
            band.insert(key, place);
        }
    }

    /// Puts a sketch in the place of the one that a number has; numbers must have come in ascending order. The table is then, but for bands that
    /// are full, the one into which all numbers came in order with the sketches that they have now.
    pub fn replace(&mut self, seq: i64, sketch: &Sketch) {
        let found = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|entry| entry.seq < seq));
        let at = self.chunks.get(found).map_or(0, |chunk| chunk.partition_point(|entry| entry.seq < seq));
        let held = self.chunks.get_mut(found).and_then(|chunk| chunk.get_mut(at)).filter(|entry| entry.seq == seq);
        let Some(entry) = held else { return self.insert(seq, sketch) };
        let before = Sketch(std::mem::replace(&mut entry.slots, sketch.to_bytes()));
        let Ok(place) = u32::try_from(found * CHUNK + at) else { return };
        if self.bands.iter().any(Band::is_full) {
            return self.grow();
        }
        for (band, (key, old)) in self.bands.iter_mut().zip(sketch.bands().into_iter().zip(before.bands())) {
            // Under the old key it is still looked at, and found to be unlike.
            if key != old {
                band.insert(key, place);
            }
        }
    }

    /// Those that share a band with this sketch, with the estimated likeness, the likest first and then the lowest number; each number
    /// once, `limit` numbers at most. No more than [`BUCKET`] are looked at for each band.
    pub fn candidates(&self, sketch: &Sketch, limit: usize) -> Vec<(i64, f64)> {
        let mut places = Vec::new();
        for (band, key) in self.bands.iter().zip(sketch.bands()) {
            band.find(key, &mut places);
        }
        places.sort_unstable();
        places.dedup();
        let entries = places.iter().filter_map(|place| self.entry(*place as usize));
        let mut found: Vec<(i64, f64)> = entries
            .map(|entry| (entry.seq, Sketch(entry.slots)))
            .filter(|(_, other)| *other != Sketch::NONE && sketch.meets(other))
            .map(|(seq, other)| (seq, sketch.estimate(&other)))
            .collect();
        found.sort_by(|(a, like), (b, other)| a.cmp(b).then(other.total_cmp(like)));
        found.dedup_by_key(|(seq, _)| *seq);
        found.sort_by(|(_, like), (_, other)| other.total_cmp(like));
        found.truncate(limit);
        found
    }

    fn entry(&self, place: usize) -> Option<&Entry> {
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    fn grow(&mut self) {
        for (number, band) in self.bands.iter_mut().enumerate() {
            let places = band.tags.len() / 5 * 6 + CHUNK;
            // The old table is given back before the new one is taken.
            *band = Band::default();
            *band = Band::new(places);
            for (place, entry) in self.chunks.iter().flatten().enumerate() {
                band.insert(Sketch(entry.slots).band(number), place as u32);
            }
        }
    }
}

impl Band {
    fn new(places: usize) -> Self {
        Self { tags: vec![0; places], entries: vec![0; places], used: 0 }
    }

    fn is_full(&self) -> bool {
        self.used.saturating_mul(FULL.1) >= self.tags.len().saturating_mul(FULL.0)
    }

    /// Places in the order in which a key is looked for; there is a free one at the end, since a table is never full.
    fn walk(&self, key: u32) -> impl Iterator<Item = (usize, u8)> + '_ {
        let start = ((u64::from(key) * self.tags.len() as u64) >> 32) as usize;
        let (before, after) = self.tags.split_at_checked(start).unwrap_or((&[], &self.tags));
        let after = after.iter().enumerate().map(move |(at, tag)| (start + at, *tag));
        after.chain(before.iter().copied().enumerate())
    }

    fn insert(&mut self, key: u32, entry: u32) {
        let tag = tag(key);
        let (mut met, mut oldest) = (0, (u32::MAX, None));
        let mut free = None;
        for (at, other) in self.walk(key) {
            if other == 0 {
                free = Some(at);
                break;
            }
            if other == tag {
                let age = self.entries.get(at).copied().unwrap_or(u32::MAX);
                oldest = oldest.min((age, Some(at)));
                met += 1;
                if met == BUCKET {
                    break;
                }
            }
        }
        // The last that came stay, in whatever order they are put here: one that is older than all of them is not among them.
        let (age, place) = oldest;
        let Some(at) = free.or(place.filter(|_| age < entry)) else { return };
        self.used += usize::from(free.is_some());
        if let (Some(place), Some(mark)) = (self.entries.get_mut(at), self.tags.get_mut(at)) {
            (*place, *mark) = (entry, tag);
        }
    }

    fn find(&self, key: u32, found: &mut Vec<u32>) {
        let tag = tag(key);
        let same = self.walk(key).take_while(|(_, other)| *other != 0).filter(|(_, other)| *other == tag);
        found.extend(same.take(BUCKET).filter_map(|(at, _)| self.entries.get(at)));
    }
}

/// The key's low bits, which have no part in its place.
const fn tag(key: u32) -> u8 {
    let low = key as u8;
    if low == 0 { 255 } else { low }
}
