//! The three-way merge of an edited file: the text that djdock wrote last, the person's text, and djdock's new text.

use diffy::{ConflictStyle, IncompleteHunkStyle, MergeOptions};

/// The result of a merge of three texts: parts that only one side changed are merged already, the others wait for a
/// decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    parts: Vec<Part>,
    /// True if the person's file has CRLF line ends; the merged text has them, too.
    crlf: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Merged(String),
    Clash(Clash),
}

/// Lines that both the person and djdock changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The number of the first of the person's lines; of the line behind them where the person deleted them.
    pub line: u32,
    /// The person's lines; empty where they were deleted.
    pub persons: String,
    /// djdock's new lines; empty where djdock does not write them any more.
    pub djdocks: String,
    /// djdock's old lines, which both changed.
    pub was: String,
}

/// The text that stands where both sides changed the same lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both, between marks as git writes them.
    Inline,
    /// The person's lines.
    Ours,
    /// djdock's new lines.
    Theirs,
}

impl Side {
    pub const WORDS: [(&str, Self); 3] =
        [("inline", Self::Inline), ("ours", Self::Ours), ("theirs", Self::Theirs)];

    /// Returns the side that a word on the command line names.
    pub fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, side)| *side)
    }
}

const MARK: &str = "<<<<<<< yours";
/// Returns the number of the line that begins two texts between marks, whoever wrote the marks: djdock or git.
pub fn line_of_mark(text: &str) -> Option<u32> {
    let has_end = text.lines().any(|line| line.starts_with(">>>>>>> "));
    let begins = |line: &str| line.starts_with("<<<<<<< ");
    (1..).zip(text.lines()).find(|(_, line)| has_end && begins(line)).map(|(number, _)| number)
}

const BETWEEN: &str = "=======";
const END: &str = ">>>>>>> djdock";

/// The meaning of the order of a file's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Lines that both sides add at one place clash.
    Counts,
    /// A list: lines that both sides add at one place stand one after the other.
    IsFree,
}

/// Merges what the person and djdock each changed in `base`. Line ends count as LF on all three sides.
pub fn merge(base: &str, persons: &str, djdocks: &str, order: Order) -> Merge {
    let crlf = persons.contains("\r\n");
    let [base, persons, djdocks] = [base, persons, djdocks].map(|text| text.replace("\r\n", "\n"));
    // Longer than any run of these letters in the texts: no line of a file is taken for a mark.
    let length = [&base, &persons, &djdocks].into_iter().map(|text| longest_run(text)).max().unwrap_or(0) + 7;
    let mut options = MergeOptions::new();
    options
        .set_conflict_marker_length(length)
        .set_conflict_style(ConflictStyle::Diff3)
        .set_incomplete_hunk_style(IncompleteHunkStyle::Git);
    let parts = match options.merge(&base, &persons, &djdocks) {
        Ok(text) => vec![Part::Merged(text)],
        Err(marked) => parts(&marked, length, &persons, order),
    };
    Merge { parts, crlf }
}

impl Merge {
    /// Returns the places that need a decision; none where the merge is clean.
    pub fn clashes(&self) -> impl Iterator<Item = &Clash> {
        self.parts.iter().filter_map(|part| if let Part::Clash(clash) = part { Some(clash) } else { None })
    }

    /// Returns the merged text, with `side` standing where there is a clash.
    pub fn text(&self, side: Side) -> String {
        let text: String = self.parts.iter().map(|part| part.text(side)).collect();
        if self.crlf { text.replace('\n', "\r\n") } else { text }
    }
}

impl Part {
    fn text(&self, side: Side) -> String {
        match (self, side) {
            (Self::Merged(text), _) => text.clone(),
            (Self::Clash(clash), Side::Ours) => clash.persons.clone(),
            (Self::Clash(clash), Side::Theirs) => clash.djdocks.clone(),
            (Self::Clash(clash), Side::Inline) => {
                format!("{MARK}\n{}{BETWEEN}\n{}{END}\n", clash.persons, clash.djdocks)
            }
        }
    }
}

/// The length of the longest run of one letter that marks are made of.
fn longest_run(text: &str) -> usize {
    let run = |mark: char| text.split(|letter| letter != mark).map(str::len).max().unwrap_or(0);
    ['<', '|', '=', '>'].into_iter().map(run).max().unwrap_or(0)
}

/// Takes apart a text whose clashes stand between marks of `length` letters.
fn parts(marked: &str, length: usize, persons: &str, order: Order) -> Vec<Part> {
    let [begin, base, between, end] = ["<", "|", "=", ">"].map(|letter| letter.repeat(length));
    let mut parts = Vec::new();
    let mut rest = Lines { text: persons, number: 1 };
    let mut lines = marked.split_inclusive('\n');
    let mut merged = String::new();
    while let Some(line) = lines.next() {
        if !line.starts_with(&begin) {
            rest.pass(line);
            merged.push_str(line);
            continue;
        }
        let mut until =
            |mark: &String| -> String { lines.by_ref().take_while(|line| !line.starts_with(mark)).collect() };
        let (persons, was, djdocks) = (until(&base), until(&between), until(&end));
        let line = rest.number_of(&persons);
        if order == Order::IsFree && was.is_empty() {
            merged.extend([djdocks, persons]);
        } else {
            parts.extend([
                Part::Merged(std::mem::take(&mut merged)),
                Part::Clash(Clash { line, persons, djdocks, was }),
            ]);
        }
    }
    parts.push(Part::Merged(merged));
    parts
}

/// The person's text from a line on.
struct Lines<'a> {
    text: &'a str,
    number: u32,
}

