//! Casts that are given as objects: python-decouple's `Csv` and `Choices`, functions of the project, types.

use super::super::object::{Exception, MadeObj, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::environ::cast_of;
use super::options::{delimiter_of, option};
use crate::python::value::Cast;

/// A variable as a reader was asked for it.
pub(super) struct Asked {
    pub(super) name: Obj,
    pub(super) default: Option<Obj>,
    pub(super) with: Option<Obj>,
    pub(super) exception: &'static str,
    /// The words that are taken for a truth and its opposite, where no other is: any other stops the import.
    pub(super) truths: &'static [&'static str],
    pub(super) pos: Pos,
}

/// Words that python-decouple and its like take for a truth or its opposite.
pub(super) const TRUTHS: &[&str] =
    &["y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0", ""];

/// Reads a variable whose default is cast as the variable is.
pub(super) fn read(interp: &mut Interp<'_>, asked: Asked) -> Outcome {
    let Asked { name, default, with, exception, truths, pos } = asked;
    let with = with.filter(|cast| !matches!(cast, Obj::None));
    let cast = with.as_ref().map_or(Cast::Str, |cast| cast_of(interp, cast));
    let own = matches!(&with, Some(Obj::Made(_))) || matches!(cast, Cast::Other(_));
    let read_as = if own { Cast::Str } else { cast.clone() };
    if let (Cast::Bool, Some(name)) = (&cast, name.as_str())
        && let Some(text) = interp.given(name)
        && !truths.is_empty()
        && !truths.contains(&text.to_lowercase().as_str())
    {
        let problem = Exception::new("ValueError", format!("`{name}` is no truth: {text}"));
        return interp.raise(problem, pos);
    }
    let default = match default {
        Some(Obj::None) => Some(Obj::None),
        Some(default) if own || read_as == Cast::Str => Some(default),
        Some(default) => Some(interp.cast(&default, &read_as, pos)?),
        None => None,
    };
    let unset_is_none = matches!(default, Some(Obj::None));
    let exception = if default.is_some() { None } else { Some(exception) };
    let default = default.filter(|_| !unset_is_none);
    let reading = super::super::environment::Reading { default, cast: read_as, exception };
    let value = interp.read(&name, reading, pos)?;
    match with {
        Some(with) if own => apply(interp, &with, &value, pos),
        _ => Ok(value),
    }
}

/// Applies a cast. A variable stays one: with the default that the cast makes.
pub(super) fn apply(interp: &mut Interp<'_>, with: &Obj, value: &Obj, pos: Pos) -> Outcome {
    let Obj::Env(env) = value else { return cast_with(interp, with, value, pos) };
    let default = match &env.default {
        Some(default) => {
            let default = default.clone();
            interp.quietly(|interp| cast_with(interp, with, &default, pos))
        }
        None => None,
    };
    let default =
        default.filter(|default| super::super::measure::depth(default) + 1 < super::super::measure::DEEPEST);
    let cast = match (with, cast_of(interp, with)) {
        (_, Cast::Other(label)) if label == "<lambda>" => Cast::Other("a function".to_owned()),
        (_, cast) => cast,
    };
    if let Some(row) = interp.reads.get_mut(env.read)
        && row.name == env.name
    {
        row.cast = cast.clone();
    }
    Ok(Obj::Env(super::super::object::EnvObj { default, cast, ..(**env).clone() }.into()))
}

/// Returns the value after a cast.
fn cast_with(interp: &mut Interp<'_>, with: &Obj, value: &Obj, pos: Pos) -> Outcome {
    let Obj::Made(made) = with else { return interp.call(with, vec![value.clone()], Vec::new(), pos) };
    match &*made.class {
        "decouple.Csv" => separated(interp, made, value, pos),
        "decouple.Choices" => match option(made, 1, "cast") {
            Some(cast) => item(interp, &cast, value, pos),
            None => Ok(value.clone()),
        },
        "everett.manager.ListOf" => {
            let items = interp.cast(value, &Cast::List(",".to_owned()), pos)?;
            super::environ::cast_items(interp, &items, made.args.first().cloned(), pos)
        }
        "prettyconf.config.option" => match made.args.first() {
            Some(choices) => interp.item(&choices.clone(), value, pos),
            None => Ok(value.clone()),
        },
        "starlette.datastructures.Secret" => Ok(value.clone()),
        _ => interp.call(with, vec![value.clone()], Vec::new(), pos),
    }
}

/// One item by a type or a function.
fn item(interp: &mut Interp<'_>, cast: &Obj, value: &Obj, pos: Pos) -> Outcome {
    match cast_of(interp, cast) {
        Cast::Other(_) => interp.call(cast, vec![value.clone()], Vec::new(), pos),
        known => interp.cast(value, &known, pos),
    }
}

/// `Csv(cast=int, delimiter=";", post_process=tuple)`.
pub(super) fn separated(interp: &mut Interp<'_>, made: &MadeObj, value: &Obj, pos: Pos) -> Outcome {
    let delimiter = delimiter_of(made);
    let texts = match value {
        Obj::None => Vec::new(),
        Obj::Str(text) => words(text, &delimiter),
        other => return interp.cast(other, &Cast::List(delimiter), pos),
    };
    let cast = option(made, 0, "cast");
    let mut items = Vec::with_capacity(texts.len());
    for text in texts {
        let text = Obj::str(text.trim());
        items.push(match &cast {
            Some(cast) => item(interp, cast, &text, pos)?,
            None => text,
        });
    }
    let items = Obj::List(interp.heap.list(items));
    match option(made, 3, "post_process") {
        Some(with @ (Obj::Function(_) | Obj::Bound(_))) => interp.call(&with, vec![items], Vec::new(), pos),
        _ => Ok(items),
    }
}

/// The words between separators, without their quotes: what is in quotes is not separated.
fn words(text: &str, separators: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match quote {
            Some(open) if open == letter => quote = None,
            None if separators.contains(letter) => found.push(String::new()),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            _ => {
                if let Some(word) = found.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_what_separates() {
        assert_eq!(words("a, 'b, c',d", ","), ["a", " b, c", "d"]);
        assert_eq!(words("", ","), Vec::<String>::new());
        assert_eq!(words("a;b,c", ";"), ["a", "b,c"]);
    }
}
