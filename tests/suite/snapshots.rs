//! What each kind of page says, as an outline. A change on purpose is taken over with `INSTA_UPDATE=always cargo nextest run snapshots`.

use crate::support::app::TestApp;
use crate::support::outline::{outline, settled};

#[tokio::test]
async fn pages_say_what_they_said() {
    let app = TestApp::seeds().await;
    let release = app.permalink("NATO experts discuss nuclear deterrence").await;
    let entry = app.permalink("Fireside chat").await;
    for (name, path, status) in [
        ("home", "/", 200),
        ("results", "/search?q=strategy&from=april+2025&topic=digital-and-data", 200),
        ("none", "/search?q=deterrence+zyzzyva&topic=ukraine&from=1999", 200),
        ("trends", "/trends?q=defence+industry&q=deterrence&by=month&as=share&from=april+2025&kind=news&kind=live-update", 200),
        ("dates", "/dates", 200),
        ("year", "/2025", 200),
        ("month", "/2025/04", 200),
        ("day", "/2025/04/30", 200),
        ("day_without_releases", "/2025/05/01", 200),
        ("topic", "/topics/nuclear-deterrence", 200),
        ("release", release.as_str(), 200),
        ("release_found", &format!("{entry}?q=commander"), 200),
        ("not_found", "/2025/05/nothing-about-deterrence", 404),
        ("bad_request", "/search?q=data&from=30+february&topic=ukraine", 400),
    ] {
        let page = app.get(path).await.is(status).html();
        let head = format!("{}\n{}", page.words("head > title"), page.words("header .coverage"));
        let all = settled(&format!("{head}\n{}", outline(page.one("main"))));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(name, all);
        });
    }
}
