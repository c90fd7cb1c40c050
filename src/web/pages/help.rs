//! `/help/search`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::model::query::SearchRequest;
use crate::web::error::Failure;
use crate::web::shell::Shell;
use crate::web::state::App;
use crate::web::urls::SearchUrl;
use crate::web::view::page;

/// An operator of the query language with an example that runs.
pub struct Operator {
    pub form: &'static str,
    pub meaning: &'static str,
    pub example: &'static str,
}

const fn operator(form: &'static str, meaning: &'static str, example: &'static str) -> Operator {
    Operator { form, meaning, example }
}

/// What the search help lists. A test runs each example and looks at how it is read.
pub const OPERATORS: [Operator; 25] = [
    operator(
        "two words",
        "Every word must be there, in any of its forms: strategy finds strategies. Accents and capitals do not matter.",
        "data strategy",
    ),
    operator(
        "a longer question",
        "Of five words and more, most must be there; rarer words count more.",
        "which nations signed agreements on defence industry production capacity",
    ),
    operator(
        "“words in quotes”",
        "Exactly these words in exactly this order, with no other form or spelling of them. What it does not find is not there.",
        "“collective defence”",
    ),
    operator("=word", "Exactly this word: no other form, spelling or name.", "=strategy"),
    operator("-word", "Not this word. A phrase or a parenthesis can be excluded too.", "defence -nuclear"),
    operator("NOT word", "The same, written out in capitals.", "defence NOT nuclear"),
    operator("one OR other", "Either of the two; capitals make it an operator.", "Kyiv OR Helsinki"),
    operator("( … )", "Keeps a choice together.", "visit (Kuwait OR Kyiv)"),
    operator("begin*", "Words that begin so; three letters at least.", "interoperab*"),
    operator("C-130", "Words written with a hyphen or a point stand side by side, however they are joined.", "civil-military"),
    operator("“a b”~5", "Exactly these words, in any order, the last at most five words behind the first.", "“industry Allies”~5"),
    operator(
        "a /5 b",
        "At most five words apart, in any order. Phrases, beginnings and choices in parentheses can stand on either side.",
        "defence /5 spending",
    ),
    operator("a /s b", "In the same sentence.", "NATO /s industry"),
    operator("a /p b", "In the same paragraph.", "“Secretary General” /p Germany"),
    operator("title:word", "In the title. A phrase or a parenthesis can follow the colon.", "title:NATO strategy"),
    operator("topic:", "About a topic, by its name.", "topic:“Defence industry”"),
    operator("kind:", "Of a kind: news, speech, statement and others.", "kind:news Ukraine"),
    operator("place:", "Names a place, under any of its names.", "place:Ukraine"),
    operator("person:", "Names a person.", "person:“Mark Rutte”"),
    operator("source:", "Published by.", "source:NATO exercise"),
    operator("lang:", "In a language.", "lang:English strategy"),
    operator("id:", "The release with this id, which stands in its address.", "id:"),
    operator("after:", "Later than a day, month or year. What is not one word stands in quotes.", "after:“1 May 2025” industry"),
    operator("before:", "Earlier than a day, month or year.", "before:2025-05 strategy"),
    operator("on:", "On a day, or within a month or year.", "on:2025-04 visit"),
];

/// A row of the table.
struct Row {
    form: &'static str,
    meaning: &'static str,
    example: String,
    href: String,
    /// How this program reads the example.
    read_as: Vec<crate::index::Part>,
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    shell: Shell,
    rows: Vec<Row>,
    date_example: String,
    spelling_example: String,
}

pub async fn search_help(State(app): State<App>) -> Result<Response, Failure> {
    let urls = app.urls();
    let latest = app.archive().latest(1).await?;
    let date = SearchUrl { from: crate::model::period::Period::month(2025, 4), ..SearchUrl::default() };
    let mut rows = Vec::with_capacity(OPERATORS.len());
    for operator in &OPERATORS {
        // Which ids there are depends on the archive.
        let example = match (operator.form, latest.first()) {
            ("id:", Some(item)) => format!("id:{}", item.id),
            _ => operator.example.to_owned(),
        };
        let query = app.archive().read(&SearchRequest::words(example.as_str(), app.today()))?;
        rows.push(Row {
            form: operator.form,
            meaning: operator.meaning,
            href: urls.search(&SearchUrl::words(&example)),
            example,
            read_as: super::search::emphasised(&query.read_as),
        });
    }
    page(&HelpPage {
        shell: Shell::new(&app, "Search help", &urls.page("help/search"))
            .described("Every operator of the search box with an example that runs, and how words, dates and filters are read.")
            .at("help"),
        rows,
        date_example: urls.search(&date),
        spelling_example: urls.search(&SearchUrl { plain: true, ..SearchUrl::words("organization") }),
    })
}
