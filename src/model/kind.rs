//! What sort of text a release is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($variant:ident $token:literal $label:literal $plural:literal),+ $(,)?) => {
        /// The kinds that a release can be of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Kind { $($variant),+ }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];

            /// The word used in addresses and data.
            pub const fn token(self) -> &'static str {
                match self { $(Kind::$variant => $token),+ }
            }

            /// The word that a person reads, for one release.
            pub const fn label(self) -> &'static str {
                match self { $(Kind::$variant => $label),+ }
            }

            /// The word that a person reads, for several.
            pub const fn plural(self) -> &'static str {
                match self { $(Kind::$variant => $plural),+ }
            }
        }
    };
}

kinds! {
    News "news" "News" "News",
    PressRelease "press-release" "Press release" "Press releases",
    Statement "statement" "Statement" "Statements",
    MediaAdvisory "media-advisory" "Media advisory" "Media advisories",
    Speech "speech" "Speech" "Speeches",
    Transcript "transcript" "Transcript" "Transcripts",
    Communique "communique" "Communiqué" "Communiqués",
    OfficialText "official-text" "Official text" "Official texts",
    LiveUpdate "live-update" "Live update" "Live updates",
    Video "video" "Video" "Videos",
    EventPage "event-page" "Event page" "Event pages",
    Digest "digest" "Digest" "Digests",
    Article "article" "Article" "Articles",
    Other "other" "Other" "Other texts",
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(token: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.token() == token).ok_or(())
    }
}
