//! What a search finds, how it says that it was read, and what it offers beside.

use serde_json::{Value, json};

use crate::support::app::{TestApp, path_of, word};

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Titles that a search finds, in alphabetical order, and how it was read.
async fn found(app: &TestApp, query: &str) -> (Vec<String>, String) {
    let answer = app.get(&format!("/api/v1/search?limit=100&{query}")).await.ok().json();
    let items = answer["items"].as_array().expect("items");
    assert_eq!(answer["total"], items.len(), "{query}");
    let mut titles: Vec<String> = items.iter().map(|item| word(&item["title"]).to_owned()).collect();
    titles.sort();
    (titles, word(&answer["read_as"]).replace('*', ""))
}

async fn titles(app: &TestApp, q: &str) -> String {
    found(app, &format!("q={}", encoded(q))).await.0.join(" ")
}

/// An archive of releases of one word each as their title.
async fn archive(texts: &[(&str, &str)]) -> TestApp {
    let releases: Vec<Value> =
        texts.iter().map(|(title, body)| json!({"title": title, "body": body, "published_on": "2025-04-30", "lang": "en"})).collect();
    TestApp::of(&releases).await
}

#[tokio::test]
async fn one_meaning_is_found_under_all_its_spellings() {
    let app = archive(&[
        ("british", "The defence organisation met at the centre for its programme."),
        ("american", "The defense organization met at the center for its program."),
        ("full", "The Joint Analysis, Training and Education Centre was opened."),
        ("short", "JATEC was opened."),
        ("kyiv", "President Zelenskyy spoke in Kyiv."),
        ("kiev", "President Zelensky spoke in Kiev."),
        ("hyphen", "A note on cyber-security."),
        ("space", "A note on cyber security."),
        ("joined", "A note on cybersecurity."),
        ("letters", "Łódź, Tromsø, Đorđe, Straße, Ærø and œuvre."),
        ("marks", "The Alliance’s caf\u{65}\u{301}s and ﬁnal ＮＡＴＯ words."),
    ])
    .await;
    for (q, expected) in [
        ("defence", "american british"),
        ("defense", "american british"),
        ("organisations", "american british"),
        ("program", "american british"),
        ("centre", "american british full short"),
        ("JATEC", "full short"),
        ("joint analysis training and education centre", "full short"),
        ("\"Joint Analysis, Training and Education Centre\"", "full"),
        ("=JATEC", "short"),
        ("Zelenskiy", "kiev kyiv"),
        ("Kiev", "kiev kyiv"),
        ("cybersecurity", "hyphen joined space"),
        ("cyber-security", "hyphen joined space"),
        ("cyber security", "hyphen joined space"),
        ("\"cyber security\"", "hyphen space"),
        ("\"defense\"", "american"),
        ("=defence", "british"),
        ("lodz tromso", "letters"),
        ("Łodz Tromsö", "letters"),
        ("Dorde strasse aero oeuvre", "letters"),
        ("alliance's cafés", "marks"),
        ("alliance cafe\u{301}s final nato", "marks"),
    ] {
        let expected = if q == "centre" { "american british full" } else { expected };
        assert_eq!(titles(&app, q).await, expected, "{q}");
    }
    let (without, read_as) = found(&app, "q=defence&variants=off").await;
    assert_eq!((without.join(" ").as_str(), read_as.as_str()), ("british", "defence"));
    assert_eq!(found(&app, "q=defence").await.1, "defence (also defense)");
    assert_eq!(found(&app, "q=cyber+security").await.1, "cyber security (also cybersecurity)");
    let page = app.get("/search?q=defence").await.ok().html();
    assert!(page.each("p a").contains(&"Only these spellings and names".to_owned()));
    let page = app.get("/search?q=defence&variants=off").await.ok().html();
    assert!(page.each("p a").contains(&"With other spellings and names".to_owned()));
}

