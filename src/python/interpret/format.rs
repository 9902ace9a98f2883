//! Putting text together: f-strings, `%`, `.format`, concatenation.

use super::limits;
use super::object::{Exception, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl Interp<'_> {
    /// Text of these parts. A path with more path behind it stays a path.
    pub(super) fn text_of(&mut self, parts: Vec<Obj>) -> Obj {
        let parts: Vec<Obj> = parts.into_iter().filter(|part| part.as_str() != Some("")).collect();
        if let Some(at) = parts.iter().position(|part| matches!(part, Obj::OneOf(_)))
            && let Obj::OneOf(alternatives) = &parts[at]
            && alternatives.len() <= 6
            && parts.iter().filter(|part| matches!(part, Obj::OneOf(_))).count() <= 2
        {
            let mut values = Vec::new();
            for alternative in alternatives.iter() {
                let mut parts = parts.clone();
                parts[at] = alternative.clone();
                values.push(self.text_of(parts));
            }
            return self.heap.one_of(values);
        }
        if let Some((Obj::Path(path), rest)) = parts.split_first() {
            let text: Option<Vec<String>> = rest.iter().map(Obj::display).collect();
            if let Some(text) = text
                && rest.iter().all(|part| !matches!(part, Obj::Path(_)))
            {
                return match path.followed_by(&text.concat()) {
                    Some(joined) => Obj::path(joined),
                    None => Obj::text(parts),
                };
            }
        }
        let length: usize = parts.iter().map(text_length).sum();
        if length > super::operators::LONGEST_TEXT {
            return Obj::unknown("text that is too long", Pos::default(), &[]);
        }
        if !limits::reading(length) {
            return Obj::unknown("more text than an evaluation may make", Pos::default(), &[]);
        }
        let parts = parts
            .into_iter()
            .map(|part| match &part {
                Obj::Path(_) | Obj::Str(_) => part,
                Obj::Instance(_) => match self.instance_text(&part) {
                    Some(text) => text,
                    None => Obj::unknown("text of an object", Pos::default(), &[part]),
                },
                known if known.is_known() => match known.display() {
                    Some(text) => Obj::str(text),
                    None => match self.repr(known, 4) {
                        Some(text) => Obj::str(text),
                        None => Obj::unknown("text of an object", Pos::default(), &[part]),
                    },
                },
                _ => part,
            })
            .collect();
        Obj::text(parts)
    }

    fn instance_text(&mut self, instance: &Obj) -> Option<Obj> {
        let Obj::Instance(number) = instance else { return None };
        match self.call_special(*number, "__str__", Vec::new(), Pos::default()) {
            Ok(Some(text)) => Some(text),
            _ => {
                self.instances[*number].data.clone().filter(|data| matches!(data, Obj::Str(_) | Obj::Int(_)))
            }
        }
    }

    /// Returns the text of `repr()`, if it is known throughout.
    pub(super) fn repr(&mut self, obj: &Obj, depth: u8) -> Option<String> {
        let depth = depth.checked_sub(1).filter(|_| limits::work(1))?;
        Some(match obj {
            Obj::Str(text) if !limits::text(text.len()) || text.len() > super::operators::LONGEST_TEXT => {
                return None;
            }
            Obj::Str(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
            Obj::Str(text) => {
                format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
            }
            Obj::List(_) | Obj::Tuple(_) | Obj::Set(_) => {
                let items: Option<Vec<String>> =
                    self.sequence(obj)?.iter().map(|item| self.repr(item, depth)).collect();
                let items = items?.join(", ");
                match obj {
                    Obj::List(_) => format!("[{items}]"),
                    Obj::Set(_) => format!("{{{items}}}"),
                    Obj::Tuple(tuple) if tuple.items.len() == 1 => format!("({items},)"),
                    _ => format!("({items})"),
                }
            }
            Obj::Dict(cell) => {
                let dict = self.heap.entries(*cell)?;
                let entries: Option<Vec<String>> = dict
                    .entries
                    .iter()
                    .map(|(key, value)| {
                        Some(format!("{}: {}", self.repr(key, depth)?, self.repr(value, depth)?))
                    })
                    .collect();
                format!("{{{}}}", entries?.join(", "))
            }
            other => other.display()?,
        })
    }

    /// `format(value, spec)`.
    pub(super) fn formatted(&mut self, value: &Obj, spec: &Obj, repr: bool, pos: Pos) -> Outcome {
        if repr {
            return Ok(match self.repr(value, 4) {
                Some(text) => Obj::str(text),
                None => Obj::unknown("text of an object", pos, std::slice::from_ref(value)),
            });
        }
        match spec.as_str() {
            Some("") => return Ok(value.clone()),
            Some(spec) if value.is_known() => {
                if let Some(text) = with_spec(value, spec) {
                    return Ok(Obj::str(text));
                }
            }
            _ => {}
        }
        Ok(Obj::unknown("formatted text", pos, &[value.clone(), spec.clone()]))
    }

    /// `text % args`.
    pub(super) fn percent(&mut self, left: &Obj, right: &Obj, pos: Pos) -> Outcome {
        let Obj::Str(format) = left else {
            return Ok(Obj::unknown("formatted text", pos, &[left.clone(), right.clone()]));
        };
        let mut args = match right {
            Obj::Tuple(tuple) => tuple.items.clone(),
            other => vec![other.clone()],
        }
        .into_iter();
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = &**format;
        while let Some(at) = rest.find('%') {
            literal.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let value = if let Some(named) = rest.strip_prefix('(') {
                let Some((name, after)) = named.split_once(')') else { break };
                rest = after;
                Some(self.item(right, &Obj::str(name), pos)?)
            } else {
                None
            };
            let flags = rest.find(|letter: char| !"#0- +.123456789*".contains(letter)).unwrap_or(rest.len());
            let (spec, after) = rest.split_at(flags);
            let Some(kind) = after.chars().next() else { break };
            rest = &after[kind.len_utf8()..];
            if kind == '%' {
                literal.push('%');
                continue;
            }
            let value = value
                .or_else(|| args.next())
                .unwrap_or_else(|| Obj::unknown("not enough arguments", pos, &[]));
            parts.push(Obj::str(std::mem::take(&mut literal)));
            let part = match (kind, spec) {
                ('r', _) => self.formatted(&value, &Obj::str(""), true, pos)?,
                ('s' | 'd' | 'i', "") => value,
                (kind, spec) => {
                    let spec = Obj::str(format!("{spec}{kind}"));
                    self.formatted(&value, &spec, false, pos)?
                }
            };
            parts.push(part);
        }
        literal.push_str(rest);
        parts.push(Obj::str(literal));
        Ok(self.text_of(parts))
    }

    /// `text.format(...)`.
    pub(super) fn format_text(
        &mut self,
        format: &str,
        args: &[Obj],
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = format;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let Some((field, after)) = rest.split_once('}') else { break };
            if brace == "}" {
                break;
            }
            rest = after;
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (field, conversion) = field.split_once('!').unwrap_or((field, ""));
            let end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, path) = field.split_at(end);
            let value = if name.is_empty() {
                next += 1;
                args.get(next - 1).cloned()
            } else if let Ok(index) = name.parse::<usize>() {
                args.get(index).cloned()
            } else {
                kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
            };
            let value = match value {
                Some(value) => value,
                None => {
                    let missing = Exception::new("KeyError", name.to_owned());
                    self.raise(missing, pos)?
                }
            };
            let value = self.follow_path(value, path, pos)?;
            parts.push(Obj::str(std::mem::take(&mut literal)));
            parts.push(self.formatted(&value, &Obj::str(spec), conversion == "r", pos)?);
        }
        literal.push_str(rest);
        parts.push(Obj::str(literal));
        Ok(self.text_of(parts))
    }

    /// `.a[b].c` of a format field.
    fn follow_path(&mut self, mut value: Obj, path: &str, pos: Pos) -> Outcome {
        let mut rest = path;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (key, after) = inner.split_once(']').unwrap_or((inner, ""));
                let key = key.parse().map_or_else(|_| Obj::str(key), Obj::Int);
                value = self.item(&value, &key, pos)?;
                rest = after;
            } else {
                let inner = rest.trim_start_matches('.');
                let end = inner.find(['.', '[']).unwrap_or(inner.len());
                value = self.attribute(&value, &inner[..end], pos)?;
                rest = &inner[end..];
            }
        }
        Ok(value)
    }
}

