//! Text with variables: the known parts, and the names of variables whose values the env file holds.

use std::collections::BTreeMap;

use serde::Serialize;

/// Known text and variables, in order. Never two neighbouring known parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub Vec<TextPart>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TextPart {
    Known {
        text: String,
    },
    /// A variable of the env file that is always there.
    Variable {
        name: String,
    },
    /// A variable, and the text that stands in where the env file says nothing.
    VariableOr {
        name: String,
        text: String,
    },
}

impl Text {
    pub fn known(text: impl Into<String>) -> Self {
        Self(vec![TextPart::Known { text: text.into() }])
    }

    pub fn variable(name: impl Into<String>) -> Self {
        Self(vec![TextPart::Variable { name: name.into() }])
    }

    pub fn variable_or(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(vec![TextPart::VariableOr { name: name.into(), text: text.into() }])
    }

    /// Appends, joining neighbouring known parts.
    #[must_use]
    pub fn then(mut self, more: Self) -> Self {
        for part in more.0 {
            match (self.0.last_mut(), part) {
                (Some(TextPart::Known { text }), TextPart::Known { text: more }) => text.push_str(&more),
                (_, part) => self.0.push(part),
            }
        }
        self
    }

    #[must_use]
    pub fn then_known(self, text: &str) -> Self {
        if text.is_empty() { self } else { self.then(Self::known(text)) }
    }

    /// The text where no variable is in it.
    pub fn as_known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [TextPart::Known { text }] => Some(text),
            _ => None,
        }
    }

    /// Returns the text if the env file holds `variables`.
    pub fn resolve(&self, variables: &BTreeMap<String, String>) -> String {
        let part = |part: &TextPart| match part {
            TextPart::Known { text } => text.clone(),
            TextPart::Variable { name } => variables.get(name).cloned().unwrap_or_default(),
            TextPart::VariableOr { name, text } => {
                variables.get(name).filter(|value| !value.is_empty()).unwrap_or(text).clone()
            }
        };
        self.0.iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_known_parts_become_one() {
        let text = Text::known("a").then_known("b").then(Text::variable("X")).then_known("c");
        assert_eq!(text.0.len(), 3);
        assert_eq!(text.resolve(&BTreeMap::from([("X".into(), "1".into())])), "ab1c");
        assert_eq!(text.as_known(), None);
    }

    #[test]
    fn a_default_stands_in_for_an_empty_variable_as_in_compose() {
        let text = Text::variable_or("PORT", "8000");
        assert_eq!(text.resolve(&BTreeMap::new()), "8000");
        assert_eq!(text.resolve(&BTreeMap::from([("PORT".into(), String::new())])), "8000");
        assert_eq!(text.resolve(&BTreeMap::from([("PORT".into(), "9".into())])), "9");
    }
}
