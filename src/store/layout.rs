//! Where the parts of a release stand in its text, as one JSON value.

use crate::model::{Given, ParsedRelease, Span};

/// Fields of a release that a store keeps as one JSON value: where its parts stand in its text.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Layout {
    pub title: Span,
    pub source_line: Option<Span>,
    pub source: Option<String>,
    pub stamp: Option<StampLayout>,
    pub body: Span,
}

/// A [`Stamp`](crate::model::Stamp) as kept.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct StampLayout {
    pub span: Span,
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

impl Layout {
    pub fn of(parsed: &ParsedRelease) -> Self {
        Self {
            title: parsed.title,
            source_line: parsed.source_line,
            source: parsed.source.clone(),
            body: parsed.body,
            stamp: parsed.stamp.map(|stamp| StampLayout {
                span: stamp.span,
                year: stamp.year,
                month: stamp.month,
                day: stamp.day,
                hour: stamp.hour,
                minute: stamp.minute,
            }),
        }
    }

    pub fn release(
        self,
        position: u32,
        at: Span,
        text: String,
        sha256: String,
        blocks: Vec<crate::model::Block>,
        given: Given,
    ) -> ParsedRelease {
        ParsedRelease {
            position,
            at,
            text,
            sha256,
            title: self.title,
            source_line: self.source_line,
            source: self.source,
            stamp: self.stamp.map(|stamp| crate::model::Stamp {
                span: stamp.span,
                year: stamp.year,
                month: stamp.month,
                day: stamp.day,
                hour: stamp.hour,
                minute: stamp.minute,
            }),
            body: self.body,
            blocks,
            given,
        }
    }
}
