//! Spelling families: British and American, and names that are transcribed in several ways.
//!
//! The rules make candidates, in both directions; only those that the archive holds are looked for and shown. A candidate that is no word
//! is therefore harmless, and the rules need no lists of exceptions.

/// Other spellings of a word, given without capitals and accents; candidates, not yet known to be words.
pub fn spellings(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |spelling: String| {
        if spelling != word && !found.contains(&spelling) {
            found.push(spelling);
        }
    };
    for group in WORDS.iter().filter(|group| group.contains(&word)) {
        group.iter().for_each(|other| add((*other).to_owned()));
    }
    for (one, other) in BEGINNINGS {
        for (from, to) in [(one, other), (other, one)] {
            if let Some(rest) = word.strip_prefix(from) {
                add(format!("{to}{rest}"));
            }
        }
    }
    for stem in OUR {
        let (british, american) = (format!("{stem}our"), format!("{stem}or"));
        for (from, to) in [(&british, &american), (&american, &british)] {
            if let Some(rest) = word.strip_prefix(from.as_str()) {
                add(format!("{to}{rest}"));
            }
        }
    }
    if word.len() >= 6 {
        for (one, other) in ENDINGS {
            for (from, to) in [(one, other), (other, one)] {
                if let Some(rest) = word.strip_suffix(from) {
                    add(format!("{rest}{to}"));
                }
            }
        }
    }
    if let Some((stem, ending)) = doubled(word) {
        add(format!("{stem}{ending}"));
    }
    if word.len() >= 7 {
        for from in NAMES {
            if let Some(rest) = word.strip_suffix(from) {
                NAMES.iter().for_each(|to| add(format!("{rest}{to}")));
                break;
            }
        }
    }
    found
}

/// `travelled` and `traveled`: an l before an ending, doubled or not.
fn doubled(word: &str) -> Option<(String, &str)> {
    let ending =
        ["ed", "ing", "er", "ers", "or", "ors", "ings"].into_iter().filter(|ending| word.ends_with(ending)).max_by_key(|e| e.len())?;
    let stem = word.strip_suffix(ending)?;
    if stem.len() < 4 {
        return None;
    }
    match stem.strip_suffix("ll") {
        Some(short) => Some((format!("{short}l"), ending)),
        None => stem.ends_with('l').then(|| (format!("{stem}l"), ending)),
    }
}

/// Words that are written in several ways, each group one word.
const WORDS: &[&[&str]] = &[
    &["programme", "program"],
    &["programmes", "programs"],
    &["grey", "gray"],
    &["ageing", "aging"],
    &["fulfil", "fulfill"],
    &["enrol", "enroll"],
    &["distil", "distill"],
    &["instil", "instill"],
    &["cheque", "check"],
    &["practise", "practice"],
    &["practised", "practiced"],
    &["practising", "practicing"],
    &["aeroplane", "airplane"],
    &["aeroplanes", "airplanes"],
    &["sceptic", "skeptic"],
    &["gaol", "jail"],
    &["kyiv", "kiev", "kyjiw"],
    &["kharkiv", "kharkov"],
    &["odesa", "odessa"],
    &["lviv", "lvov"],
    &["luhansk", "lugansk"],
    &["chornobyl", "chernobyl", "tchernobyl"],
    &["donbas", "donbass"],
    &["mykolaiv", "nikolaev", "nikolayev"],
    &["zaporizhzhia", "zaporizhzhya", "zaporizhia", "zaporozhye", "zaporozhzhia"],
    &["qaida", "qaeda", "qaidah"],
    &["gaddafi", "qaddafi", "gadhafi", "qadhafi", "kadhafi", "khadafi"],
    &["hezbollah", "hizbullah", "hizballah", "hizbollah"],
    &["mohammed", "muhammad", "mohammad", "mohamed", "muhammed"],
    &["yuriy", "yury", "yuri", "yurii"],
    &["andriy", "andrii", "andrei", "andrey"],
    &["sergei", "sergey", "serhii", "serhiy"],
    &["dmitry", "dmitri", "dmytro", "dmitriy"],
    &["oleksiy", "oleksii", "aleksei", "alexei", "alexey"],
    &["tsikhanouskaya", "tikhanovskaya", "tsikhanouskaia", "tichanowskaja"],
    &["lukashenko", "lukashenka", "loukachenko"],
    &["poutine", "putin"],
    &["tchad", "chad"],
    &["beijing", "peking"],
];

