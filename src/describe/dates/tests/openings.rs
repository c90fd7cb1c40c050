//! Openings as they are really written, English and French, and the publication date that each gives by itself.

use super::*;

#[test]
fn openings() {
    let mut wrong = Vec::new();
    for (body, expected) in [
        (
            "NATO’s Military Committee held its annual conference in Riga, Latvia, from the 16th to the 18th of September 2024.",
            "2024-09-16/2024-09-18",
        ),
        ("On Wednesday 2nd and Thursday 3rd October 2024, Chiefs of Defence met in Brussels.", "2024-10-02/2024-10-03"),
        (
            "The NATO Secretary General, Mr Mark Rutte, will attend the Leaders’ Summit in London on Sunday, 2 March 2025. He will depart on 1 March.",
            "[..2025-03-02]",
        ),
        ("(Brussels, 12 February 2025) – Defence Ministers reviewed progress.", "2025-02-12"),
        ("BRUXELLES, le 1er juillet 2014 – L’OTAN a adopté de nouvelles mesures.", "2014-07-01"),
        ("Les 25 et 26 mai 2017, les dirigeants des pays de l’OTAN se sont réunis à Bruxelles.", "2017-05-25/2017-05-26"),
        (
            "Le président du Comité militaire de l’OTAN effectuera une visite officielle en Géorgie du 29 mars au 1er avril 2017.",
            "[..2017-03-29]",
        ),
        ("Vendredi 25 avril 2025, la secrétaire générale déléguée a accueilli des jeunes à Budva.", "2025-04-25"),
        ("Aujourd’hui (mardi 3 juin 2025), les ministres ont examiné les progrès.", "2025-06-03"),
        ("Aujourd'hui, 14 juin 2021, les dirigeants se retrouvent à Bruxelles.", "2021-06-14"),
        ("L’exercice est prévu du 8 au 15 septembre 2025 en Bulgarie.", "[..2025-09-08]"),
        ("Les Alliés vont se réunir le 12 mai 2025 à Antalya.", "[..2025-05-12]"),
        (
            "After a meeting with Allied leaders, the President arrived in Brussels on Monday (10 June 2024) and was received by the Secretary General.",
            "2024-06-10",
        ),
        ("As NATO marks its 75th anniversary, the Secretary General received an award on 5 April 2024 in Brussels.", "2024-04-05"),
        ("The agreement, which will enter into force on 1 January 2026, was signed on Tuesday (4 March 2025).", "2025-03-04"),
        (
            "NATO has today (18 December 2024) opened its new command in Wiesbaden, which will be fully operational by 1 July 2025.",
            "2024-12-18",
        ),
        ("15 December 1999 - Final Communiqué\n\nThe Council met in Ministerial session at NATO Headquarters.", "1999-12-15"),
        ("SHAPE, Belgium, Oct. 12, 2017 – General Scaparrotti visited Poland.", "2017-10-12"),
        ("Oct 16 2020\n\nAllied Air Command conducted a drill.", "2020-10-16"),
        ("25 June 2025\n\n2 MIN READ\n\nLeaders met in The Hague.", "2025-06-25"),
        ("PR (2022) 055\nIssued on 24 Feb. 2022\n\nWe condemn the attack.", "2022-02-24"),
        ("In the early hours of 24 February 2022, Russia launched its invasion. Allies met on Friday (25 February 2022).", "2022-02-25"),
        ("Three years after the invasion of 24 February 2022, Allies met in Kyiv on Monday (24 February 2025).", "2025-02-24"),
        (
            "On the margins of the Munich Security Conference (14-16 February 2025), the Secretary General met the Chancellor.",
            "2025-02-14/2025-02-16",
        ),
        ("The Joint Force Command took part in exercise Steadfast Duel 2024 between 24 and 31 October 2024.", "2024-10-24/2024-10-31"),
        ("You are invited to a press conference on 5 May 2025 at 13:00 (CEST).", "[..2025-05-05]"),
        ("NATO Secretary General to visit Rome on 5 May 2025", "[..2025-05-05]"),
        ("Please join us on Friday 9 May 2025, when the Secretary General speaks.", "[..2025-05-09]"),
        ("Defence Ministers concluded meetings on Friday (14 June 2024), preparing for the Washington Summit on 9-11 July.", "2024-06-14"),
        ("On 4 April 1949, twelve nations signed the Washington Treaty. Today (4 April 2024), Allies mark the day.", "2024-04-04"),
        ("Allied leaders gathered in Madrid on 28-30 June 2022. On 5 July 2022, Allies signed the Protocols.", "2022-07-05"),
        ("Today, the North Atlantic Council issued a statement.", "-"),
        ("Starting Monday (5 May 2025), troops from nine Allies are training in Estonia.", "2025-05-05"),
        (
            "The next meeting will be held on 6 June 2025. The Council met in Brussels on Thursday (5 June 2025).",
            "[2025-06-05..2025-06-06]",
        ),
    ] {
        let dated = date_releases(&[release("A title", None, body)], &context(DocumentOrder::Unordered, &summits())).remove(0);
        let others: Vec<_> = dated.dates.iter().map(|it| format!("{} {}", it.edtf, it.role.token())).collect();
        if dated.published.edtf.as_deref().unwrap_or("-") != expected {
            wrong.push(format!("{body:.110}\n    {} adv={} {} expected {expected}", line(&dated), dated.advisory, others.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
