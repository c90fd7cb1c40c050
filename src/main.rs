//! The program: see [`nato_archive::cli`].

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    // Whatever that library has to say about a certificate stands in the error that is told.
    let filter = EnvFilter::try_from_env("NATO_ARCHIVE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,rustls_platform_verifier=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    nato_archive::cli::run(nato_archive::cli::Cli::parse(), |name| std::env::var(name).ok()).await
}
