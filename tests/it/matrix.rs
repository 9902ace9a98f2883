//! The answer matrix: for every two answers to different questions, and every shape of project, a combination in which they
//! meet is planned, rendered and parsed back; what cannot run is refused with the nearest that can.

mod pairs;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use djdock::base::{Diagnostic, Place};
use djdock::choose::{Draft, QUESTIONS};

use crate::render::{compose, dockerfile};
use crate::support::pipeline::{Made, make};
use crate::support::repository;
use shapes::Shape;

/// Answers by key; a question that is not named is answered by djdock's suggestion.
type Answers = BTreeMap<&'static str, String>;

/// The limit for planning, rendering and parsing back all combinations, without the judges.
const LIMIT: Duration = Duration::from_mins(1);

/// Questions about names that each project has its own of: every shape answers them by its suggestion.
const OF_THE_PROJECT: &[&str] = &["project", "settings_prod", "settings_dev"];

/// The answers that are tried for a question; the first is djdock's suggestion.
fn words(key: &str) -> Vec<Option<String>> {
    let question = QUESTIONS.iter().find(|question| question.key == key).expect("a question");
    let open: &[&str] = match key {
        "python" => &["3.11", "3.12", "3.13"],
        "name" => &["corner-shop"],
        "config_dir" => &["deploy/container"],
        _ => &[],
    };
    let offered = question.words().into_iter().chain(open.iter().copied());
    std::iter::once(None).chain(offered.map(|word| Some(word.to_owned()))).collect()
}

/// The questions with their answers, and rows of choices: of a shape, and of an answer to each question.
struct Matrix {
    shapes: Vec<Shape>,
    keys: Vec<&'static str>,
    words: Vec<Vec<Option<String>>>,
}

/// A combination, and what came of it.
type Tried = (Vec<usize>, Result<Ran, String>);

impl Matrix {
    fn new() -> Self {
        let keys = QUESTIONS.iter().map(|question| question.key);
        let keys: Vec<&'static str> = keys.filter(|key| !OF_THE_PROJECT.contains(key)).collect();
        Self { shapes: shapes::all(), words: keys.iter().map(|key| words(key)).collect(), keys }
    }

    fn sizes(&self) -> Vec<usize> {
        std::iter::once(self.shapes.len()).chain(self.words.iter().map(Vec::len)).collect()
    }

    fn shape(&self, row: &[usize]) -> &Shape {
        &self.shapes[row[0]]
    }

    fn answers(&self, row: &[usize]) -> Answers {
        let said = self.keys.iter().zip(&self.words).zip(&row[1..]);
        said.filter_map(|((key, words), at)| Some((*key, words[*at].clone()?))).collect()
    }

    /// The row of these answers, as far as the matrix holds them.
    fn row(&self, shape: usize, answers: &Answers) -> Vec<usize> {
        let choice = |(key, words): (&&str, &Vec<Option<String>>)| {
            let said = answers.get(*key).cloned();
            words.iter().position(|word| *word == said).unwrap_or_default()
        };
        std::iter::once(shape).chain(self.keys.iter().zip(&self.words).map(choice)).collect()
    }

    /// Tries combinations in which every two choices meet. What a shape refuses is then left out for this shape, and the
    /// pairs that did not come to run are tried once more, beside what their shape does not refuse.
    fn try_all(&self) -> Vec<Tried> {
        let sizes = self.sizes();
        let mut tried = self.run_all(pairs::cover(&sizes, &[], &BTreeSet::new()));
        let barred: BTreeSet<pairs::Pair> = tried.iter().flat_map(|tried| self.refused(tried)).collect();
        let ran: Vec<Vec<usize>> = tried.iter().filter_map(|tried| self.that_ran(tried)).collect();
        tried.extend(self.run_all(pairs::cover(&sizes, &ran, &barred)));
        tried
    }

    /// The choices of the combination that could run in the end.
    fn that_ran(&self, (row, ran): &Tried) -> Option<Vec<usize>> {
        ran.as_ref().ok().map(|ran| self.row(row[0], &ran.answers))
    }

    /// The choices that the shape of a combination did not take.
    fn refused(&self, tried: &Tried) -> Vec<pairs::Pair> {
        let (Some(ran), (asked, _)) = (self.that_ran(tried), tried) else { return Vec::new() };
        let changed = (1..asked.len()).filter(|at| asked[*at] != ran[*at]);
        changed.map(|at| pairs::pair((0, asked[0]), (at, asked[at]))).collect()
    }

