//! Pages of NATO's site in its three generations. The pages are invented in the forms that the real ones have.

use super::pages::{Page, facts, page};
use super::*;

/// About 2004: tables that place things, fonts, a box with number and date, windows-1252.
fn old(title: &str, kind: &[&str], number: &str, day: &str, text: &str) -> String {
    let kind = kind.join("<br>");
    format!(
        r##"<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<HTML><HEAD><TITLE>NATO Press Release {number} - {day}</TITLE>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252">
<SCRIPT LANGUAGE="JavaScript">document.write("<h1>Menu</h1>");</SCRIPT></HEAD>
<BODY BGCOLOR=#FFFFFF><TABLE WIDTH=100%><TR><TD><A HREF="/home.htm">Home</A> <A HREF="/a">Updates</A> <A HREF="/b">Speeches</A> <A HREF="/c">Topics</A></TD></TR></TABLE>
<TABLE BORDER=0 WIDTH="100%"><TR><TD VALIGN=top WIDTH=120><FONT SIZE=-1>Updated: 30-Jun-2004</FONT></TD><TD><FONT SIZE=-1>NATO Press Releases</FONT></TD></TR>
<TR><TD VALIGN=top WIDTH=120><FONT FACE=Arial><B>{kind}<BR>{number}<BR>{day}</B></FONT></TD>
<TD><CENTER><H2>{title}</H2><I>Issued by the ministers who met in the Council</I></CENTER>
{text}
</TD></TR></TABLE><HR><CENTER><A HREF="/x">Back to the index</A> | <A HREF="/y">Copyright</A> | <A HREF="/z">Contact</A></CENTER></BODY></HTML>"##
    )
}

/// From 2008 to 2025: a title, a list with day, number and stamps, share buttons, a column at the side.
fn middle(title: &str, header: &[&str], text: &str) -> String {
    let items: String = header.iter().map(|item| format!("<li>{item}</li>")).collect();
    format!(
        r##"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>NATO - News: {title}, 07-Dec.-2011</title>
<link rel="canonical" href="https://www.nato.int/cps/en/natohq/news_81943.htm"></head><body class="has-sidebar">
<div id="top-navigation"><ul><li><a href="/1">About NATO</a></li><li><a href="/2">News</a></li><li><a href="/3">Topics</a></li></ul></div>
<div id="cookie-banner">We use cookies. <button>OK</button></div>
<div id="wrap"><div id="main-column"><h1>{title}</h1><ul class="header-list">{items}</ul>
<div class="share-tools"><a href="#">Share this</a><a href="#">Print</a></div>{text}</div>
<div id="right-sidebar"><h3>Related</h3><ul><li><a href="/4">Another text</a></li><li><a href="/5">A third</a></li></ul></div></div>
<div id="footer"><p>© 2011 NATO. All rights reserved for the pages of this site and of others.</p></div></body></html>"##
    )
}

/// From the end of 2025: the account's words before the text, the day, the minutes.
fn new(lang: &str, title: &str, account: &[&str], day: &str, minutes: &str, text: &str) -> String {
    let account: String = account.iter().map(|line| format!("<p>{line}</p>")).collect();
    format!(
        r##"<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | NATO</title><meta property="og:title" content="{title}">
<meta property="og:site_name" content="NATO"><meta property="og:url" content="https://www.nato.int/{lang}/news-and-events/articles/news/2025/06/25/a-text">
<meta property="article:published_time" content="2025-11-30T08:00:00Z"></head><body><header><nav><a href="/">NATO</a></nav></header>
<main><div class="login-box">{account}</div><div>{account}</div><div><p>{day}</p><p>{minutes}</p></div>{text}</main><footer><p>Contact</p></footer></body></html>"##
    )
}

const ACCOUNT: &[&str] = &[
    "NATO MULTIMEDIA ACCOUNT",
    "Access NATO’s broadcast-quality video content free of charge",
    "Check your inbox and enter verification code",
    "You have successfully created your account",
    "Click the button to return to the page you were on",
];
const COMPTE: &[&str] = &[
    "COMPTE MULTIMÉDIA",
    "Accès à du contenu vidéo de l’OTAN gratuitement",
    "Vérifiez votre boîte de réception et entrez le code",
    "Cliquez sur le bouton pour retourner à la page",
];

const ENGLISH: &str = "<p>1. We, the Ministers of Ruritania and of the Allies, met in Brussels and took decisions that bear on all of us.</p>\
<p>2. We thank the people of the city for the welcome that they gave to all delegations during these two days.</p>";
const FRENCH: &str = "<p>Les ministres de la Défense se sont réunis à Bruxelles et ont pris des décisions qui concernent tous les Alliés.</p>\
<p>Le secrétaire général a remercié les habitants de la ville pour leur accueil pendant ces deux journées.</p>";

