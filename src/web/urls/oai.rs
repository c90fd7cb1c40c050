//! Where harvesters ask.

use super::Urls;

impl Urls {
    /// The base URL of OAI-PMH.
    pub fn oai(&self) -> String {
        self.to("/oai")
    }
}
