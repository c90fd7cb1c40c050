use chrono::NaiveDate;

use super::*;

fn label(_: Facet, value: &str) -> String {
    value.to_owned()
}

fn how(wanted: Match) -> How<'static> {
    How { today: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"), wanted, lexicon: None }
}

fn said(typed: &str) -> String {
    super::read(typed, &how(Match::Auto)).tree.map(|tree| sentence(&tree, &label)).unwrap_or_default()
}

#[test]
fn queries_are_read_as_people_mean_them() {
    for (typed, expected) in [
        ("data strategy", "all of: *data*, *strategy*"),
        ("the data strategy", "all of: *data*, *strategy*"),
        ("data data strategy", "all of: *data* (2 times), *strategy*"),
        ("the", "*the*"),
        ("“collective defence”", "exactly: “collective defence”"),
        ("=defence", "exactly: “defence”"),
        ("=\"a b\"", "exactly: “a b”"),
        ("\"a  b\" -war", "exactly: “a b”; without: *war*"),
        ("Kyiv OR Helsinki", "any of: *Kyiv*, *Helsinki*"),
        ("visit (Kuwait OR Kyiv)", "*visit*; any of: *Kuwait*, *Kyiv*"),
        ("(data strategy) OR Kyiv", "any of: (all of: *data*, *strategy*), *Kyiv*"),
        ("interop*", "words that begin with *interop*"),
        ("in*", "*in*"),
        ("C-130", "*C-130*"),
        ("NOT war", "all releases; without: *war*"),
        ("well-known", "*well-known*"),
        ("\"defence data\"~5", "“defence” and “data” within 5 words"),
        ("\"defence data\"~0 \"one\"~4", "“defence” and “data” within one word; exactly: “one”"),
        ("\"defence data\"~99999999999", "“defence” and “data” within 100 words"),
        ("Ukraine /s support", "*Ukraine* and *support* in the same sentence"),
        ("a /p \"b c\" /p d*", "*a* and “b c” and *d* in the same paragraph"),
        ("data /3 strategy", "*data* and *strategy* within 3 words of each other"),
        ("data /s strategy /p plan", "*data* and *strategy* in the same sentence; *strategy* and *plan* in the same paragraph"),
        ("/s data /s", "*data*"),
        ("data /s -strategy", "*data*; without: *strategy*"),
        ("(a OR b) /s c", "(any of: *a*, *b*) and *c* in the same sentence"),
        ("title:data strategy", "*strategy*; in the title: *data*"),
        ("title:\"data strategy\"", "in the title: exactly: “data strategy”"),
        ("title:(data OR plan)", "in the title: any of: *data*, *plan*"),
        ("topic:ukraine kind:speech", "topic: ukraine; kind: speech"),
        ("topic:(ukraine OR cyber)", "any of: (topic: ukraine), (topic: cyber)"),
        ("-place:\"United States\"", "all releases; without: (place: United States)"),
        ("on:2025-04 data", "*data*; between 1 April 2025 and 30 April 2025"),
        ("after:\"1 May 2025\"", "on or after 2 May 2025"),
        ("before:2025", "on or before 31 December 2024"),
        ("after:soon data", "all of: *soon*, *data*"),
        ("on:30/04/2025", "on 30 April 2025"),
        ("title: data", "all of: *title*, *data*"),
        ("nosuch:field", "*nosuch:field*"),
        ("http://example.org/a", "*http://example.org/a*"),
        ("id:zzzzzzz", "*zzzzzzz*"),
        ("and/or", "*and/or*"),
        (
            "what do Allies say about hybrid threats against undersea infrastructure",
            "at least 4 of 6, rarer words first: *Allies*, *say*, *hybrid*, *threats*, *undersea*, *infrastructure*",
        ),
        ("-", ""),
        ("AND OR NOT", ""),
        ("\"", ""),
        ("\"open phrase", "all of: *open*, *phrase*"),
        ("a:(^ b", "*b*"),
        ("() )(", ""),
        ("[ \\ ]", ""),
        ("data (", "*data*"),
        ("-(war OR peace) NATO", "*NATO*; without: (any of: *war*, *peace*)"),
    ] {
        assert_eq!(said(typed), expected, "{typed}");
    }
}