    /// Runs combinations, two at a time; in order.
    fn run_all(&self, rows: Vec<Vec<usize>>) -> Vec<Tried> {
        let next = Mutex::new(0..rows.len());
        let mut done: Vec<(usize, Result<Ran, String>)> = std::thread::scope(|scope| {
            let work = || {
                let mut done = Vec::new();
                loop {
                    let Some(at) = next.lock().expect("nobody panics with it").next() else { return done };
                    done.push((at, run(self.shape(&rows[at]), &self.answers(&rows[at]))));
                }
            };
            let workers = [scope.spawn(work), scope.spawn(work)];
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        rows.into_iter().zip(done.into_iter().map(|(_, ran)| ran)).collect()
    }
}

fn plan(shape: &Shape, answers: &Answers) -> Result<Made, Vec<Diagnostic>> {
    let mut draft = Draft::default();
    for (key, word) in answers {
        draft.give(key, word.clone(), Place::Flag(format!("--{}", key.replace('_', "-"))));
    }
    make(&shape.tree, shape.name, &draft)
}

/// Returns the answers that the helps of an error name: the nearest that can run.
fn nearest(errors: &[Diagnostic], answers: &Answers) -> Option<Answers> {
    let mut nearest = answers.clone();
    for error in errors {
        let flag = error.helps.iter().find_map(|help| {
            let mut quoted = help.split('`').skip(1).step_by(2);
            quoted.find_map(|text| text.strip_prefix("--"))
        })?;
        // Of several flags in one help, the first: the others are named again where they are missing.
        let flag = flag.split(" --").next()?;
        let (flag, word) = match flag.split_once(' ') {
            Some((flag, word)) => (flag, word),
            None => flag.strip_prefix("no-").map_or((flag, "yes"), |flag| (flag, "no")),
        };
        let key = QUESTIONS.iter().find(|question| question.flag() == format!("--{flag}"))?.key;
        nearest.insert(key, word.to_owned());
    }
    (nearest != *answers).then_some(nearest)
}

/// What came of a combination: the answers that ran, what was made, and how often a nearer one had to be taken.
struct Ran {
    answers: Answers,
    made: Made,
    refusals: usize,
}

/// Plans a combination; where it is refused, the nearest that the message names, until one can run.
fn run(shape: &Shape, answers: &Answers) -> Result<Ran, String> {
    const MOST: usize = 6;
    let mut answers = answers.clone();
    for refusals in 0..MOST {
        let errors = match plan(shape, &answers) {
            Ok(made) => return Ok(Ran { answers, made, refusals }),
            Err(errors) => errors,
        };
        let told: Vec<_> =
            errors.iter().map(|one| format!("{}: {} {:?}", one.code, one.title, one.helps)).collect();
        answers = nearest(&errors, &answers)
            .ok_or_else(|| format!("{} with {answers:?}: no nearest that works: {told:#?}", shape.name))?;
    }
    Err(format!("{} with {answers:?}: what is named as the nearest is refused again and again", shape.name))
}

/// Everything that was made is what the stacks say.
fn parse_back(made: &Made, name: &str) {
    for stack in made.plan.stacks() {
        compose::compare(made, stack, name);
        for image in &stack.images {
            dockerfile::check(made, image, name);
        }
    }
}

/// The mistakes of all combinations, and a line with their numbers.
fn held(matrix: &Matrix, tried: &[Tried], took: Duration) -> (String, String) {
    let (mut wrong, mut refused, mut planned) = (String::new(), 0, BTreeSet::new());
    for (row, ran) in tried {
        match ran {
            Ok(ran) => {
                parse_back(&ran.made, &format!("{} with {:?}", matrix.shape(row).name, ran.answers));
                refused += usize::from(ran.refusals > 0);
                planned.insert((row[0], ran.answers.clone()));
            }
            Err(text) => writeln!(wrong, "{text}\n  asked for {:?}", matrix.answers(row)).expect("text"),
        }
    }
    let rows: Vec<Vec<usize>> = tried.iter().filter_map(|tried| matrix.that_ran(tried)).collect();
    let sizes = matrix.sizes();
    let all: usize =
        sizes.iter().enumerate().map(|(at, one)| one * sizes[at + 1..].iter().sum::<usize>()).sum();
    let line = format!(
        "{} combinations of {} shapes and {} questions in {:.1} s: {refused} refused, each with the nearest that works; \
         {} different ones rendered and parsed back, in which {} of {all} pairs of choices run",
        tried.len(),
        matrix.shapes.len(),
        matrix.keys.len(),
        took.as_secs_f32(),
        planned.len(),
        pairs::met(&rows),
    );
    (wrong, line)
}

#[test]
fn every_two_answers_go_together_or_are_refused_with_the_nearest_that_works() {
    let begun = Instant::now();
    let matrix = Matrix::new();
    let tried = matrix.try_all();
    let (wrong, line) = held(&matrix, &tried, begun.elapsed());
    println!("{line}");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Writes what the judges look at: each combination in a folder of its own, without files that an earlier one has, too.
#[test]
#[ignore = "writes target/matrix for the judges, and measures: .ci/run does"]
fn matrix_is_written_for_the_judges() {
    let folder = repository::path("target/matrix");
    let _nothing_there = std::fs::remove_dir_all(&folder);
    let begun = Instant::now();
    let matrix = Matrix::new();
    let tried = matrix.try_all();
    let took = begun.elapsed();
    let (wrong, line) = held(&matrix, &tried, took);
    println!("{line}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(took < LIMIT, "it took {took:?}");
    let mut seen = BTreeSet::new();
    let (mut files, mut folders) = (0, 0);
    for (at, (row, ran)) in tried.iter().enumerate() {
        let Ok(ran) = ran else { continue };
        let made = ran.made.files.iter().map(|(path, text)| (path.as_str(), text));
        let is_judged = |path: &str| !path.ends_with(".md") && !path.ends_with(".json");
        let is_env = |path: &str| path == ".env" || path == ".env.example";
        let is_new = |(path, text): &(&str, &String)| {
            is_judged(path) && !is_env(path) && seen.insert(((*path).to_owned(), (*text).clone()))
        };
        let fresh: Vec<(&str, &String)> = made.clone().filter(is_new).collect();
        if fresh.is_empty() {
            continue;
        }
        files += fresh.len();
        folders += 1;
        let own = folder.join(format!("{at:03}-{}", matrix.shape(row).name));
        // Compose reads the env file.
        for (path, text) in fresh.into_iter().chain(made.filter(|(path, _)| is_env(path))) {
            let path = own.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
    }
    println!("{files} different files in {folders} folders");
}
