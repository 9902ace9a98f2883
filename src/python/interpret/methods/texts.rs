//! Methods of text and of paths.

use crate::python::interpret::object::{Name, Obj};
use crate::python::interpret::paths::{self, Want};
use crate::python::interpret::source::Pos;
use crate::python::interpret::{Interp, Outcome};
use crate::python::value::{PathBase, PathValue};

impl Interp<'_> {
    pub(in crate::python::interpret) fn text_method(
        &mut self,
        receiver: &Obj,
        name: &str,
        args: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        let Obj::Str(text) = receiver else { return Ok(receiver.clone()) };
        match name {
            "format" => return self.format_text(&text.clone(), &args, kwargs, pos),
            "join" => {
                let Some(first) = args.first() else { return Ok(receiver.clone()) };
                let lists = self.alternatives_of(&first.clone());
                let mut values = Vec::new();
                for items in lists {
                    let mut parts = Vec::new();
                    for (at, item) in items.into_iter().enumerate() {
                        if at > 0 {
                            parts.push(receiver.clone());
                        }
                        parts.push(item);
                    }
                    values.push(self.text_of(parts));
                }
                return Ok(self.heap.one_of(values));
            }
            "format_map" => {
                let mut entries = Vec::new();
                if let Some(Obj::Dict(cell)) = args.first()
                    && let Some(dict) = self.heap.entries(*cell)
                {
                    for (key, value) in &dict.entries {
                        if let Obj::Str(key) = key {
                            entries.push((key.clone(), value.clone()));
                        }
                    }
                }
                return self.format_text(&text.clone(), &[], &entries, pos);
            }
            _ => {}
        }
        let mut all = vec![receiver.clone()];
        all.extend(args);
        let limit = kwargs.iter().find(|(key, _)| &**key == "maxsplit").map(|(_, value)| value.clone());
        let why = format!("the result of `.{name}()`");
        Ok(self.lift(&all, &why, pos, &|interp, args| interp.text_known(name, args, limit.as_ref())))
    }

    fn text_known(&mut self, name: &str, args: &[Obj], limit: Option<&Obj>) -> Option<Obj> {
        let text = args[0].as_str()?;
        let first = args.get(1);
        let chars = |text: &str| -> Vec<char> { text.chars().collect() };
        let trim: Option<Vec<char>> = first.and_then(Obj::as_str).map(chars);
        let listed = |interp: &mut Self, items: Vec<Obj>| Obj::List(interp.heap.list(items));
        Some(match name {
            "lower" | "casefold" => Obj::str(text.to_lowercase()),
            "upper" => Obj::str(text.to_uppercase()),
            "title" | "capitalize" => {
                let mut start = true;
                let titled: String = text
                    .chars()
                    .map(|letter| {
                        let shown =
                            if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
                        start = name == "title" && !letter.is_alphanumeric();
                        shown
                    })
                    .collect();
                Obj::str(titled)
            }
            "strip" => match trim {
                Some(set) => Obj::str(text.trim_matches(set.as_slice())),
                None => Obj::str(text.trim()),
            },
            "lstrip" => match trim {
                Some(set) => Obj::str(text.trim_start_matches(set.as_slice())),
                None => Obj::str(text.trim_start()),
            },
            "rstrip" => match trim {
                Some(set) => Obj::str(text.trim_end_matches(set.as_slice())),
                None => Obj::str(text.trim_end()),
            },
            "removeprefix" => Obj::str(text.strip_prefix(first?.as_str()?).unwrap_or(text)),
            "removesuffix" => Obj::str(text.strip_suffix(first?.as_str()?).unwrap_or(text)),
            "replace" => {
                let (from, to) = (first?.as_str()?, args.get(2)?.as_str()?);
                if text.len().saturating_mul(to.len() + 1) > 4 << 20 {
                    return None;
                }
                Obj::str(text.replace(from, to))
            }
            "startswith" | "endswith" => {
                let wanted: Vec<Obj> = match first? {
                    Obj::Tuple(tuple) => tuple.items.clone(),
                    other => vec![other.clone()],
                };
                let mut holds = false;
                for one in &wanted {
                    let one = one.as_str()?;
                    holds |= if name == "startswith" { text.starts_with(one) } else { text.ends_with(one) };
                }
                Obj::Bool(holds)
            }
            "split" | "rsplit" => {
                let limit = match args.get(2).or(limit) {
                    Some(Obj::Int(limit)) if *limit >= 0 => Some(usize::try_from(*limit).ok()?),
                    _ => None,
                };
                let pieces: Vec<String> = match first {
                    None | Some(Obj::None) => text.split_whitespace().map(str::to_owned).collect(),
                    Some(separator) => {
                        let separator = separator.as_str().filter(|separator| !separator.is_empty())?;
                        match (limit, name) {
                            (None, _) => text.split(separator).map(str::to_owned).collect(),
                            (Some(limit), "split") => {
                                text.splitn(limit + 1, separator).map(str::to_owned).collect()
                            }
                            (Some(limit), _) => {
                                let mut pieces: Vec<String> =
                                    text.rsplitn(limit + 1, separator).map(str::to_owned).collect();
                                pieces.reverse();
                                pieces
                            }
                        }
                    }
                };
                let items = pieces.into_iter().map(Obj::str).collect();
                listed(self, items)
            }
            "partition" | "rpartition" => {
                let separator = first?.as_str()?;
                let split = if name == "partition" {
                    text.split_once(separator)
                } else {
                    text.rsplit_once(separator)
                };
                match split {
                    Some((a, b)) => Obj::tuple(vec![Obj::str(a), Obj::str(separator), Obj::str(b)]),
                    None if name == "partition" => {
                        Obj::tuple(vec![args[0].clone(), Obj::str(""), Obj::str("")])
                    }
                    None => Obj::tuple(vec![Obj::str(""), Obj::str(""), args[0].clone()]),
                }
            }
            "splitlines" => {
                let items = text.lines().map(Obj::str).collect();
                listed(self, items)
            }
            "encode" | "decode" | "__str__" | "strip_tags" | "get_secret_value" | "unicode_string" => {
                args[0].clone()
            }
            "isdigit" | "isnumeric" | "isdecimal" => {
                Obj::Bool(!text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit()))
            }
            "isupper" => {
                Obj::Bool(text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase))
            }
            "islower" => {
                Obj::Bool(text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase))
            }
            "isalpha" => Obj::Bool(!text.is_empty() && text.chars().all(char::is_alphabetic)),
            "isalnum" => Obj::Bool(!text.is_empty() && text.chars().all(char::is_alphanumeric)),
            "isidentifier" => Obj::Bool(
                !text.is_empty()
                    && !text.starts_with(|letter: char| letter.is_ascii_digit())
                    && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_'),
            ),
            "count" => Obj::Int(i64::try_from(text.matches(first?.as_str()?).count()).ok()?),
            "find" | "index" | "rfind" => {
                let wanted = first?.as_str()?;
                let at = if name == "rfind" { text.rfind(wanted) } else { text.find(wanted) };
                Obj::Int(at.and_then(|at| i64::try_from(text[..at].chars().count()).ok()).unwrap_or(-1))
            }
            "zfill" => {
                let Obj::Int(width) = first? else { return None };
                let missing = usize::try_from(*width).ok()?.min(1000).saturating_sub(text.chars().count());
                Obj::str(format!("{}{text}", "0".repeat(missing)))
            }
            _ => return None,
        })
    }

    pub(super) fn path_method(
        &mut self,
        path: &PathValue,
        name: &str,
        args: Vec<Obj>,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Outcome {
        let this = Obj::path(path.clone());
        Ok(match name {
            "resolve" | "absolute" | "expanduser" | "as_posix" | "__str__" | "__fspath__" | "realpath"
            | "abspath" | "expand" => this,
            "joinpath" | "child" | "path" | "__call__" | "joinpaths" => {
                let mut parts = vec![this];
                parts.extend(args);
                self.join_paths(&parts, pos)
            }
            "ancestor" => match args.first() {
                Some(Obj::Int(levels)) => self.ancestor(path, usize::try_from(*levels).unwrap_or(0)),
                _ => Obj::unknown("a path", pos, &args),
            },
            "dirname" => self.ancestor(path, 1),
            "with_name" | "with_suffix" | "with_stem" => match args.first().and_then(Obj::as_str) {
                Some(text) => {
                    let mut changed = path.clone();
                    match name {
                        "with_name" => changed.rest.set_file_name(text),
                        "with_stem" => {
                            let suffix = path
                                .rest
                                .extension()
                                .map_or(String::new(), |extension| format!(".{extension}"));
                            changed.rest.set_file_name(format!("{text}{suffix}"));
                        }
                        _ => {
                            changed.rest.set_extension(text.trim_start_matches('.'));
                        }
                    }
                    Obj::path(changed)
                }
                None => Obj::unknown("a path", pos, &args),
            },
            "relative_to" => Obj::unknown("a relative path", pos, &args),
            "exists" | "is_file" | "is_dir" | "isfile" | "isdir" => {
                let want = match name {
                    "exists" => Want::Anything,
                    "is_file" | "isfile" => Want::File,
                    _ => Want::Folder,
                };
                self.path_exists(path, want, pos)
            }
            "read_text" | "read_bytes" | "bytes" | "text" => return self.read_file(&this, pos),
            "open" => {
                let mut all = vec![this];
                all.extend(args);
                return self.call_external("open", None, all, kwargs.to_vec(), pos);
            }
            "mkdir" | "touch" | "unlink" | "write_text" | "chmod" | "makedirs" => Obj::None,
            "glob" | "rglob" | "iterdir" => {
                let pattern = args.first().and_then(Obj::as_str).unwrap_or("*");
                let pattern = if name == "rglob" { format!("**/{pattern}") } else { pattern.to_owned() };
                let found = self.glob(&paths::join(path, &pattern));
                Obj::List(self.heap.list(found))
            }
            "is_absolute" => Obj::Bool(true),
            // A path that is text: what `str` can do.
            "split" | "endswith" | "startswith" | "replace" | "lower" | "rstrip" | "strip" | "rsplit"
            | "format" | "encode" => {
                let text = Obj::str(path.to_string());
                let done = self.text_method(&text, name, args.clone(), kwargs, pos)?;
                match (name, &done) {
                    ("rstrip" | "strip" | "encode" | "format", _) => this,
                    ("endswith" | "lower", _) => done,
                    // Separators of another system, as far as there are any in what is known of the path.
                    ("replace", Obj::Str(replaced)) if **replaced == *path.to_string() => this,
                    ("replace", Obj::Str(replaced)) if path.base == PathBase::Root => {
                        Obj::Str(replaced.clone())
                    }
                    _ => Obj::unknown("a part of a path", pos, &args),
                }
            }
            _ => Obj::unknown(format!("the result of `.{name}()`"), pos, &args),
        })
    }

    /// A test of existence: decided inside the project, where the tree tells.
    pub(in crate::python::interpret) fn path_exists(
        &mut self,
        path: &PathValue,
        want: Want,
        pos: Pos,
    ) -> Obj {
        let there = self.exists(path, want);
        let data = ["json", "yml", "yaml", "toml", "ini", "cfg", "env", "conf"];
        let is_data = path.rest.extension().is_some_and(|extension| data.contains(&extension))
            || path.rest.file_name().is_some_and(|name| name.starts_with(".env"));
        if is_data && want != Want::Folder {
            self.note_file(path, there == Some(true), false, pos);
        }
        match there {
            Some(there) => Obj::Bool(there),
            None => Obj::unknown_assumed(
                "whether a path outside the project exists",
                pos,
                &[],
                Some(Obj::Bool(false)),
            ),
        }
    }
}
