use super::*;
use crate::model::{Block, ListItem};

fn blocks(body: &str) -> (String, Vec<Block>) {
    let text = format!("Title\n\n{body}");
    let span = super::super::lines::trimmed(&text, Span::new(7, text.len()));
    let blocks = blocks_of(&text, span);
    (text, blocks)
}

/// The blocks of a body as `kind: words`, with white space folded; lists as an outline.
fn told(body: &str) -> Vec<String> {
    let (text, blocks) = blocks(body);
    let one = |block: &Block| {
        let words = crate::model::release::fold_spaces(block.span.of(&text));
        match block.kind {
            BlockKind::List => format!("list: {}", outline(&text, &block.items)),
            BlockKind::Heading => format!("h{}: {words}", block.level),
            kind => format!("{}: {words}", kind.token()),
        }
    };
    blocks.iter().map(one).collect()
}

fn outline(text: &str, items: &[ListItem]) -> String {
    let item = |item: &ListItem| {
        let lines: Vec<&str> = item.lines.iter().map(|line| line.of(text)).collect();
        let children = if item.children.is_empty() { String::new() } else { format!(" [{}]", outline(text, &item.children)) };
        format!("{} {}{children}", item.marker.of(text), lines.join("/"))
    };
    items.iter().map(item).collect::<Vec<_>>().join("; ")
}

#[test]
fn headings() {
    for (body, expected) in [
        ("Background\n\nA body.", vec!["h2: Background", "paragraph: A body."]),
        ("Background\nA body of words.", vec!["h2: Background", "paragraph: A body of words."]),
        ("‘Historic day’\nShort words.\n\nWords.", vec!["h2: ‘Historic day’", "paragraph: Short words.", "paragraph: Words."]),
        ("Contexte général\n\nL’OTAN agit.", vec!["h2: Contexte général", "paragraph: L’OTAN agit."]),
        ("Words.\n\nBULGARIA 2025 factsheet", vec!["paragraph: Words.", "paragraph: BULGARIA 2025 factsheet"]),
        ("and so on\n\nWords.", vec!["paragraph: and so on", "paragraph: Words."]),
        ("(As delivered)\n\nWords.", vec!["paragraph: (As delivered)", "paragraph: Words."]),
        ("Dear friends,\n\nWords.", vec!["paragraph: Dear friends,", "paragraph: Words."]),
        ("Programme\n\nArrivals\n\nWords.", vec!["h2: Programme", "h3: Arrivals", "paragraph: Words."]),
        (
            "MEDIA PROGRAMME\n\nWords.\n\nArrivals\n\nWords.",
            vec!["h2: MEDIA PROGRAMME", "paragraph: Words.", "h3: Arrivals", "paragraph: Words."],
        ),
        (
            "1. Introduction\n\nWords.\n\n1.1 Aim\n\nWords.",
            vec!["h2: 1. Introduction", "paragraph: Words.", "h3: 1.1 Aim", "paragraph: Words."],
        ),
        ("Albania\n\nBelgium\n\nCanada\n\nWords.", vec!["paragraph: Albania", "paragraph: Belgium", "h2: Canada", "paragraph: Words."]),
        ("Programme\n• One\n• Two", vec!["h2: Programme", "list: • One; • Two"]),
        ("Programme\n- One\n- Two", vec!["h2: Programme", "list: - One; - Two"]),
        ("https://www.nato.int/x\n\nWords.", vec!["paragraph: https://www.nato.int/x", "paragraph: Words."]),
    ] {
        assert_eq!(told(body), expected, "{body}");
    }
}

#[test]
fn without_blank_lines_each_line_is_a_block() {
    let long = "This paragraph fills a line of its own because nobody wrapped it, and so it is rather longer than a hundred characters.";
    let document = read(&format!(
        "Title\nA standfirst without a full stop\n{long}\nWhat comes next\n{long}\nVideo: the opening\n1. One\n2. Two\n“We stand together.”\nA last line"
    ));
    assert_eq!(shape(&document.releases[0]), "P P H2 P C L2 Q P");
    let wrapped = read(
        "Title\nThe ministers of all Allies met in the city of Brussels and spoke\nAbout a number of matters that had been put on the agenda, and then\nThey went home.",
    );
    assert_eq!(shape(&wrapped.releases[0]), "P P P");
}