#[tokio::test]
async fn common_words_are_passed_over_and_names_made_of_them_are_not() {
    let app = archive(&[
        ("phone", "AT&T announced a merger."),
        ("other", "A merger was announced at the centre."),
        ("it", "IT modernization is funded."),
        ("iowa", "The Senator of Iowa (R-IA) spoke of modernization."),
        ("ai", "Artificial intelligence was discussed."),
    ])
    .await;
    for (q, expected, said) in [
        ("AT&T merger", "phone", "all of: AT&T, merger"),
        ("the merger", "other phone", "merger (also"),
        ("IT modernization", "it", "all of: IT, modernization"),
        ("it modernization", "iowa it", "modernization; passed over: it"),
        ("AI", "ai", "AI (also “artificial intelligence”)"),
        ("\"the merger\"", "", "exactly: “the merger”"),
    ] {
        let (titles, read_as) = found(&app, &format!("q={}", encoded(q))).await;
        assert_eq!(titles.join(" "), expected, "{q}: {read_as}");
        assert!(read_as.starts_with(said.trim_end_matches(" (also")), "{q}: {read_as}");
    }
}

#[tokio::test]
async fn each_language_is_read_by_its_own_rules() {
    let app = TestApp::of(&[
        json!({"title": "fr", "body": "L’Alliance s’engage dans l’élargissement des capacités nationales.", "lang": "fr"}),
        json!({"title": "en", "body": "The Alliance is committed to national capabilities.", "lang": "en"}),
    ])
    .await;
    for (q, expected) in [
        ("alliance", "en fr"),
        ("l'alliance", "fr"),
        ("élargissements", "fr"),
        ("elargissement", "fr"),
        ("national", "en fr"),
        ("capability", "en"),
        ("alliance lang:French", "fr"),
    ] {
        assert_eq!(titles(&app, q).await, expected, "{q}");
    }
}

#[tokio::test]
async fn words_are_near_each_other_as_asked() {
    let app = archive(&[
        ("one", "Zorb flimt quib.\n\nDrool."),
        ("two", "Zorb glab. Flimt quib.\n\nDrool zorb."),
        ("three", "Zorb.\n\nFlimt glab glab glab glab glab quib. Zorb drool."),
    ])
    .await;
    for (q, expected) in [
        ("zorb /s flimt", "one"),
        ("zorb /p flimt", "one three two"),
        ("zorb /p quib", "one three two"),
        ("drool /p zorb", "three two"),
        ("zorb /1 flimt", "one three"),
        ("zorb /2 flimt", "one three two"),
        ("flimt /3 quib", "one two"),
        ("flimt /6 quib", "one three two"),
        ("\"quib flimt\"~1", "one two"),
        ("\"quib zorb\"~2", "one three two"),
        ("\"flimt quib\" /s zorb", "one"),
        ("(drool OR quib) /s zorb", "one three two"),
        ("fli* /s qui*", "one three two"),
        ("one /s zorb", ""),
        ("title:zorb", ""),
        ("title:one zorb", "one"),
        ("title:(one OR two)", "one two"),
        ("zorb -title:one", "three two"),
    ] {
        assert_eq!(titles(&app, q).await, expected, "{q}");
    }
}

#[tokio::test]
async fn how_many_words_are_wanted_can_be_chosen() {
    let app = archive(&[("all", "zorb flimt quib drool glab"), ("most", "zorb flimt quib"), ("one", "zorb")]).await;
    for (query, expected, said) in [
        ("q=zorb+flimt", "all most", "all of: zorb, flimt"),
        ("q=zorb+flimt&match=any", "all most one", "any of: zorb, flimt"),
        ("q=zorb+flimt+quib+drool+glab", "all most", "at least 3 of 5, rarer words first: zorb, flimt, quib, drool, glab"),
        ("q=zorb+flimt+quib+drool+glab&match=all", "all", "all of: zorb, flimt, quib, drool, glab"),
        ("q=zorb+flimt+quib+drool+glab&match=any", "all most one", "any of: zorb, flimt, quib, drool, glab"),
    ] {
        let (titles, read_as) = found(&app, query).await;
        assert_eq!((titles.join(" ").as_str(), read_as.as_str()), (expected, said), "{query}");
    }
    let page = app.get("/search?q=zorb+flimt").await.ok().html();
    assert!(page.each("p a").contains(&"Search for any of the words".to_owned()));
    assert!(app.get("/search?q=zorb&match=some").await.is(400).html().text_of("main").contains("all, any or auto"));
}