/// How much text a part is, for what may be long.
fn text_length(part: &Obj) -> usize {
    match part {
        Obj::Str(text) => text.len(),
        Obj::Path(path) => path.rest.as_str().len(),
        Obj::Exception(exception) => exception.message.len(),
        _ => 1,
    }
}

/// The format specs that settings use: width, zero padding, precision, alignment, `d f x s`.
fn with_spec(value: &Obj, spec: &str) -> Option<String> {
    let kind = spec.chars().last().filter(char::is_ascii_alphabetic);
    let body = kind.map_or(spec, |kind| &spec[..spec.len() - kind.len_utf8()]);
    let align = body.chars().find(|letter| "<>^".contains(*letter));
    let digits: String = body.chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    let (width, precision) = digits.split_once('.').unwrap_or((&digits, ""));
    let zero = width.starts_with('0');
    let width: usize = if width.is_empty() { 0 } else { width.parse().ok()? };
    if width > 1000 {
        return None;
    }
    let text = match (kind, value) {
        (Some('f'), Obj::Int(_) | Obj::Float(_)) => {
            #[expect(clippy::cast_precision_loss, reason = "as Python formats an int with `f`")]
            let number = if let Obj::Int(number) = value {
                *number as f64
            } else if let Obj::Float(number) = value {
                *number
            } else {
                0.0
            };
            let precision: usize = if precision.is_empty() {
                6
            } else {
                precision.parse().ok().filter(|precision| *precision < 100)?
            };
            format!("{number:.precision$}")
        }
        (Some('x'), Obj::Int(number)) => format!("{number:x}"),
        (Some('d') | None, Obj::Int(number)) => number.to_string(),
        (Some('s') | None, other) => other.display()?,
        _ => return None,
    };
    let missing = width.saturating_sub(text.chars().count());
    let numeric = matches!(value, Obj::Int(_) | Obj::Float(_));
    Some(match align {
        _ if missing == 0 => text,
        None if zero && numeric => format!("{}{text}", "0".repeat(missing)),
        Some('>') => format!("{}{text}", " ".repeat(missing)),
        Some('^') => format!("{}{text}{}", " ".repeat(missing / 2), " ".repeat(missing - missing / 2)),
        None if numeric => format!("{}{text}", " ".repeat(missing)),
        _ => format!("{text}{}", " ".repeat(missing)),
    })
}
