//! Passages copied: by their own controls, and by selected words.

use serde_json::json;

use crate::browser::{Browser, Reader, with_browser};

async fn clipboard(it: &Browser) -> String {
    let read = "const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))";
    it.client.execute_async(read, vec![]).await.expect("the clipboard").as_str().expect("words").to_owned()
}

#[tokio::test]
async fn passages_are_copied_with_their_address_and_their_citation() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/search?q=helsinki").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        it.dev_tools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] })).await;
        let permalink = it.words("document.querySelector('#permalink').href").await;
        it.click("#p2 [data-link]").await;
        it.until("document.querySelector('#status').textContent === 'Link to passage 2 copied'").await;
        assert_eq!(clipboard(&it).await, format!("{permalink}?v=1&p=2#p2"));
        let words = it.words("document.querySelector('#p2 > p').textContent.replace(/\\s+/g, ' ').trim()").await;
        it.value("document.querySelector('#p2 [data-quote]').focus()").await;
        it.click("#p2 [data-quote]").await;
        it.until("document.querySelector('#status').textContent === 'Passage 2 copied with its citation'").await;
        let copied = clipboard(&it).await;
        assert!(copied.starts_with(&format!("“{words}”\nNATO. (2025, April 29).")), "{copied}");
        assert!(copied.ends_with(&format!(" {permalink}?v=1&p=2#p2")), "{copied}");
        // Selected words, a control for which there is none before.
        assert_eq!(it.value("document.querySelector('#selected').hidden").await, json!(true));
        it.value("getSelection().setBaseAndExtent(document.querySelector('#p1 > p').firstChild, 0, document.querySelector('#p1 > p').firstChild, 40)").await;
        it.until("!document.querySelector('#selected').hidden").await;
        it.click("#selected [data-selected=link]").await;
        it.until("document.querySelector('#status').textContent === 'Link to the selected words copied'").await;
        let link = clipboard(&it).await;
        assert!(link.starts_with(&format!("{permalink}?v=1&p=1#p1:~:text=")), "{link}");
        it.client.goto(&link).await.expect("the passage");
        it.until("document.querySelector('#p1:target') !== null").await;
        assert!(it.value("document.querySelector('#cite-quoted') !== null").await == json!(true));
    })
    .await;
}

#[tokio::test]
async fn a_passage_is_cited_without_scripts() {
    with_browser(Reader { scripts: false, ..Reader::default() }, async |it: Browser| {
        it.open("/search?q=helsinki").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        it.click("#p2 [data-link]").await;
        it.until("location.hash === '#p2' && location.search.includes('p=2')").await;
        it.value("document.querySelector('#p3 [data-quote]').focus()").await;
        it.click("#p3 [data-quote]").await;
        it.until("location.hash === '#cite' && location.search.includes('p=3')").await;
        let quoted = it.words("document.querySelector('#cite-quoted').textContent.trim()").await;
        assert_eq!(quoted, it.words("'“' + document.querySelector('#p3 > p').textContent.replace(/\\s+/g, ' ').trim() + '”'").await);
    })
    .await;
}