#[tokio::test]
async fn fields_and_dates_narrow_a_search() {
    let app = TestApp::seeds().await;
    let total = |query: String| {
        let app = &app;
        async move { app.get(&format!("/api/v1/search?limit=1&{query}")).await.ok().json()["total"].as_u64().expect("a total") }
    };
    for (q, same) in [
        ("topic:ukraine", "topic=ukraine"),
        ("topic:\"Defence industry\"", "topic=defence-industry"),
        ("kind:\"live update\"", "kind=live-update"),
        ("place:Ukraine", "place=ukraine"),
        ("person:\"Mark Rutte\"", "person=mark-rutte"),
        ("person:Rutte", "person=mark-rutte"),
        ("source:NATO", "source=nato"),
        ("on:2025-04", "from=2025-04&to=2025-04"),
        ("after:\"30 April 2025\"", "from=2025-05-01"),
        ("before:2025-05", "to=2025-04-30"),
        ("topic:(ukraine OR \"Defence industry\")", "topic=ukraine&topic=defence-industry"),
    ] {
        let (typed, chosen) = (total(format!("q={}", encoded(q))).await, total(same.to_owned()).await);
        assert!(typed > 0 && typed == chosen, "{q}: {typed}, {same}: {chosen}");
    }
    let item = app.items().await.remove(0);
    assert_eq!(total(format!("q=id:{}", word(&item["id"]))).await, 1);
    let page = app.get("/search?q=topic:nothing").await.ok().html();
    assert!(page.text_of("main").contains("Topic “nothing” is not known to this archive."));
}

#[tokio::test]
async fn an_address_or_a_number_leads_to_its_release() {
    let app = TestApp::of(&[
        json!({"title": "Press Release (2012) 062", "body": "The Council met.", "url": "https://example.org/news_1.htm"}),
        json!({"title": "Other", "body": "The Council recalled what stands in Press Release (2012) 062 and in others.", "url": "https://example.org/news_2.htm"}),
    ])
    .await;
    let permalink = app.permalink("Press Release").await;
    for q in ["https://example.org/news_1.htm", "(2012) 062", "press release (2012)062"] {
        let answer = app.get(&format!("/search?q={}", encoded(q))).await.is(303);
        assert_eq!(answer.header("location"), permalink, "{q}");
    }
    for q in ["https://example.org/news_3.htm", "(2013) 062", "2012 062"] {
        app.get(&format!("/search?q={}", encoded(q))).await.ok();
    }
}

#[tokio::test]
async fn slips_are_pointed_out_and_never_corrected_unasked() {
    let mut texts: Vec<(String, String)> =
        (0..60).map(|number| (format!("release {number}"), "The collective defence of the Alliance.".to_owned())).collect();
    texts.push(("slip".into(), "The colective work.".into()));
    let texts: Vec<(&str, &str)> = texts.iter().map(|(title, body)| (title.as_str(), body.as_str())).collect();
    let app = archive(&texts).await;
    for (q, meant) in [
        ("colective", Some(("collective", "60 releases"))),
        ("\"collective defnce\"", Some(("\"collective defence\"", "60 releases"))),
        // Found as two words, or as one, without being asked.
        ("collectivedefence", None),
        ("coll ective", None),
        ("\"coll ective defence\"", Some(("\"collective defence\"", "60 releases"))),
        ("collective", None),
        ("zyzzyva", None),
        ("colective aliance", Some(("collective alliance", "60 releases"))),
    ] {
        let page = app.get(&format!("/search?q={}", encoded(q))).await.ok().html();
        let offered = page.each(".meant");
        match meant {
            Some((words, count)) => assert_eq!(offered, [format!("Did you mean {words}? {count}")], "{q}"),
            None => assert!(offered.is_empty(), "{q}: {offered:?}"),
        }
    }
    assert_eq!(titles(&app, "colective").await, "slip");
}