#[test]
fn wrapped_lines_join() {
    let wrapped = "NATO Secretary General Mark Rutte will meet the President of the\nRepublic of Finland on Friday. They will speak to the media after\nthe meeting.";
    assert_eq!(told(wrapped).len(), 1);
    let headed = format!("Meeting in Brussels\n{wrapped}\n\nWords.");
    assert_eq!(told(&headed).iter().map(|block| &block[..9]).collect::<Vec<_>>(), ["h2: Meeti", "paragraph", "paragraph"]);
    assert_eq!(told("The ministers met in Brussels, in the spring of that year,\nand went home.\n\nWords.").len(), 2);
    let long = "This is one paragraph that fills a line of its own because nobody wrapped it, and so it is rather longer than that.";
    assert_eq!(told(&format!("{long}\n{long}\n\nWords.")).len(), 3);
    assert_eq!(told("One sentence is here.\nAnother one is here.\n\nWords.").len(), 3);
    assert_eq!(told("Mark Rutte\nUrsula von der Leyen\nVolodymyr Zelenskyy\n\nWords.").len(), 2);
}

#[test]
fn captions_quotations_contacts() {
    for (line, kind) in [
        ("Video: the opening", "caption"),
        ("Vidéo\u{a0}: l’ouverture", "caption"),
        ("Photo : le ministre", "caption"),
        ("Enlarge image A minister speaks", "caption"),
        ("High resolution photo (.JPG/280Kb)", "caption"),
        ("Interview (.MP3/7.633KB)", "caption"),
        ("Photographs were taken.", "paragraph"),
        ("“We stand together.”", "quotation"),
        ("“We stand “together”.”", "quotation"),
        ("\"We stand together.\"", "quotation"),
        ("«\u{a0}Nous sommes unis.\u{a0}»", "quotation"),
        ("“We stand”, he said. “Together.”", "paragraph"),
        ("“We stand together.“", "paragraph"),
        ("\"We\" and \"they\" met.", "paragraph"),
        ("\"We\" and \"they\"", "h2"),
        ("For more information:", "contact"),
        ("For general queries:\u{a0}Contact the NATO Press Office", "contact"),
        ("Follow us on X: @NATO@SecGenNATO and @NATOPress", "contact"),
        ("Photographs will be available on the NATO website after the event.", "contact"),
        ("There will be no media opportunity.", "contact"),
        ("Tel: +32 (0)2 707 50 41", "contact"),
        ("Tél. : +32 (0)2 707 50 41", "contact"),
        ("Fax: +32.2.707.1399", "contact"),
        ("Pour plus d’informations :", "contact"),
        ("Suivez-nous sur X : @OTAN", "contact"),
        ("Renseignements : service de presse", "contact"),
        ("Des photos seront disponibles sur le site de l’OTAN.", "contact"),
        ("Telephones were taken away.", "paragraph"),
    ] {
        let blocks = told(&format!("Words.\n\n{line}\n\nMore words."));
        let found = blocks.get(1).map(|block| block.split(':').next().unwrap_or(""));
        assert_eq!(found, Some(kind), "{line}");
    }
    assert_eq!(
        told("Words.\n\nContact points\n\nOverall Coordination\n\nTel: 1").iter().filter(|block| block.starts_with("contact")).count(),
        3
    );
    assert_eq!(
        told("Words.\n\nNATO Press Office\nBoulevard Leopold III\nTel: +32 2\n\nWords."),
        ["paragraph: Words.", "contact: NATO Press Office Boulevard Leopold III Tel: +32 2", "paragraph: Words."]
    );
    assert_eq!(told("Enlarge image A man speaking\nA man\n\nWords.")[0], "caption: Enlarge image A man speaking A man");
    assert_eq!(told("Photo: A man.\nHe spoke to all of them at length.\n\nWords.").len(), 3);
}

