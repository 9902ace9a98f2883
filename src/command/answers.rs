//! From a project to answers: flags, then `djdock.toml`, then the person, then what djdock suggests.

use super::Failure;
use super::project::Project;
use crate::base::language::Language;
use crate::choose::{Chosen, Draft, Person, READING, choose, choose_reading, file};
use crate::inspect::Said;

/// Answers every question about `project`. The project is read again when an answer changes what is to be read.
pub fn of(
    project: Project,
    flags: &Draft,
    mut person: Option<&mut dyn Person>,
) -> Result<(Project, Chosen), Failure> {
    let (written, mut problems) = project.tree.text(file::PATH).map(file::read).unwrap_or_default();
    let mut draft = flags.clone().or(written);
    problems.extend(draft.problems());
    if !problems.is_empty() {
        return Err(Failure::in_tree(problems, &project.tree));
    }
    let mut project = project;
    let mut said = Said::default();
    for key in READING {
        // What is suggested, and what there is to choose from, follows the answer before.
        let person = reborrow(&mut person);
        let news = choose_reading(&project.facts, &project.folder, key, &mut draft, person)?;
        if news != Said::default() {
            said = said.or(news);
            project = project.read_again(&said);
        }
    }
    let chosen = choose(&project.facts, &project.folder, &draft, person)?;
    Ok((project, chosen))
}

/// The language in which to speak before anything is asked: that of a flag, else that of `djdock.toml`.
pub fn language(project: &Project, flags: &Draft) -> Language {
    let written = || project.tree.text(file::PATH).map(|text| file::read(text).0).unwrap_or_default();
    let by_file = || written().given("lang").and_then(|given| Language::from_word(&given.word));
    let by_flag = flags.given("lang").and_then(|given| Language::from_word(&given.word));
    by_flag.or_else(by_file).unwrap_or_default()
}