impl Lines<'_> {
    /// Goes behind `line`, where it is the next one.
    fn pass(&mut self, line: &str) {
        // A line that djdock added is not the person's, one that djdock removed still is.
        if let Some(at) = self.text.split_inclusive('\n').position(|own| own == line) {
            self.skip(at + 1);
        }
    }

    /// Goes behind `lines`, and returns the number of their first.
    fn number_of(&mut self, lines: &str) -> u32 {
        let Some(first) = lines.split_inclusive('\n').next() else { return self.number };
        let found = self.text.split_inclusive('\n').position(|own| own.trim_end() == first.trim_end());
        self.skip(found.unwrap_or(0));
        let number = self.number;
        self.skip(lines.lines().count());
        number
    }

    fn skip(&mut self, lines: usize) {
        for line in self.text.split_inclusive('\n').take(lines) {
            self.text = &self.text[line.len()..];
            self.number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Merge, Order, Side};

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

    fn merge(base: &str, persons: &str, djdocks: &str) -> Merge {
        super::merge(base, persons, djdocks, Order::Counts)
    }

    fn clashes(merge: &Merge) -> Vec<(u32, &str, &str)> {
        merge.clashes().map(|clash| (clash.line, clash.persons.as_str(), clash.djdocks.as_str())).collect()
    }

    #[test]
    fn changes_in_different_places_both_stand() {
        let persons = BASE.replace("two\n", "two\nmine\n");
        let djdocks = BASE.replace("six", "new");
        let merge = merge(BASE, &persons, &djdocks);
        assert_eq!(clashes(&merge), []);
        assert_eq!(merge.text(Side::Ours), "one\ntwo\nmine\nthree\nfour\nfive\nnew\nseven\n");
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_clash() {
        let changed = BASE.replace("two", "2");
        let merge = merge(BASE, &changed, &changed);
        assert_eq!((clashes(&merge), merge.text(Side::Inline)), (vec![], changed));
    }

    #[test]
    fn a_clash_stands_as_the_person_wants_it() {
        let persons = BASE.replace("two", "mine").replace("seven\n", "seven\nlast\n");
        let djdocks = BASE.replace("two", "new").replace("four", "4");
        let merge = merge(BASE, &persons, &djdocks);
        assert_eq!(clashes(&merge), [(2, "mine\n", "new\n")]);
        let rest = "three\n4\nfive\nsix\nseven\nlast\n";
        assert_eq!(merge.text(Side::Ours), format!("one\nmine\n{rest}"));
        assert_eq!(merge.text(Side::Theirs), format!("one\nnew\n{rest}"));
        let marked = format!("one\n<<<<<<< yours\nmine\n=======\nnew\n>>>>>>> djdock\n{rest}");
        assert_eq!(merge.text(Side::Inline), marked);
    }

    #[test]
    fn a_clash_is_named_by_its_line_in_the_persons_file() {
        for (persons, djdocks, expected) in [
            ("0\n1\n2\none\ntwo\nthree\nfour\nfive\nmine\nseven\n", BASE.replace("six", "new"), 9),
            ("one\nfour\nfive\nmine\nseven\n", BASE.replace("six", "new"), 4),
            ("one\ntwo\nthree\nfour\nfive\nseven\n", BASE.replace("six", "new"), 6),
            ("one\ntwo\nthree\nfour\nmine\n", format!("new\nmore\n{}", BASE.replace("six", "new")), 5),
            ("", BASE.replace("six", "new"), 1),
        ] {
            let merge = merge(BASE, persons, &djdocks);
            assert_eq!(merge.clashes().map(|clash| clash.line).last(), Some(expected), "{persons:?}");
        }
    }

    #[test]
    fn line_ends_are_the_persons() {
        let persons = BASE.replace("two", "mine").replace('\n', "\r\n");
        let merge = merge(BASE, &persons, &BASE.replace("six", "new"));
        assert_eq!(clashes(&merge), []);
        assert_eq!(merge.text(Side::Ours), "one\r\nmine\r\nthree\r\nfour\r\nfive\r\nnew\r\nseven\r\n");
    }

    #[test]
    fn lines_that_look_like_marks_are_lines() {
        let base = "<<<<<<< ours\na\n=======\nb\n>>>>>>>>>>>>\n";
        let merge = merge(base, &base.replace('a', "mine"), &base.replace('a', "new"));
        assert_eq!(clashes(&merge), [(2, "mine\n", "new\n")]);
        assert_eq!(merge.text(Side::Ours), base.replace('a', "mine"));
    }

    #[test]
    fn a_last_line_without_an_end_is_whole() {
        let merge = merge("a\nb", "a\nmine", "a\nnew");
        assert_eq!(clashes(&merge), [(2, "mine\n", "new\n")]);
        assert_eq!(merge.text(Side::Theirs), "a\nnew\n");
    }

    #[test]
    fn lines_that_both_add_to_a_list_stand_one_after_the_other() {
        let base = "A=1\n";
        let (persons, djdocks) = ("A=1\nMINE=1\n", "A=1\nNEW=1\n");
        assert_eq!(clashes(&merge(base, persons, djdocks)).len(), 1);
        let list = |persons| super::merge(base, persons, djdocks, Order::IsFree);
        assert_eq!(clashes(&list(persons)), []);
        assert_eq!(list(persons).text(Side::Ours), "A=1\nNEW=1\nMINE=1\n");
        // What was there before was changed by both: that is no addition.
        assert_eq!(clashes(&super::merge(base, "A=2\n", "A=3\n", Order::IsFree)), [(1, "A=2\n", "A=3\n")]);
    }
}
