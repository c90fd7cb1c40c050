//! Files by which programs find what is here: browsers the search, search engines the pages, robots what to leave alone, finders of faults whom to
//! tell, language models where to read.

pub mod llms;
pub mod opensearch;
pub mod robots;
pub mod security;
pub mod sitemap;
