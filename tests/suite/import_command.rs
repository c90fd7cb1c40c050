//! `import` as people and programs run it: tried out, told in JSON, refused with a report, stopped and taken up again.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::process::{PATIENCE, Said, program};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn run(home: &tempfile::TempDir, arguments: &[&str]) -> Said {
    program(home.path()).args(arguments).output().expect("the program").into()
}

fn file(folder: &tempfile::TempDir, name: &str, content: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_string_lossy().into_owned()
}

const TWO: &str = "{\"key\":\"a\",\"title\":\"A title\",\"body\":\"Words about defence.\"}\n{\"key\":\"b\",\"title\":\"Another\",\"body\":\"More words.\"}\n";

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let (home, files) = (folder(), folder());
    assert_eq!(run(&home, &["import", &file(&files, "one.ndjson", TWO)]).code, Some(0));
    let changed = TWO.replace("More words", "Other words") + "{\"title\":\"A third\",\"body\":\"New.\"}\n{\"title\":\"No body\"}\n";
    let changed = file(&files, "two.ndjson", &changed);
    let tried = run(&home, &["import", "--dry-run", &changed]);
    assert_eq!(tried.code, Some(1), "one line is refused: {}", tried.err);
    for line in [
        "unchanged A title: ",
        "changed   Another: ",
        "new       A third: Nothing like it was known.",
        "Nothing was changed. It would be: 1 document: 1 new, 1 changed, 1 unchanged",
    ] {
        assert!(tried.out.contains(line), "{line}: {}", tried.out);
    }
    let left: Vec<String> = std::fs::read_dir(home.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!left.iter().any(|name| name.starts_with("dry-run")), "{left:?}");
    let then = run(&home, &["import", &changed]);
    assert!(then.out.contains("1 new, 1 changed, 1 unchanged, 0 mirrors, 1 refused"), "{}", then.out);
}

#[test]
fn what_objects_have_and_nobody_keeps_is_told() {
    let (home, files) = (folder(), folder());
    let line = r#"{"title":"A title","body":"Words.","mood":"glad","topics":["turnip-policy","ukraine"]}"#;
    let said = run(&home, &["import", &file(&files, "one.ndjson", &format!("{line}\n"))]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("Fields that are not read and were left out: mood (1)"), "{}", said.out);
    assert!(said.out.contains("Topics that the archive does not know and that were left out"), "{}", said.out);
    assert!(said.out.contains(": turnip-policy (1)") && !said.out.contains("ukraine"), "{}", said.out);
}

#[test]
fn programs_are_told_in_json_and_refusals_stand_in_a_file() {
    let (home, files) = (folder(), folder());
    let mixed = file(&files, "mixed.ndjson", &format!("{TWO}{{\"title\":\"No body\"}}\nnonsense\n"));
    let report = files.path().join("report.ndjson");
    let said = run(&home, &["import", "--json", "--dry-run", "--report", &report.to_string_lossy(), &mixed]);
    let lines: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of("decision").len(), of("refused").len(), of("summary").len()), (2, 2, 1), "{}", said.out);
    let summary = of("summary")[0];
    assert_eq!((&summary["new"], &summary["refused"], &summary["stopped"]), (&2.into(), &2.into(), &false.into()));
    let refused: Vec<Value> =
        std::fs::read_to_string(&report).expect("the report").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(refused.iter().map(|line| line["line"].as_u64()).collect::<Vec<_>>(), [Some(3), Some(4)]);
    assert_eq!(refused[0]["field"], "body");
    // Unasked it stands in the archive's folder, and is named.
    let said = run(&home, &["import", &mixed]);
    assert!(said.out.contains("refused.ndjson"), "{}", said.out);
    assert!(home.path().join("refused.ndjson").exists());
}

#[cfg(unix)]
#[test]
fn a_stopped_import_is_consistent_and_goes_on() {
    let (home, files) = (folder(), folder());
    let lines: String = (0..6_000)
        .map(|number| format!("{{\"key\":\"{number}\",\"title\":\"Title {number}\",\"body\":\"On Friday 25 April 2025 word{number} was said about defence and ships.\"}}\n"))
        .collect();
    let large = file(&files, "large.ndjson", &lines);
    let mut child =
        program(home.path()).args(["import", &large]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program");
    let until = Instant::now() + PATIENCE;
    // As soon as something is stored.
    let stored = || std::fs::metadata(home.path().join("archive.db-wal")).is_ok_and(|log| log.len() > 2_000_000);
    while !stored() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let mut out = String::new();
    std::io::Read::read_to_string(child.stdout.as_mut().expect("its output"), &mut out).expect("words");
    assert_eq!(child.wait().expect("its end").code(), Some(1), "{out}");
    assert!(out.contains("run the same command again"), "{out}");
    let checked = run(&home, &["check"]);
    assert!(checked.out.contains("was not read to its end"), "a check knows that it is not whole: {}", checked.out);
    assert_eq!(checked.out.matches("wrong:").count(), 1, "{}", checked.out);
    let again = run(&home, &["import", &large]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(!again.out.contains(" 0 unchanged") && again.out.contains(" 0 changed"), "it goes on where it stopped: {}", again.out);
    assert!(run(&home, &["check"]).out.contains("all well"));
}
