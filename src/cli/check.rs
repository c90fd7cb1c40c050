//! `nato-archive check`

use std::process::ExitCode;

use anyhow::Result;

use super::open::open;
use crate::config::Config;
use crate::ingest::check::check;

pub async fn run(config: &Config) -> Result<ExitCode> {
    let parts = open(config).await?;
    let findings = check(&*parts.store, &parts.index).await?;
    println!(
        "{} and {} checked; {} characters of text documents each stand in exactly one release or preamble",
        counted(findings.documents, "document", "documents"),
        counted(findings.releases, "release", "releases"),
        findings.characters
    );
    println!(
        "{} and {} of other sources checked",
        counted(findings.versions, "older version", "older versions"),
        counted(findings.copies, "copy", "copies")
    );
    if findings.erased > 0 {
        println!("{} places in documents are empty because their words were erased; that is known and not wrong", findings.erased);
    }
    for wrong in &findings.wrong {
        println!("wrong: {wrong}");
    }
    if findings.wrong.is_empty() {
        println!("all well");
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::from(1))
    }
}

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
