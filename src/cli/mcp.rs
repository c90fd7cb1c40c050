//! `nato-archive mcp`: the archive for research assistants. Standard output belongs to the protocol; everything else goes to standard error.

use std::process::ExitCode;

use anyhow::Result;

use super::open::open_reading;
use crate::config::Config;
use crate::web::mcp;

pub async fn run(config: &Config) -> Result<ExitCode> {
    let reading = open_reading(config).await?;
    // Every answer looks for what the index has come to hold: a large one is brought level beside the first.
    mcp::serve(reading.app.clone()).await?;
    Ok(ExitCode::SUCCESS)
}
