//! Passages copied: by their own controls, and by selected words.

use serde_json::json;

use nato_archive::web::cite::quoting::inside_marks as inner;

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
        assert!(copied.starts_with(&format!("“{}”\nNATO. (2025, April 29).", inner(&words))), "{copied}");
        assert!(copied.ends_with(&format!(" {permalink}?v=1&p=2#p2 Para. 2.")), "{copied}");
        // Selected words, a control for which there is none before.
        assert_eq!(it.value("document.querySelector('#selected').hidden").await, json!(true));
        it.value("getSelection().setBaseAndExtent(document.querySelector('#p1 > p').firstChild, 0, document.querySelector('#p1 > p').firstChild, 40)").await;
        it.until("!document.querySelector('#selected').hidden").await;
        it.click("#selected [data-selected=link]").await;
        it.until("document.querySelector('#status').textContent === 'Link to the selected words copied'").await;
        let link = clipboard(&it).await;
        assert!(link.starts_with(&format!("{permalink}?v=1&p=1#p1:~:text=")), "{link}");
        it.client.goto(&link).await.expect("the passage");
        // A browser that finds the words makes what holds them its target, and not the passage.
        it.until("document.querySelector('#p1 :target') !== null").await;
        assert!(it.value("document.querySelector('#cite-quoted') !== null").await == json!(true));
    })
    .await;
}

#[tokio::test]
async fn what_is_copied_names_its_own_passage_and_has_its_own_words() {
    with_browser(Reader::default(), async |it: Browser| {
        it.open("/search?q=%22Defence+Production+Action+Plan%22+DPAP").await;
        it.click("ol.register .what a").await;
        it.until("location.pathname.startsWith('/releases/')").await;
        it.dev_tools("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] })).await;
        // Opened for one passage, another is cited.
        it.click("#p2 [data-link]").await;
        it.until("document.querySelector('#status').textContent === 'Link to passage 2 copied'").await;
        it.client.goto(&clipboard(&it).await).await.expect("the passage");
        it.until("document.querySelector('#cite-quoted') !== null").await;
        it.value("document.querySelector('#p1 [data-quote]').focus()").await;
        it.click("#p1 [data-quote]").await;
        it.until("document.querySelector('#status').textContent === 'Passage 1 copied with its citation'").await;
        let copied = clipboard(&it).await;
        assert!(copied.ends_with("p=1#p1 Para. 1."), "{copied}");
        // Words of a list stand apart, as they are read.
        it.value("document.querySelector('.passage:has(ul.list) [data-quote]').focus()").await;
        it.click(".passage:has(ul.list) [data-quote]").await;
        it.until("document.querySelector('#status').textContent.startsWith('Passage ') && !document.querySelector('#status').textContent.startsWith('Passage 1 ')").await;
        let copied = clipboard(&it).await;
        let lines = it.value("[...document.querySelectorAll('.passage:has(ul.list)')][0].querySelectorAll('li p').length").await;
        assert!(lines.as_u64().is_some_and(|lines| lines > 1), "{lines}");
        let apart = it.value("[...document.querySelector('.passage:has(ul.list)').querySelectorAll('li p')].map(p => p.textContent.replace(/\\s+/g, ' ').trim())").await;
        for line in apart.as_array().expect("lines") {
            let line = inner(line.as_str().expect("words"));
            assert!(copied.contains(&format!(" {line}")), "“{line}” stands apart in {copied}");
        }
        // A selection over passages names both, and its link finds the words by whole words of the first and the last.
        it.value(
            "((from, to) => getSelection().setBaseAndExtent(from, 2, to, to.data.length - 2))( \
             ...['p1', 'p2'].map(id => document.querySelector(`#${id} > p`).firstChild))",
        )
        .await;
        it.until("!document.querySelector('#selected').hidden").await;
        it.click("#selected [data-selected=quote]").await;
        it.until("document.querySelector('#status').textContent === 'Quotation copied'").await;
        let copied = clipboard(&it).await;
        assert!(copied.ends_with(" Paras. 1–2.") && !copied.contains('¶'), "{copied}");
        it.click("#selected [data-selected=link]").await;
        it.until("document.querySelector('#status').textContent === 'Link to the selected words copied'").await;
        let link = clipboard(&it).await;
        let directive = link.split(":~:text=").nth(1).expect("words to find").to_owned();
        let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        let (from, to) = directive.split_once(',').expect("both ends");
        let first = it.words("document.querySelector('#p1 > p').textContent.replace(/\\s+/g, ' ').trim()").await;
        let last = it.words("document.querySelector('#p2 > p').textContent.replace(/\\s+/g, ' ').trim()").await;
        assert!(first.starts_with(&decoded(from)), "{from} begins {first}");
        assert!(last.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with(decoded(to).trim_end_matches(|c: char| !c.is_alphanumeric())), "{to} ends {last}");
        it.client.goto(&link).await.expect("the passages");
        it.until("document.querySelector(':target:has(#p1, #p2)') !== null").await;
        // No tool lies over another.
        let covered = it
            .value(
                "[...document.querySelectorAll('[data-quote]')].filter(link => { link.scrollIntoView({block: 'center', behavior: 'instant'}); \
                 const box = link.getBoundingClientRect(); \
                 return !link.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)); }).length",
            )
            .await;
        assert_eq!(covered, json!(0));
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
        let words = it.words("document.querySelector('#p3 > p').textContent.replace(/\\s+/g, ' ').trim()").await;
        assert_eq!(quoted, format!("“{}”", inner(&words)));
    })
    .await;
}
