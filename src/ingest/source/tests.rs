use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        packer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        packer.write_all(bytes).expect("packed");
    }
    packer.finish().expect("an archive").into_inner()
}

fn from_input(bytes: &[u8]) -> (Vec<Source>, Report) {
    let (mut sources, mut report) = (Vec::new(), Report::default());
    input(&mut Cursor::new(bytes), &mut sources, &mut report).expect("an input");
    (sources, report)
}

fn words(source: &Source) -> Result<String> {
    let mut words = String::new();
    source.open()?.read_to_string(&mut words).map_err(|error| source.io(&error))?;
    Ok(words)
}

#[test]
fn what_is_packed_is_unpacked_once() {
    for bytes in [b"Title\n\nWords.".to_vec(), gzip(b"Title\n\nWords."), [gzip(b"Title\n\n"), gzip(b"Words.")].concat()] {
        let (sources, _) = from_input(&bytes);
        assert_eq!(words(&sources[0]).expect("words"), "Title\n\nWords.");
    }
    let twice = gzip(&gzip(b"Title"));
    let (sources, _) = from_input(&twice);
    let mut head = Vec::new();
    sources[0].open().expect("open").read_to_end(&mut head).expect("unpacked once");
    let error = crate::import::container("x", &head).expect_err("packed twice");
    assert!(error.reason.contains("packed once more"), "{error}");
}

#[test]
fn archives_open_to_their_documents() {
    let entries: &[(&str, &[u8])] = &[
        ("b/page.html", b"<h1>x</h1>"),
        ("b/page.html.toml", b"publisher = 'X'"),
        ("a.txt", b"Title\n\nWords."),
        ("c.ndjson.gz", &gzip(b"{}")),
        ("../../etc/passwd", b"names are only shown"),
        ("__MACOSX/a.txt", b"x"),
        (".hidden", b"x"),
        ("README.md", b"x"),
        ("lone.toml", b"x"),
    ];
    let (sources, report) = from_input(&zip(entries));
    let shown: Vec<String> = sources.iter().map(Source::shown).collect();
    assert_eq!(
        shown,
        ["standard input: ../../etc/passwd", "standard input: a.txt", "standard input: b/page.html", "standard input: c.ndjson.gz"]
    );
    assert_eq!(sources[0].name(), "passwd");
    assert_eq!(words(&sources[1]).expect("words"), "Title\n\nWords.");
    assert_eq!(words(&sources[3]).expect("words"), "{}");
    assert_eq!(sources[1].sidecar().expect("none"), None);
    assert_eq!(sources[2].sidecar().expect("one"), Some(("standard input: b/page.html.toml".into(), "publisher = 'X'".into())));
    assert_eq!(report.passed_over.len(), 2, "{:?}", report.passed_over);
}

#[test]
fn links_and_locked_entries_are_not_followed() {
    let mut packer = ZipWriter::new(Cursor::new(Vec::new()));
    packer.add_symlink("link.txt", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    packer.start_file("a.txt", SimpleFileOptions::default()).expect("an entry");
    packer.write_all(b"Words").expect("packed");
    let (sources, report) = from_input(&packer.finish().expect("an archive").into_inner());
    assert_eq!((sources.len(), report.passed_over.len()), (1, 1));
}

#[cfg(unix)]
#[test]
fn links_in_folders_are_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("secret.txt"), "Secret\n\nWords.").expect("written");
    std::fs::write(outside.path().join("secret.toml"), "publisher = 'X'").expect("written");
    std::fs::write(folder.path().join("a.txt"), "Title\n\nWords.").expect("written");
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("link.txt")).expect("linked");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("folder")).expect("linked");
    std::os::unix::fs::symlink(outside.path().join("secret.toml"), folder.path().join("a.txt.toml")).expect("linked");
    let mut report = Report::default();
    let sources = expand(&[folder.path().to_path_buf()], &mut report).expect("expanded");
    assert_eq!(sources.iter().map(Source::name).collect::<Vec<_>>(), ["a.txt"]);
    assert_eq!(sources[0].sidecar().expect("no sidecar"), None);
    assert_eq!(report.passed_over.len(), 2, "{:?}", report.passed_over);
}

#[test]
fn bombs_are_refused_at_once() {
    let zeroes = vec![b' '; 80 << 20];
    let begun = std::time::Instant::now();
    let bomb = gzip(&zeroes);
    let packed = begun.elapsed();
    let (sources, _) = from_input(&bomb);
    let mut sink = std::io::sink();
    let begun = std::time::Instant::now();
    let error = std::io::copy(&mut sources[0].open().expect("open"), &mut sink).expect_err("a bomb");
    assert!(error.to_string().contains("nothing honest"), "{error}");
    assert!(begun.elapsed() < packed + std::time::Duration::from_secs(2));
    // As an archive it is refused before anything is unpacked.
    let (sources, report) = from_input(&zip(&[("bomb.txt", &zeroes)]));
    assert!(sources.is_empty());
    assert!(report.refusals[0].reason.contains("nothing honest"), "{}", report.refusals[0]);
    // Many small entries are no better than a large one.
    let part = vec![b' '; 2 << 20];
    let names: Vec<String> = (0..40).map(|number| format!("{number}.txt")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), part.as_slice())).collect();
    let (sources, report) = from_input(&zip(&entries));
    assert_eq!((sources.len(), report.refused), (0, 1));
    // An archive that lies about sizes.
    let mut lying = zip(&[("a.txt", &part)]);
    let size = (part.len() as u32).to_le_bytes();
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&1_000u32.to_le_bytes());
        }
    }
    let (sources, report) = from_input(&lying);
    let told = sources.first().map(|source| words(source).expect_err("damaged").to_string());
    assert!(told.as_deref().is_some_and(|told| told.contains("damaged")) || report.refused == 1, "{told:?}");
}

#[test]
fn an_archive_in_an_archive_is_refused() {
    let (sources, _) = from_input(&zip(&[("inner.zip", &zip(&[("a.txt", b"Words")]))]));
    let mut head = Vec::new();
    sources[0].open().expect("open").read_to_end(&mut head).expect("bytes");
    assert!(crate::import::container("x", &head).expect_err("an archive").reason.contains("inside of another file"));
}

#[test]
fn broken_archives_are_refused_with_a_sentence() {
    let whole = zip(&[("a.txt", b"Title\n\nWords of a text."), ("b.txt", b"Title\n\nOther words.")]);
    for cut in (4..whole.len()).step_by(7) {
        let (sources, report) = from_input(&whole[..cut]);
        assert!(sources.is_empty() && report.refused == 1, "{cut}");
    }
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x41;
        let (sources, _) = from_input(&broken);
        for source in sources {
            let _ = source.sidecar();
            let _ = words(&source);
        }
    }
    // An office document is no archive of documents.
    let (sources, _) = from_input(&zip(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]));
    assert!(matches!(sources.as_slice(), [Source::Input(_)]));
    let mut head = Vec::new();
    sources[0].open().expect("open").read_to_end(&mut head).expect("bytes");
    assert!(crate::import::container("x", &head).expect_err("office").reason.contains("office document"));
}