/// Beginnings of words, British and American.
const BEGINNINGS: &[(&str, &str)] = &[
    ("defenc", "defens"),
    ("offenc", "offens"),
    ("licenc", "licens"),
    ("pretenc", "pretens"),
    ("centre", "center"),
    ("centring", "centering"),
    ("centred", "centered"),
    ("theatre", "theater"),
    ("metre", "meter"),
    ("kilometre", "kilometer"),
    ("centimetre", "centimeter"),
    ("millimetre", "millimeter"),
    ("litre", "liter"),
    ("fibre", "fiber"),
    ("calibre", "caliber"),
    ("sabre", "saber"),
    ("spectre", "specter"),
    ("lustre", "luster"),
    ("sombre", "somber"),
    ("meagre", "meager"),
    ("manoeuvre", "maneuver"),
    ("manoeuvring", "maneuvering"),
    ("manoeuvra", "maneuvera"),
    ("aluminium", "aluminum"),
    ("sulph", "sulf"),
    ("plough", "plow"),
    ("sceptic", "skeptic"),
    ("mould", "mold"),
    ("judgement", "judgment"),
    ("acknowledgement", "acknowledgment"),
    ("skilful", "skillful"),
    ("wilful", "willful"),
    ("instalment", "installment"),
    ("enrolment", "enrollment"),
    ("fulfilment", "fulfillment"),
    ("artefact", "artifact"),
    ("anaesth", "anesth"),
    ("paediatr", "pediatr"),
    ("orthopaed", "orthoped"),
    ("gynaec", "gynec"),
    ("haemo", "hemo"),
    ("leukaemi", "leukemi"),
    ("anaemi", "anemi"),
    ("encyclopaed", "encycloped"),
    ("archaeolog", "archeolog"),
    ("mediaeval", "medieval"),
    ("foet", "fet"),
    ("diarrhoea", "diarrhea"),
    ("oesophag", "esophag"),
    ("jewellery", "jewelry"),
    ("tyre", "tire"),
    ("moustache", "mustache"),
    ("storey", "story"),
    ("connexion", "connection"),
    ("despatch", "dispatch"),
    ("enquir", "inquir"),
    ("rouble", "ruble"),
    ("tsar", "czar"),
    ("djihad", "jihad"),
];

/// What stands before `our` in British and `or` in American English.
const OUR: &[&str] = &[
    "arm", "behavi", "cand", "clam", "col", "demean", "discol", "dishon", "disfav", "endeav", "fav", "ferv", "flav", "glam", "harb", "hon",
    "hum", "lab", "neighb", "od", "parl", "ranc", "rig", "rum", "sav", "splend", "succ", "tum", "val", "vap", "vig",
];

/// Endings, British and American.
const ENDINGS: &[(&str, &str)] = &[
    ("ise", "ize"),
    ("ised", "ized"),
    ("ises", "izes"),
    ("ising", "izing"),
    ("iser", "izer"),
    ("isers", "izers"),
    ("isation", "ization"),
    ("isations", "izations"),
    ("isational", "izational"),
    ("yse", "yze"),
    ("ysed", "yzed"),
    ("yses", "yzes"),
    ("ysing", "yzing"),
    ("yser", "yzer"),
    ("logue", "log"),
    ("logues", "logs"),
];

/// Endings of East Slavic surnames as they are transcribed.
const NAMES: &[&str] = &["skyy", "skiy", "skyi", "skii", "skij", "sky"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_know_their_members_both_ways() {
        for (one, other) in [
            ("defence", "defense"),
            ("organisation", "organization"),
            ("organising", "organizing"),
            ("programme", "program"),
            ("centre", "center"),
            ("centres", "centers"),
            ("harbour", "harbor"),
            ("neighbourhood", "neighborhood"),
            ("travelling", "traveling"),
            ("modelled", "modeled"),
            ("analyse", "analyze"),
            ("catalogue", "catalog"),
            ("manoeuvres", "maneuvers"),
            ("judgement", "judgment"),
            ("zelenskyy", "zelensky"),
            ("zelenskiy", "zelenskyy"),
            ("kyiv", "kiev"),
        ] {
            assert!(spellings(one).contains(&other.to_owned()), "{one}: {:?}", spellings(one));
            assert!(spellings(other).contains(&one.to_owned()), "{other}: {:?}", spellings(other));
        }
        for word in ["nato", "sky", "sikorski", "rise", "bell"] {
            assert_eq!(spellings(word), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn the_lists_are_well_formed() {
        for group in WORDS {
            assert!(group.len() > 1 && group.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())), "{group:?}");
        }
    }
}
