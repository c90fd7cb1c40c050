//! The three kinds of document that the archive began with.

use super::*;

const FEED: &str = include_str!("../../../../seeds/000_1ff6550dc60860b2.txt");
const LIVE: &str = include_str!("../../../../seeds/001_37381dd10a5c6510.txt");
const ARTICLE: &str = include_str!("../../../../seeds/002_953590070cb86149.txt");

fn feed_releases() -> Vec<ParsedRelease> {
    let lines: Vec<&str> = FEED.lines().collect();
    let filled = |line: &str| !line.trim().is_empty();
    let titles: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("Source: "))
        .filter_map(|at| (0..at).rev().find(|before| filled(lines[*before])))
        .collect();
    let ends = titles.iter().skip(1).copied().chain([lines.len()]);
    titles.iter().zip(ends).map(|(start, end)| release(lines[*start], None, lines[start + 3..end].join("\n").trim())).collect()
}

fn live_releases() -> Vec<ParsedRelease> {
    let lines: Vec<&str> = LIVE.lines().collect();
    let stamps: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("June 2") && lines[*at].len() == 14).collect();
    let title = |stamp: usize| (0..stamp).rev().find(|at| !lines[*at].trim().is_empty()).expect("a title");
    let ends = stamps.iter().skip(1).map(|stamp| title(*stamp)).chain([lines.len()]);
    stamps.iter().zip(ends).map(|(at, end)| release(lines[title(*at)], Some(lines[*at]), lines[at + 1..end].join("\n").trim())).collect()
}

fn article() -> Vec<ParsedRelease> {
    let (title, body) = ARTICLE.split_once('\n').expect("two lines");
    vec![release(title, None, &body.replace('\n', "\n\n"))]
}

fn show(releases: &[ParsedRelease], dated: &[Dated]) {
    for (release, dated) in releases.iter().zip(dated) {
        println!("{:.60} | {} | advisory {}", release.title_text(), line(dated), dated.advisory);
        for reason in &dated.published.reasons {
            println!("      {reason}");
        }
        for evidence in &dated.published.evidence {
            println!("      = {}", evidence.text);
        }
        for date in &dated.dates {
            println!("      - {} {} “{}”", date.edtf, date.role.token(), date.evidence.text);
        }
    }
}

#[test]
fn a_feed_of_releases() {
    let releases = feed_releases();
    let dated = date_releases(&releases, &context(DocumentOrder::NewestFirst, &summits()));
    show(&releases, &dated);
    let lines: Vec<String> = dated.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "2025-05-05/2025-05-07 | 2025-05-07 | range | dateline | printed",
            "2025-04-30 | 2025-04-30 | day | lead | printed",
            "[2025-04-29..2025-04-30] | 2025-04-30 | bounded | lead | printed",
            "2025-04-29 | 2025-04-29 | day | lead | printed",
            "2025-04-28 | 2025-04-28 | day | lead | printed",
            "2025-04-25 | 2025-04-25 | day | lead | printed",
            "2025-04-25 | 2025-04-25 | day | lead | weekday",
            "[2025-04-25..2025-04-30] | 2025-04-25 | bounded | order | neighbours",
            "2025-04-25 | 2025-04-25 | day | lead | printed",
            "[2024-09-25..2025-04-30] | 2025-04-25 | bounded | order | printed",
        ]
    );
    let advisories: Vec<usize> = (0..dated.len()).filter(|at| dated[*at].advisory).collect();
    assert_eq!(advisories, [2]);
}

#[test]
fn a_live_page() {
    let releases = live_releases();
    let mut context = context(DocumentOrder::NewestFirst, &[]);
    context.time_zone = Some("Europe/Amsterdam");
    let dated = date_releases(&releases, &context);
    show(&releases, &dated);
    assert_eq!(dated.len(), 12);
    assert_eq!(line(&dated[0]), "2025-06-25T16:00:00+02:00 | 2025-06-25 | minute | stamp | document");
    assert!(dated[2..].iter().all(|dated| dated.published.sort_on == Some(day("2025-06-24"))));
    assert!(dated.iter().all(|dated| dated.published.precision.token() == "minute" && dated.published.time.is_some()));
}

#[test]
fn a_bare_article() {
    let releases = article();
    for summits in [summits(), Vec::new()] {
        let dated = date_releases(&releases, &context(DocumentOrder::Unordered, &summits));
        show(&releases, &dated);
        assert_eq!(line(&dated[0]), "[2025-06-17..2025-06-24] | 2025-06-17 | bounded | lead | document");
        assert!(!dated[0].advisory);
    }
}
