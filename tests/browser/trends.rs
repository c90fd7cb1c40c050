//! Searches over time, clicked and without scripts.

use crate::browser::{Browser, Reader, with_browser};

#[tokio::test]
async fn points_of_a_chart_lead_to_as_many_releases_as_they_say() {
    with_browser(Reader::default(), async |it: Browser| {
        let path = "/trends?q=defence+industry&q=deterrence&by=month";
        for point in [".plot .s1 a:last-of-type", ".plot .s2 a:last-of-type"] {
            it.open(path).await;
            let name = it.words(&format!("document.querySelector('{point} title').textContent")).await;
            let count = name.rsplit(": ").next().expect("a count").to_owned();
            it.click(&format!("{point} .dot")).await;
            it.at("/search").await;
            let sentence = it.words("document.querySelector('#sentence').textContent").await;
            assert!(sentence.starts_with(&count), "{name}: {sentence}");
        }
        // Another box keeps what was typed.
        it.open(path).await;
        it.click("#q2").await;
        it.value("document.querySelector('#q2').select()").await;
        it.write("Ukraine").await;
        it.click("button[name=q]").await;
        it.until("document.querySelector('#q3') !== null").await;
        assert_eq!(it.words("document.querySelector('#q2').value").await, "Ukraine");
        assert!(it.words("document.querySelector('.legend').textContent").await.contains("“Ukraine”: first"));
    })
    .await;
}

#[tokio::test]
async fn searches_over_time_need_no_scripts() {
    with_browser(Reader { scripts: false, ..Reader::default() }, async |it: Browser| {
        it.open("/trends").await;
        it.find("#q1").await.send_keys("deterrence").await.expect("typing");
        it.find("#q2").await.send_keys("Ukraine").await.expect("typing");
        it.click("form.compare button[type=submit]").await;
        it.until("location.search.includes('q=deterrence&q=Ukraine')").await;
        it.click("ul[aria-label='Count by'] a[href*='by=month']").await;
        it.until("location.search.includes('by=month')").await;
        assert_eq!(it.number("document.querySelectorAll('.plot g').length").await, 2.0);
        it.click("details.numbers summary").await;
        let count = it.words("document.querySelector('.numbers td a').textContent").await;
        it.click(".numbers td a").await;
        it.at("/search").await;
        assert!(it.words("document.querySelector('#sentence').textContent").await.starts_with(&format!("{count} release")));
    })
    .await;
}
