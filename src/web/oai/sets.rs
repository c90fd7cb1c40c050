//! Sets (OAI-PMH 2.0, section 2.6): one for each topic, under the topic that it is a part of; `topic` is all of them.

use crate::model::query::Facet;
use crate::reading::Overview;

/// The set under which all others are.
const ROOT: &str = "topic";

/// A set as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// `topic:defence:cyber-defence`
    pub spec: String,
    pub name: String,
    /// What belongs there; empty where nobody says.
    pub scope: String,
    /// Slug of its topic; `None` for all topics.
    topic: Option<String>,
}

/// The sets of an archive, those that hold others before them.
#[derive(Clone, Debug)]
pub struct Sets(Vec<Set>);

impl Sets {
    pub fn of(overview: &Overview) -> Self {
        let root = Set { spec: ROOT.into(), name: "Topics".into(), scope: "Releases that have a topic.".into(), topic: None };
        let mut sets: Vec<Set> = overview
            .topics
            .iter()
            .map(|topic| Set {
                spec: spec(overview, &topic.slug),
                name: topic.label.clone(),
                scope: topic.scope.clone(),
                topic: Some(topic.slug.clone()),
            })
            .collect();
        // A source may state a topic that the vocabulary does not have.
        let stated = overview.values(Facet::Topic).into_iter().map(|(slug, _)| slug).filter(|slug| overview.topic(slug).is_none());
        sets.extend(stated.map(|slug| Set {
            spec: format!("{ROOT}:{slug}"),
            name: overview.label(Facet::Topic, slug),
            scope: String::new(),
            topic: Some(slug.to_owned()),
        }));
        sets.sort_by(|a, b| a.spec.cmp(&b.spec));
        sets.insert(0, root);
        Self(sets)
    }

    pub fn all(&self) -> &[Set] {
        &self.0
    }

    /// Slugs of the topics that make up a set, its subsets' among them; `None` for a set that there is not.
    pub fn topics(&self, spec: &str) -> Option<Vec<String>> {
        self.0.iter().find(|set| set.spec == spec)?;
        let within = |set: &&Set| set.spec == spec || set.spec.strip_prefix(spec).is_some_and(|rest| rest.starts_with(':'));
        Some(self.0.iter().filter(within).filter_map(|set| set.topic.clone()).collect())
    }

    /// The sets that a release with these topics belongs to. Those above them are understood (section 2.6).
    pub fn specs<'a>(&'a self, topics: &'a [String]) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|set| set.topic.as_ref().is_some_and(|topic| topics.contains(topic))).map(|set| set.spec.as_str())
    }
}

/// The way from the root to a topic. A vocabulary whose topics are parts of each other in a circle is walked once around.
fn spec(overview: &Overview, slug: &str) -> String {
    let mut way = vec![slug];
    let mut broader = overview.topic(slug).and_then(|topic| topic.broader.as_deref());
    while let Some(topic) = broader.filter(|slug| !way.contains(slug)).and_then(|slug| overview.topic(slug)) {
        way.push(&topic.slug);
        broader = topic.broader.as_deref();
    }
    way.push(ROOT);
    way.reverse();
    way.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Topic;

    fn sets() -> Sets {
        let topic = |slug: &str, broader: Option<&str>| Topic {
            slug: slug.into(),
            label: slug.to_uppercase(),
            broader: broader.map(str::to_owned),
            ..Topic::default()
        };
        let mut overview = Overview::default();
        overview.topics = vec![
            topic("defence", None),
            topic("cyber", Some("defence")),
            topic("cyber-law", Some("cyber")),
            topic("round", Some("about")),
            topic("about", Some("round")),
        ];
        Sets::of(&overview)
    }

    #[test]
    fn sets_follow_the_topics() {
        let sets = sets();
        let specs: Vec<&str> = sets.all().iter().map(|set| set.spec.as_str()).collect();
        assert_eq!(
            specs,
            ["topic", "topic:about:round", "topic:defence", "topic:defence:cyber", "topic:defence:cyber:cyber-law", "topic:round:about"]
        );
        assert_eq!(sets.topics("topic:defence:cyber"), Some(vec!["cyber".to_owned(), "cyber-law".into()]));
        assert_eq!(sets.topics("topic").map(|topics| topics.len()), Some(5));
        assert_eq!((sets.topics("topic:cyber"), sets.topics("topic:def")), (None, None));
        let topics = ["cyber-law".to_owned(), "defence".into(), "unheard-of".into()];
        assert_eq!(sets.specs(&topics).collect::<Vec<_>>(), ["topic:defence", "topic:defence:cyber:cyber-law"]);
    }
}