fn reborrow<'a>(person: &'a mut Option<&mut dyn Person>) -> Option<&'a mut dyn Person> {
    match person {
        Some(person) => Some(*person),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use camino::{Utf8Path, Utf8PathBuf};

    use super::super::project::{self, Dir};
    use super::super::proposal::propose;
    use super::*;
    use crate::base::Place;
    use crate::choose::file as answers_file;
    use crate::choose::question::{Kind, Question, is_yes};
    use crate::choose::{Asked, Interrupted, QUESTIONS};
    use crate::command::demo::examples::EXAMPLES;
    use crate::shell::disk;
    use crate::update::{ChangeKind, Wishes};

    /// Gives one answer, and takes what is suggested to every other question.
    struct Script {
        key: &'static str,
        word: &'static str,
        asked: bool,
    }

    impl Person for Script {
        fn ask(&mut self, asked: &Asked<'_>) -> Result<String, Interrupted> {
            if asked.question.key != self.key {
                return Ok(asked.suggestion.word.clone());
            }
            self.asked = true;
            Ok(self.word.to_owned())
        }
    }

    /// A project: what each path holds.
    type Files = Vec<(Utf8PathBuf, String)>;
    type Row = (&'static str, &'static str, fn() -> Files, bool);

    /// An answer to each question, a project that it fits, and whether a person is asked there.
    const ROWS: &[Row] = &[
        ("lang", "ko", shop, false),
        ("project", "b/manage.py", two_projects, true),
        ("settings_prod", "config.settings.blue", open_settings, true),
        ("settings_dev", "config.settings.green", open_settings, false),
        ("package_manager", "poetry", two_managers, false),
        ("python", "3.13", polls_of_any_python, false),
        ("base_image", "slim", shop, false),
        ("topology", "compose", shop, false),
        ("database", "external", unknown_database, true),
        ("cache", "yes", unknown_broker, true),
        ("worker", "no", board, false),
        ("server", "gunicorn", shop, false),
        ("proxy", "nginx", shop, true),
        ("static", "image", shop, false),
        ("body_size", "50m", shop, false),
        ("tls", "certbot", shop, false),
        ("name", "other", shop, false),
        ("config_dir", "deploy", shop, false),
        ("overlay", "yes", shop, false),
        ("comments", "none", shop, true),
    ];

    fn file(path: &str, text: &str) -> (Utf8PathBuf, String) {
        (path.into(), text.to_owned())
    }

    fn example(name: &str) -> Files {
        let example = EXAMPLES.iter().find(|example| example.name == name).unwrap();
        example.files.iter().map(|(path, text)| file(path, text)).collect()
    }

    fn shop() -> Files {
        example("shop")
    }

    fn board() -> Files {
        example("board")
    }

    fn two_projects() -> Files {
        let below = |folder: &'static str| {
            example("polls").into_iter().map(move |(path, text)| (Utf8Path::new(folder).join(path), text))
        };
        below("a").chain(below("b")).collect()
    }

    fn polls_of_any_python() -> Files {
        let mut files = example("polls");
        files.retain(|(path, _)| path != "requirements.txt");
        files.push(file("requirements.txt", "django\n"));
        files
    }

    const MANAGE: &str = "import os, sys\nfrom django.core.management import execute_from_command_line\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\nexecute_from_command_line(sys.argv)\n";
    const SETTINGS: &str = "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nDEBUG = False\nALLOWED_HOSTS = ['*']\nINSTALLED_APPS = []\nROOT_URLCONF = 'config.urls'\nWSGI_APPLICATION = 'config.wsgi.application'\n";
    const SQLITE: &str =
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n";

    /// A small project with these settings.
    fn small(settings: &[(&str, &str)], requirements: &str) -> Files {
        let wsgi =
            "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n";
        let mut files = vec![
            file("manage.py", MANAGE),
            file("config/__init__.py", ""),
            file("config/urls.py", "urlpatterns = []\n"),
            file("config/wsgi.py", wsgi),
            file("requirements.txt", requirements),
        ];
        files.extend(settings.iter().map(|(path, more)| file(path, &format!("{SETTINGS}{more}"))));
        files
    }

    fn open_settings() -> Files {
        let modules = [("config/settings/blue.py", SQLITE), ("config/settings/green.py", SQLITE)];
        let mut files = small(&modules, "django==5.2\n");
        files.push(file("config/settings/__init__.py", ""));
        files
    }

    fn two_managers() -> Files {
        let mut files = shop();
        files.push(file("requirements.txt", "django==5.2\npsycopg==3.2\n"));
        files.push(file("Pipfile", "[packages]\ndjango = \"*\"\n"));
        files
    }

    fn unknown_database() -> Files {
        let engine = "DATABASES = {'default': {'ENGINE': os.environ['DB_ENGINE'], 'NAME': 'x', 'HOST': os.environ['DB_HOST']}}\n";
        small(&[("config/settings.py", engine)], "django==5.2\npsycopg==3.2\n")
    }

    fn unknown_broker() -> Files {
        let broker = format!("{SQLITE}CELERY_BROKER_URL = os.environ['BROKER']\n");
        let app = "from celery import Celery\napp = Celery('config')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
        let mut files = small(&[("config/settings.py", &broker)], "django==5.2\ncelery==5.4\nredis==5.0\n");
        files.push(file("config/celery.py", app));
        files
    }

    /// Carries out the answers in the project in `root`; the second result is the text that would be written beside.
    fn carry_out(
        root: &Utf8Path,
        flags: &Draft,
        person: Option<&mut dyn Person>,
    ) -> (Chosen, Vec<Utf8PathBuf>) {
        let project = project::read(&Dir::new(root)).unwrap();
        let (project, chosen) = of(project, flags, person).unwrap();
        let proposal = propose(project, chosen, &Wishes::default()).unwrap();
        proposal.write().unwrap();
        let news = proposal.changes.iter().filter(|change| change.kind != ChangeKind::Unchanged);
        let news = news.map(|change| change.path.clone()).collect();
        (proposal.chosen, news)
    }

    fn word(question: &Question, chosen: &Chosen) -> String {
        (question.word)(&chosen.answers)
    }

    /// Answers one question in a new project, and says whether the answer is written down and still counts in the next
    /// run, which writes nothing new.
    fn remembered(
        question: &'static Question,
        answer: &'static str,
        make: fn() -> Files,
        asks: bool,
    ) -> Option<[bool; 3]> {
        let folder = disk::testing::folder(&make());
        let root = disk::testing::root(&folder);
        let mut flags = Draft::default();
        let mut script = Script { key: question.key, word: answer, asked: false };
        let (chosen, _) = if asks {
            carry_out(root, &flags, Some(&mut script))
        } else {
            flags.give(question.key, answer.to_owned(), Place::Flag(question.flag()));
            carry_out(root, &flags, None)
        };
        if asks && !script.asked {
            return None;
        }
        assert_eq!(word(question, &chosen), answer, "{}", question.key);
        let value = match (&question.kind, is_yes(answer)) {
            (Kind::YesNo, Some(yes)) => yes.to_string(),
            _ => format!("\"{answer}\""),
        };
        let tree = disk::load(root).unwrap();
        let text = tree.text(answers_file::PATH).unwrap();
        let is_recorded = text.lines().any(|line| line == format!("{} = {value}", question.key));
        let (again, news) = carry_out(root, &Draft::default(), None);
        assert!(news.is_empty(), "{} (asked: {asks}): `update` writes {news:?}", question.key);
        Some([true, is_recorded, word(question, &again) == answer])
    }

    #[test]
    fn every_answer_is_remembered_whoever_gave_it() {
        let sign = |yes: bool| if yes { "yes" } else { "NO" };
        println!(
            "question         answer                 flag: taken recorded kept   prompt: taken recorded kept"
        );
        let mut wrong = Vec::new();
        for question in QUESTIONS {
            let row = ROWS.iter().find(|(key, ..)| *key == question.key);
            let (_, answer, make, is_asked) = row.unwrap_or_else(|| panic!("no row for {}", question.key));
            let by_flag = remembered(question, answer, *make, false).unwrap();
            let by_prompt = remembered(question, answer, *make, true);
            let shown = by_prompt.map_or("(never asked there)".to_owned(), |by| {
                format!("       {:5} {:8} {}", sign(by[0]), sign(by[1]), sign(by[2]))
            });
            println!(
                "{:16} {answer:22}       {:5} {:8} {:6} {shown}",
                question.key,
                sign(by_flag[0]),
                sign(by_flag[1]),
                sign(by_flag[2])
            );
            let is_right = |by: [bool; 3]| by == [true; 3];
            if !is_right(by_flag) || by_prompt.is_some() != *is_asked || !by_prompt.is_none_or(is_right) {
                wrong.push(question.key);
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
