//! The search box suggests as one types.

use serde_json::Value;

use crate::browser::{Browser, DOWN, ENTER, ESCAPE, Reader, TAB, with_browser};

#[tokio::test]
async fn suggestions_are_chosen_with_the_arrow_keys_and_are_never_in_the_way() {
    with_browser(Reader::default(), async |it: Browser| {
        let list = "document.querySelector('#suggestions')";
        let open = format!("!{list}.hidden && {list}.querySelectorAll('[role=option]').length > 0");
        it.open("/").await;
        it.click("#q").await;
        it.write("nuclear").await;
        it.until(&open).await;
        it.until("/^[1-8] results/.test(document.querySelector('#suggestions-feedback').textContent)").await;
        assert_eq!(it.words("document.querySelector('#q').getAttribute('aria-expanded')").await, "true");
        // Escape closes the list and leaves what was typed.
        it.press(ESCAPE).await;
        it.until(&format!("{list}.hidden")).await;
        assert_eq!(it.words("document.querySelector('#q').value").await, "nuclear");
        // Tab goes on and chooses nothing.
        it.write(" d").await;
        it.until(&open).await;
        it.press(DOWN).await;
        it.press(TAB).await;
        it.until(&format!("{list}.hidden && document.activeElement.textContent === 'Search'")).await;
        assert_eq!(it.words("location.pathname").await, "/");
        // An arrow key and Enter go to the page of the suggestion.
        it.click("#q").await;
        it.until(&open).await;
        it.press(DOWN).await;
        let chosen = it.words("document.querySelector('#suggestions [aria-selected=true]').getAttribute('href')").await;
        assert_eq!(chosen, "/topics/nuclear-deterrence");
        assert_eq!(it.number("scrollY").await, 0.0, "the page stays where it is");
        it.press(ENTER).await;
        it.at("/topics/nuclear-deterrence").await;
        // Enter alone searches for the words as they were typed.
        it.click("#q").await;
        it.write("april 2025").await;
        it.until(&open).await;
        it.press(ENTER).await;
        it.until("location.pathname === '/search' && location.search.includes('q=april+2025')").await;
        // What was asked for already is no reason to suggest.
        it.click("#q").await;
        assert_eq!(it.value(&format!("{list}.hidden")).await, Value::Bool(true));
        it.value("document.querySelector('#q').select()").await;
        it.write("april 2025").await;
        it.until(&open).await;
        it.click("#suggestions a[href='/2025/04']").await;
        it.at("/2025/04").await;
    })
    .await;
}
