//! By behaviour.

mod api;
mod api_described;
mod api_lists;
mod architecture;
mod backup;
mod command_line;
mod dates;
mod durability;
mod export;
mod fetch;
mod hostile;
mod http;
mod identity;
mod import_command;
mod index;
mod oracle;
mod pages;
mod past;
mod search;
mod snapshots;
mod store_story;
mod suggest;
mod trends;
mod upgrade;
mod vendored;
mod walk;