#[test]
fn the_number_of_words_wanted_can_be_asked_for() {
    let long = "one two three four five \"exact words\" -six";
    for (typed, wanted, used, said) in [
        ("data strategy", Match::Any, Some(Match::Any), "any of: *data*, *strategy*"),
        ("data", Match::Any, None, "*data*"),
        (long, Match::All, Some(Match::All), "all of: *one*, *two*, *three*, *four*, *five*; exactly: “exact words”; without: *six*"),
        (
            long,
            Match::Auto,
            Some(Match::Auto),
            "at least 3 of 5, rarer words first: *one*, *two*, *three*, *four*, *five*; exactly: “exact words”; without: *six*",
        ),
        (long, Match::Any, Some(Match::Any), "any of: *one*, *two*, *three*, *four*, *five*, “exact words”; without: *six*"),
    ] {
        let reading = super::read(typed, &how(wanted));
        assert_eq!((reading.used, reading.tree.map(|tree| sentence(&tree, &label))), (used, Some(said.to_owned())), "{typed}");
    }
}

#[test]
fn names_bring_their_other_names() {
    let lexicon = Lexicon::new([vec!["Joint Analysis, Training and Education Centre".to_owned(), "JATEC".to_owned()]]);
    let how = How { lexicon: Some(&lexicon), ..how(Match::Auto) };
    for (typed, expected) in [
        ("JATEC Bydgoszcz", "all of: *JATEC* (also “Joint Analysis, Training and Education Centre”), *Bydgoszcz*"),
        ("the Joint Analysis, Training and Education Centre", "*Joint Analysis Training Education Centre* (also JATEC)"),
        ("\"JATEC\"", "exactly: “JATEC”"),
        ("=JATEC", "exactly: “JATEC”"),
    ] {
        let tree = super::read(typed, &how).tree.expect("a tree");
        assert_eq!(sentence(&tree, &label), expected, "{typed}");
    }
}

#[test]
fn what_could_not_be_read_as_an_operator_is_said() {
    assert_eq!(super::read("after:soon", &how(Match::Auto)).notes.len(), 1);
    assert_eq!(super::read("id:nothing", &how(Match::Auto)).notes.len(), 1);
    assert!(super::read("on:2025 data", &how(Match::Auto)).notes.is_empty());
}

#[test]
fn bounds_hold() {
    let read = |typed: &str| super::read(typed, &how(Match::Auto));
    // What does not fit is left out and said so; where nothing is left, nothing is found.
    for typed in ["(".repeat(800), format!("{}x{}", "(".repeat(700), ")".repeat(700)), format!("{}x", "title:".repeat(700))] {
        let reading = read(&typed);
        assert_eq!((reading.tree, reading.left_out.is_some()), (Some(Node::Any(Vec::new())), true));
    }
    assert!(read(&format!("{}x", "NOT ".repeat(700))).tree.is_some());
    let many: String = (0..10_000).map(|number| format!("word{number} ")).collect();
    let reading = read(&many);
    assert!(reading.left_out.is_some());
    assert!(matches!(reading.tree, Some(Node::Most { nodes, .. }) if nodes.len() <= MAX_WORDS));
    read(&"\"a\" OR -".repeat(500));
    read(&"a /s ".repeat(500));
    assert!(read(&"é".repeat(1_000_000)).left_out.is_some());
    assert!(read("\u{202e}\u{0}").tree.is_none());
}

proptest::proptest! {
    #[test]
    fn anything_can_be_typed(typed in "\\PC{0,200}") {
        if let Some(tree) = super::read(&typed, &how(Match::Auto)).tree {
            sentence(&tree, &label);
        }
    }

    #[test]
    fn operators_in_any_order_are_read(typed in "([()\"“” *~/:=a-zNOTRO0-9-]|title:|topic:|on:|/s|/5| OR ){0,60}") {
        for wanted in [Match::Auto, Match::All, Match::Any] {
            if let Some(tree) = super::read(&typed, &how(wanted)).tree {
                sentence(&tree, &label);
            }
        }
    }
}
