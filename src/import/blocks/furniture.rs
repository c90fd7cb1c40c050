//! The vocabulary of furniture: captions and contact footers, English and French. The phrases are those that the forms of press
//! texts repeat from release to release; each is met at the start of a line, in any letter case, with any apostrophe and any space.

/// A longer line is prose even if it begins as furniture does, in bytes.
const MAX_FURNITURE: usize = 400;

#[rustfmt::skip]
const CAPTION_LABELS: &[&str] = &[
    "video", "vidéo", "photo", "photos", "picture", "pictures", "image", "images", "caption", "légende", "infographic", "infographie",
    "photo credit", "photo credits", "crédit photo", "crédits photo", "photo by", "photo gallery", "galerie photo",
];

const CAPTION_OPENINGS: &[&str] = &["enlarge image", "agrandir l'image", "photo by ", "photo courtesy", "photograph by ", "© "];

#[rustfmt::skip]
const CONTACT_LABELS: &[&str] = &[
    "tel", "telephone", "phone", "mobile", "fax", "email", "e-mail", "twitter", "tél", "téléphone", "portable", "télécopie", "télécopieur",
    "courriel", "mél",
];

#[rustfmt::skip]
const CONTACT_OPENINGS: &[&str] = &[
    "for more information", "for further information", "for additional information", "for further details", "for general queries",
    "for general enquiries", "for general inquiries", "for media queries", "for media enquiries", "for media inquiries",
    "for press queries", "for press enquiries", "for press inquiries", "media enquiries:", "media inquiries:", "press enquiries:",
    "follow us on ", "follow us at ", "follow us:", "follow nato on ", "there will be no media opportunity",
    "there will be no press opportunity", "there will be no press point", "there will be no press conference",
    "contact points", "contact point:", "contact:", "contacts:", "press contact", "media contact", "contact details",
    "pour plus d'information", "pour de plus amples", "pour plus de renseignements", "pour tout renseignement", "pour toute question",
    "pour toute demande", "pour les questions générales", "pour les demandes générales", "suivez-nous", "suivez l'otan sur ",
    "renseignements:", "renseignements :", "contact :", "contacts :", "contact presse", "contacts presse", "contact médias",
    "contacts médias", "points de contact", "point de contact:", "point de contact :", "aucune activité n'est prévue pour les médias",
    "il n'y aura pas de point de presse", "il n'y aura pas de conférence de presse", "il n'y aura pas d'activité médias",
    "aucune activité média", "aucun point de presse",
];

/// What a line about pictures begins with, and what it then says.
const PICTURES: &[&str] = &[
    "photograph",
    "photo",
    "picture",
    "image",
    "still image",
    "video",
    "footage",
    "b-roll",
    "des photo",
    "les photo",
    "des image",
    "les image",
    "les vidéo",
];
#[rustfmt::skip]
const AVAILABLE: &[&str] = &[
    "will be available", "will be made available", "are available on", "can be downloaded", "seront disponibles", "seront mises", "seront publiées",
    "pourront être téléchargées",
];

/// A line's words, folded once for all questions.
pub(super) struct Words<'a> {
    /// Lower case, straight apostrophes, single spaces; empty where the line is too long to be furniture.
    folded: String,
    line: &'a str,
}

impl<'a> Words<'a> {
    pub fn new(line: &'a str) -> Self {
        let line = if line.len() > MAX_FURNITURE { "" } else { line };
        let mut folded = String::with_capacity(line.len());
        for word in line.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            for c in word.chars() {
                match c {
                    '’' | 'ʼ' => folded.push('\''),
                    c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
                    c => folded.extend(c.to_lowercase()),
                }
            }
        }
        Self { folded, line }
    }

    /// `Video: …`, `Vidéo : …`, `Enlarge image …`, `… (.JPG/280Kb)`.
    pub fn is_caption(&self) -> bool {
        begins(&self.folded, CAPTION_OPENINGS) || labelled(&self.folded, CAPTION_LABELS) || names_file(self.line)
    }

    /// Whom to ask, where to follow, whether there will be pictures or an opportunity for the media.
    pub fn is_contact(&self) -> bool {
        let pictures = begins(&self.folded, PICTURES) && AVAILABLE.iter().any(|words| self.folded.contains(words));
        begins(&self.folded, CONTACT_OPENINGS) || pictures || self.is_contact_label()
    }

    /// `Tel: +32 …`, `Fax (24 h): …`.
    pub fn is_contact_label(&self) -> bool {
        labelled(&self.folded, CONTACT_LABELS)
    }
}

fn begins(folded: &str, openings: &[&str]) -> bool {
    openings.iter().any(|opening| folded.starts_with(opening))
}

/// A label, perhaps with a full stop and a remark in brackets, and a colon.
fn labelled(folded: &str, labels: &[&str]) -> bool {
    let Some((label, _)) = folded.split_once(':') else { return false };
    let label = label.split('(').next().unwrap_or(label).trim_end().trim_end_matches('.');
    labels.contains(&label)
}

/// A file's kind and size in brackets at the end, `(.JPG/280Kb)`; or the remark that this is a picture.
fn names_file(line: &str) -> bool {
    let Some((_, inside)) = line.strip_suffix(')').and_then(|line| line.rsplit_once('(')) else { return false };
    if inside.eq_ignore_ascii_case("presentation photo") {
        return true;
    }
    let Some((kind, size)) = inside.split_once('/') else { return false };
    let kind = kind.trim().trim_start_matches('.');
    let size = size.trim().to_ascii_lowercase();
    let number = size.trim_end_matches(['k', 'm', 'g', 'b', 'o', ' ', '\u{a0}']);
    let number_fits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    matches!(kind.len(), 2..=4) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) && number_fits && size.len() > number.len()
}
