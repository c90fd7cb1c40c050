//! How good a ranking is, as trec_eval counts it.

use std::collections::HashMap;

/// Grades of the documents judged for one query, by key; above 0 is relevant.
pub type Judged = HashMap<String, f64>;

/// The measures of one ranking, or their means over queries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Discounted gain of the first ten over that of the best possible ten; the gain is the grade itself.
    pub ndcg_10: f64,
    /// Precision at each relevant document, averaged over all that are relevant, found or not.
    pub average_precision: f64,
    pub precision_10: f64,
    pub recall_100: f64,
}

impl Measures {
    /// `None` where nothing is judged relevant: such a query says nothing and counts nowhere.
    pub fn of(ranking: &[String], judged: &Judged) -> Option<Self> {
        let mut ideal: Vec<f64> = judged.values().copied().filter(|grade| *grade > 0.0).collect();
        if ideal.is_empty() {
            return None;
        }
        ideal.sort_by(|a, b| b.total_cmp(a));
        let relevant = ideal.len() as f64;
        let grades: Vec<f64> = ranking.iter().map(|key| judged.get(key).copied().unwrap_or(0.0).max(0.0)).collect();
        let found = |depth: usize| grades.iter().take(depth).filter(|grade| **grade > 0.0).count() as f64;
        let precisions = (1..=grades.len()).filter(|rank| grades[rank - 1] > 0.0).map(|rank| found(rank) / rank as f64);
        Some(Self {
            ndcg_10: gain(&grades) / gain(&ideal),
            average_precision: precisions.sum::<f64>() / relevant,
            precision_10: found(10) / 10.0,
            recall_100: found(100) / relevant,
        })
    }

    pub fn mean(all: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
        Self {
            ndcg_10: mean(|one| one.ndcg_10),
            average_precision: mean(|one| one.average_precision),
            precision_10: mean(|one| one.precision_10),
            recall_100: mean(|one| one.recall_100),
        }
    }
}

/// Discounted gain of the first ten.
fn gain(grades: &[f64]) -> f64 {
    (2u32..).zip(grades.iter().take(10)).map(|(place, grade)| grade / f64::from(place).log2()).sum()
}

/// One example, worked by hand: a, b, c, d are found in this order; b has grade 1, d grade 3, and e of grade 2 was not found.
///
/// Gain: 1 / log2(3) + 3 / log2(5) = 0.63093 + 1.29203 = 1.92296; the best possible is 3 + 2 / log2(3) + 1 / 2 = 4.76186; so 0.40383.
/// Precision at the relevant ones: 1/2 and 2/4, over three relevant: 1/3. Two of ten, and two of three.
pub fn check() {
    let ranking = ["a", "b", "c", "d"].map(String::from);
    let judged: Judged = [("a", 0.0), ("b", 1.0), ("d", 3.0), ("e", 2.0)].map(|(key, grade)| (key.to_owned(), grade)).into();
    let found = Measures::of(&ranking, &judged).expect("a judged query");
    for (name, value, expected) in [
        ("nDCG@10", found.ndcg_10, 0.403_826),
        ("AP", found.average_precision, 1.0 / 3.0),
        ("P@10", found.precision_10, 0.2),
        ("recall@100", found.recall_100, 2.0 / 3.0),
    ] {
        assert!((value - expected).abs() < 1e-5, "{name}: {value} instead of {expected}");
    }
    assert_eq!(Measures::of(&ranking, &Judged::from([("a".to_owned(), 0.0)])), None, "a query without anything relevant counts nowhere");
    let best = Measures::of(&["d", "e", "b"].map(String::from), &judged).expect("a judged query");
    assert!((best.ndcg_10 - 1.0).abs() < 1e-12 && (best.average_precision - 1.0).abs() < 1e-12, "the best order is 1: {best:?}");
}
