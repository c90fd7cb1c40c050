//! Who is who: by what a text is recognised as a release that the archive holds, and what became of it.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $token:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $token)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data and on the command line.
            pub const fn token(self) -> &'static str {
                match self { $(Self::$variant => $token),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(token: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|value| value.token() == token).ok_or(())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.token())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What became of an incoming text.
    Outcome {
        New "new",
        /// A new version of a release that is held, or something else about it that its source states differently now.
        Changed "changed",
        Unchanged "unchanged",
        /// The same release, as another source or address carries it.
        Mirror "mirror",
    }
}

words! {
    /// By what a text was recognised, in the order in which it is tried.
    How {
        /// The publisher's own key.
        Key "key",
        /// The original address, in its normal form.
        Url "url",
        /// The publisher's number (`Press Release (2012) 062`).
        Number "number",
        /// Title and opening words, where there is neither key nor address.
        Words "words",
        /// The same words from first to last.
        Text "text",
        /// Nearly the same words.
        Near "near",
        /// The owner's word.
        Owner "owner",
    }
}

/// What was decided about a text at one place in one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub outcome: Outcome,
    /// Absent where nothing like it was known.
    pub how: Option<How>,
    /// How alike the texts are, 0 to 1: the share of common word triples (Jaccard). Absent where it was not measured.
    pub score: Option<f64>,
    /// One sentence.
    pub reason: String,
    /// The release that it was compared with, where that is another one than the release it became.
    pub other: Option<i64>,
}

impl Decision {
    /// Why, in a sentence: what was written down, or what its rule says where nothing more was to be said.
    pub fn sentence(&self) -> String {
        if !self.reason.is_empty() {
            return self.reason.clone();
        }
        match (self.outcome, self.how) {
            (Outcome::New, _) => "Nothing like it was known.".into(),
            (Outcome::Unchanged, Some(How::Key)) => "The publisher’s key and everything that its source gives are the same.".into(),
            (Outcome::Unchanged, Some(How::Url)) => "The original address and everything that its source gives are the same.".into(),
            (Outcome::Unchanged, _) => "The words and everything that its source gives are the same.".into(),
            (_, Some(How::Key)) => "The publisher’s key is the same.".into(),
            (_, Some(How::Url)) => "The original address is the same.".into(),
            (_, Some(How::Words)) => "The title and the opening words are the same.".into(),
            _ => "It was recognised by its words.".into(),
        }
    }
}
