//! Tables as comma-separated values (RFC 4180), safe to open in a spreadsheet.

/// A line of a table.
pub fn line(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|given| cell(given.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe before it, and is read as words.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{guard}{}\"", text.replace('"', "\"\"")) } else { format!("{guard}{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_never_formulas() {
        assert_eq!(line(["2025-04", "1", "a \"b\", c"]), "2025-04,1,\"a \"\"b\"\", c\"\r\n");
        assert_eq!(
            line(["=1+1", "+1", "-war", "@SUM(A1)", "\tx", "\rx", "=\"a\",b"]),
            "'=1+1,'+1,'-war,'@SUM(A1),'\tx,\"'\rx\",\"'=\"\"a\"\",b\"\r\n"
        );
    }
}
