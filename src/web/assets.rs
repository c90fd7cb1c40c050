//! The files of `static/`: compressed once at start, named by their content, cached for ever.

use std::collections::HashMap;

use bytes::Bytes;

use super::encoding::Encoded;

/// Icons of the sprite, each an unchanged file of the lucide set.
const ICONS: [(&str, &str); 10] = [
    ("search", include_str!("../../static/vendor/lucide/search.svg")),
    ("link", include_str!("../../static/vendor/lucide/link.svg")),
    ("copy", include_str!("../../static/vendor/lucide/copy.svg")),
    ("calendar", include_str!("../../static/vendor/lucide/calendar.svg")),
    ("rss", include_str!("../../static/vendor/lucide/rss.svg")),
    ("chevron-left", include_str!("../../static/vendor/lucide/chevron-left.svg")),
    ("chevron-right", include_str!("../../static/vendor/lucide/chevron-right.svg")),
    ("quote", include_str!("../../static/vendor/lucide/quote.svg")),
    ("external-link", include_str!("../../static/vendor/lucide/external-link.svg")),
    ("x", include_str!("../../static/vendor/lucide/x.svg")),
];

/// All assets, by the name that is asked for.
pub struct Assets {
    files: HashMap<String, Asset>,
    names: Vec<(&'static str, String)>,
}

/// One file.
pub struct Asset {
    pub content_type: &'static str,
    pub body: Encoded,
}

impl Assets {
    pub fn new() -> Self {
        let style =
            [include_str!("../../static/vendor/modern-normalize/modern-normalize.css"), include_str!("../../static/style.css")].concat();
        let font: &[u8] = include_bytes!("../../static/vendor/source-serif-4/source-serif-4-latin-600-normal.woff2");
        let mut assets = Self { files: HashMap::new(), names: Vec::new() };
        let font_name = assets.add("source-serif-4-600.woff2", "font/woff2", Bytes::from_static(font));
        // The style sheet stands beside the font, so that a relative name reaches it under any prefix.
        assets.add("style.css", "text/css; charset=utf-8", style.replace("source-serif-4-600.woff2", &font_name).into());
        assets.add("app.js", "text/javascript; charset=utf-8", Bytes::from_static(include_bytes!("../../static/app.js")));
        let auto_complete: &[u8] = include_bytes!("../../static/vendor/auto-complete-element/bundle.js");
        assets.add("auto-complete.js", "text/javascript; charset=utf-8", Bytes::from_static(auto_complete));
        assets.add("icons.svg", "image/svg+xml", sprite().into());
        // The same picture, for browsers' lists of searches and readers of feeds that know no SVG.
        assets.add("mark.png", "image/png", Bytes::from_static(include_bytes!("../../static/mark.png")));
        assets.add("mark.svg", "image/svg+xml", Bytes::from_static(include_bytes!("../../static/mark.svg")));
        assets
    }

    fn add(&mut self, name: &'static str, content_type: &'static str, body: Bytes) -> String {
        let hash = &blake3::hash(&body).to_hex()[..10];
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hashed = format!("{stem}.{hash}.{extension}");
        self.files.insert(hashed.clone(), Asset { content_type, body: Encoded::new(body) });
        self.names.push((name, hashed.clone()));
        hashed
    }

    /// The file of a hashed name.
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.files.get(name)
    }

    /// Plain and hashed names, for [`Urls`](super::urls::Urls).
    pub fn names(&self) -> Vec<(&'static str, String)> {
        self.names.clone()
    }
}

impl Default for Assets {
    fn default() -> Self {
        Self::new()
    }
}

/// One SVG of symbols from the icons' files.
fn sprite() -> String {
    let symbols: String = ICONS
        .iter()
        .map(|(name, svg)| {
            let inner = svg.find("<svg").and_then(|at| svg[at..].find('>').map(|end| &svg[at + end + 1..])).unwrap_or("");
            let inner = inner.rsplit_once("</svg>").map_or(inner, |(inner, _)| inner).trim();
            format!(
                "<symbol id=\"{name}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
                 stroke-linecap=\"round\" stroke-linejoin=\"round\">{inner}</symbol>"
            )
        })
        .collect();
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- lucide icons, ISC licence -->{symbols}</svg>")
}