#[test]
fn lists() {
    for (body, expected) in [
        ("They are:\n\n• One\n• Two\n\nEnd.", "• One; • Two"),
        ("They are:\n- One\n- Two\nEnd of it all.", "- One; - Two"),
        ("They are:\n\n–\u{a0}One\n–\tTwo", "– One; – Two"),
        ("They are:\n\n- Only one", "- Only one"),
        ("1. One\n2. Two\n3. Three", "1. One; 2. Two; 3. Three"),
        ("1) One\n   goes on\n2) Two", "1) One/goes on; 2) Two"),
        ("1. One\nExplained here.\n2. Two", "1. One/Explained here.; 2. Two"),
        ("1. One.\n\n2. Two.\n\n3. Three.", "1. One.; 2. Two.; 3. Three."),
        ("1. One\n  a) x\n  b) y\n2. Two", "1. One [a) x; b) y]; 2. Two"),
        ("1. One\na) x\nb) y\n2. Two", "1. One [a) x; b) y]; 2. Two"),
        ("• One\n  - x\n    * deep\n  - y\n• Two", "• One [- x [* deep]; - y]; • Two"),
        ("(i) One\n(ii) Two\n(iii) Three\n(iv) Four", "(i) One; (ii) Two; (iii) Three; (iv) Four"),
        ("g. One\nh. Two\ni. Three\nj. Four", "g. One; h. Two; i. Three; j. Four"),
        ("1. We met.\n1.1. Here.\n1.2. There.\n2. We left.", "1. We met. [1.1. Here.; 1.2. There.]; 2. We left."),
        ("• One that is wrapped\nand goes on\n• Two", "• One that is wrapped/and goes on; • Two"),
        ("•One\n•Two", "• One; • Two"),
        ("1. One:\n\n    • x\n    • y\n\n2. Two", "1. One: [• x; • y]; 2. Two"),
    ] {
        let blocks = told(body);
        assert!(blocks.contains(&format!("list: {expected}")), "{body}\n{blocks:#?}");
    }
    assert_eq!(told("1. A\n2. B\n\nWords.\n\n3. C\n\nWords.")[2], "list: 3. C");
    assert_eq!(told("1. A\n2. B\n\n1. A\n2. B").len(), 2);
}

#[test]
fn what_is_no_list() {
    for body in [
        "2025. was the year.\n2026. was another.",
        "– which nobody expected – the talks went on.\n\nWords.",
        "- a remark between paragraphs.\n\n- another one.",
        "1.5 million people came.\n\nWords.",
        "A. Smith spoke at the meeting.\n\nWords.",
        "* Turkey recognises it under its name.",
        "3. Scope\n\nWords.",
        "-5 degrees\n-6 degrees",
        "10:00 Meeting of ministers\n11:00 Meeting of chiefs",
        "24. Juni\n\nWords.",
    ] {
        assert!(!told(body).iter().any(|block| block.starts_with("list")), "{body}");
    }
}

#[test]
fn spans_that_fit_nothing_have_no_blocks() {
    for span in [Span::new(0, 99), Span::new(2, 1), Span::new(1, 2), Span::new(0, 0)] {
        assert!(blocks_of("é x", span).is_empty(), "{span:?}");
    }
}

#[test]
fn very_many_lines_are_still_covered() {
    let text = "a\n".repeat(250_000);
    let body = Span::new(0, text.len() - 1);
    let blocks = blocks_of(&text, body);
    assert_eq!(blocks.last().map(|block| block.span.end), Some(body.end));
}

#[test]
fn deep_lists_stop_nesting() {
    let mut body = String::new();
    for depth in 0..500 {
        body.push_str(&" ".repeat(depth * 2));
        body.push_str("• x\n");
    }
    let (text, blocks) = blocks(&body);
    let mut depth = 0;
    let mut items = &blocks[0].items;
    while let Some(last) = items.last() {
        depth += 1;
        items = &last.children;
    }
    assert!((2..10).contains(&depth), "{depth}");
    assert_eq!(blocks[0].span.end, text.trim_end().len());
}