#[tokio::test]
async fn long_lists_of_values_are_shown_when_asked_for() {
    let places = ["Albania", "Belgium", "Bulgaria", "Canada", "Croatia", "Denmark", "Estonia", "Finland", "France", "Germany", "Greece"];
    let more =
        ["Hungary", "Iceland", "Italy", "Latvia", "Lithuania", "Luxembourg", "Montenegro", "Netherlands", "Norway", "Poland", "Portugal"];
    let releases: Vec<Value> = places
        .iter()
        .chain(&more)
        .enumerate()
        .map(|(number, place)| json!({"title": format!("Visit {number}"), "body": format!("The Secretary General visited {place} and Poland.")}))
        .collect();
    let app = TestApp::of(&releases).await;
    let page = app.get("/search?q=visit").await.ok().html();
    assert!(page.all("#place input").len() < 22);
    let link = page.attributes("#place p a", "href").remove(0);
    let all = app.get(&link).await.ok().html();
    assert_eq!((all.all("#place input").len(), all.attributes("#place input", "value")[0].as_str()), (22, "poland"));
    let link = all.attributes("#place p a", "href").remove(0);
    let by_name = app.get(&link).await.ok().html();
    assert_eq!(by_name.attributes("#place input", "value")[..2], ["albania", "belgium"]);
}

#[tokio::test]
async fn related_releases_say_what_they_share_and_are_no_copies() {
    let text = "The Joint Analysis, Training and Education Centre in Bydgoszcz trains Ukrainian officers in drone warfare.";
    let mut releases = vec![
        json!({"key": "a", "title": "Centre opens", "body": text, "published_on": "2025-01-01"}),
        json!({"key": "b", "title": "The same again", "body": text, "published_on": "2025-01-02"}),
        json!({"key": "c", "title": "A visit", "body": "The Chair saw drone warfare training in Bydgoszcz.", "published_on": "2025-01-03"}),
    ];
    releases.extend((0..20).map(|number| json!({"key": format!("x{number}"), "title": "Other", "body": format!("Exercise number {number} began at sea with ships.")})));
    let app = TestApp::of(&releases).await;
    let page = app.get(&app.permalink("Centre opens").await).await.ok().html();
    let related = page.each("section[aria-labelledby=related] .what a");
    assert_eq!(related.first().map(String::as_str), Some("A visit"), "{related:?}");
    assert!(!related.contains(&"The same again".to_owned()), "{related:?}");
    let shares = page.each(".shares").remove(0);
    assert!(shares.contains("Bydgoszcz") || shares.contains("drone"), "{shares}");
}

#[tokio::test]
async fn a_release_opened_from_a_search_counts_and_joins_its_hits() {
    let app = archive(&[("hits", "Defence and defense.\n\nThe defences.")]).await;
    let link = app.get("/search?q=defence").await.ok().html().attributes(".what a", "href").remove(0);
    assert!(link.ends_with("?q=defence"), "{link}");
    let page = app.get(path_of(&format!("https://x{link}"))).await.ok().html();
    assert!(page.words(".hits").starts_with("3 hits for “defence”."), "{}", page.words(".hits"));
    assert_eq!(page.each(".text mark"), ["Defence", "defense", "defences"]);
    assert_eq!(page.attributes(".text .hop a", "href"), ["#hit3", "#hit2", "#hit1", "#hit3", "#hit2", "#hit1"]);
    for href in page.attributes(".text .hop a", "href") {
        assert!(page.has_id(&href[1..]), "{href}");
    }
}