#[test]
fn the_first_generation_prints_number_and_day_in_a_box() {
    let source = old("Communiqué of the Ministers", &["Press", "Release"], "(2004)096", "28 June 2004", &ENGLISH.replace("<p>", "<P>"));
    let bytes = encoding_rs::WINDOWS_1252.encode(&source).0.into_owned();
    let found = facts(&bytes, Some("https://www.nato.int/docu/pr/2004/p04-096e.htm"));
    assert_eq!(found.title, "Communiqué of the Ministers");
    assert_eq!(found.number.as_deref(), Some("Press Release (2004)096"));
    assert_eq!((found.edtf.as_deref(), found.basis), (Some("2004-06-28"), "stamp"), "{}", found.text);
    assert_eq!(found.lang, "en");
    assert!(!found.text.contains("Home") && !found.text.contains("Copyright") && !found.text.contains("Menu"), "{}", found.text);
    assert!(found.text.contains("\n\n1. We, the Ministers"), "{}", found.text);

    let source = old("Communiqué des ministres", &["Communiqué de presse"], "(2004)096", "28 juin 2004", FRENCH);
    let bytes = encoding_rs::WINDOWS_1252.encode(&source).0.into_owned();
    let found = facts(&bytes, Some("http://nato.int/docu/pr/2004/p04-096f.htm"));
    assert_eq!(found.number.as_deref(), Some("Communiqué de presse (2004)096"));
    assert_eq!((found.edtf.as_deref(), found.lang.as_str()), (Some("2004-06-28"), "fr"), "{}", found.text);
}

#[test]
fn the_second_generation_prints_them_in_a_list() {
    let header = ["07 Dec. 2011 -", "|", "Press Release (2011) 145", "Issued on 07 Dec. 2011", "|", "Last updated: 09 Dec. 2011 10:12"];
    let found = facts(middle("Final statement", &header, ENGLISH).as_bytes(), None);
    assert_eq!(found.title, "Final statement");
    assert_eq!(found.number.as_deref(), Some("Press Release (2011) 145"));
    assert_eq!((found.edtf.as_deref(), found.basis), (Some("2011-12-07"), "issued"), "{}", found.text);
    assert_eq!(found.url.as_deref(), Some("https://www.nato.int/cps/en/natohq/news_81943.htm"));
    assert_eq!(found.lang, "en");
    assert!(
        found.text.starts_with("Final statement\n\n07 Dec. 2011\nPress Release (2011) 145\nIssued on 07 Dec. 2011\nLast updated"),
        "{}",
        found.text
    );
    for gone in ["cookies", "Share", "Print", "Another text", "All rights"] {
        assert!(!found.text.contains(gone), "{gone}: {}", found.text);
    }

    let header = ["07 déc. 2011 -", "|", "Communiqué de presse (2011) 145", "Diffusé le 07 déc. 2011", "|", "Mis à jour le : 09 déc. 2011"];
    let url = "https://www.nato.int/cps/en/natohq/news_81943.htm?selectedLocale=fr";
    let found = facts(middle("Déclaration finale", &header, FRENCH).as_bytes(), Some(url));
    assert_eq!(found.number.as_deref(), Some("Communiqué de presse (2011) 145"));
    assert_eq!((found.edtf.as_deref(), found.lang.as_str()), (Some("2011-12-07"), "fr"), "{}", found.text);
}

#[test]
fn the_third_generation_has_a_day_and_an_account() {
    let found = facts(new("en", "Allies agree on a plan", ACCOUNT, "25 June 2025", "2 MIN READ", ENGLISH).as_bytes(), None);
    assert_eq!(found.title, "Allies agree on a plan");
    assert_eq!((found.edtf.as_deref(), found.basis), (Some("2025-06-25"), "stamp"), "{}", found.text);
    assert!(found.text.starts_with("Allies agree on a plan\n\n25 June 2025\n\n1. We"), "{}", found.text);
    assert_eq!(found.url.as_deref(), Some("https://www.nato.int/en/news-and-events/articles/news/2025/06/25/a-text"));

    let found = facts(new("fr", "Les Alliés s’accordent", COMPTE, "25 juin 2025", "2 MIN DE LECTURE", FRENCH).as_bytes(), None);
    assert_eq!((found.edtf.as_deref(), found.lang.as_str()), (Some("2025-06-25"), "fr"), "{}", found.text);
    assert!(found.text.starts_with("Les Alliés s’accordent\n\n25 juin 2025\n\nLes ministres"), "{}", found.text);
}

#[test]
fn the_kind_of_a_page_is_that_of_its_words() {
    let Page { release, description, .. } =
        page(middle("Final statement", &["07 Dec. 2011", "Press Release (2011) 145"], ENGLISH).as_bytes(), None);
    assert!(description.number.is_some());
    assert_eq!(shape(&release), "P L2", "{}", release.text);
}
