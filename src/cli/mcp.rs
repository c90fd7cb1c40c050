//! `nato-archive mcp`: the archive for research assistants. Standard output belongs to the protocol; everything else goes to standard error.

use std::process::ExitCode;

use anyhow::Result;

use super::open::open_reading;
use crate::config::Config;
use crate::web::mcp;

pub async fn run(config: &Config) -> Result<ExitCode> {
    let (app, _serving) = open_reading(config).await?;
    mcp::serve(app).await?;
    Ok(ExitCode::SUCCESS)
}
