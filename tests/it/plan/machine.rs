//! What code and the project's own Dockerfiles take from a machine: made in the images, or named.

use djdock::plan::Plan;
use djdock::stack::Step;

use super::site::*;

fn site() -> Site {
    postgres()
}

fn dockerfile(lines: &str) -> Plan {
    site().with("Dockerfile", &format!("FROM python:3.12-slim\nWORKDIR /code\n{lines}")).plan()
}

/// Everything that the stages of production's file run, one command a line.
fn runs(plan: &Plan, stage: &str) -> String {
    let of_step = |step: &Step| match step {
        Step::Run { commands, .. } => commands.iter().map(|command| command.join(" ")).collect(),
        _ => Vec::new(),
    };
    steps(plan, stage).iter().flat_map(of_step).collect::<Vec<_>>().join("\n")
}

fn packages(plan: &Plan, stage: &str) -> String {
    let of_step = |step: &Step| match step {
        Step::SystemPackages { packages } => packages.join(" "),
        _ => String::new(),
    };
    steps(plan, stage).iter().map(of_step).collect()
}

fn environment(plan: &Plan, name: &str) -> Option<String> {
    steps(plan, "app").iter().find_map(|step| match step {
        Step::Environment { variables } => variables.get(name).cloned(),
        _ => None,
    })
}

/// What is said to be left out, one step a line.
fn left(plan: &Plan) -> String {
    let said = plan.diagnostics.iter().filter(|one| one.code.0 == "own-steps-left-out");
    let lines: Vec<String> = said
        .flat_map(|one| &one.labels)
        .map(|label| format!("{}:{} {}", label.path, label.line, label.text))
        .collect();
    lines.join("\n")
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.diagnostics.iter().map(|one| one.code.0).collect()
}

#[test]
fn a_locale_that_code_sets_is_made_in_both_images() {
    let plan = site()
        .with("pages/views.py", "import locale\nfrom locale import setlocale as put, LC_TIME\nlocale.setlocale(locale.LC_ALL, 'ko_KR.UTF-8')\nput(LC_TIME, ('de_DE', 'UTF-8'))\n")
        .plan();
    let made = runs(&plan, "app");
    assert!(
        made.contains("localedef -i de_DE -f UTF-8 de_DE.UTF-8\nlocaledef -i ko_KR -f UTF-8 ko_KR.UTF-8"),
        "{made}"
    );
    assert!(packages(&plan, "app").contains("locales"));
    let dev = format!("{:?}", plan.dev.images[0].stages[0].steps);
    assert!(dev.contains("localedef") && dev.contains("\"locales\""));
    assert!(plan.notes.iter().any(|note| note.topic == "Locales" && note.evidence.len() == 2));
}

#[test]
fn locales_that_every_image_has_or_that_are_asked_back_need_nothing() {
    let plan = site()
        .with("pages/views.py", "import locale\nbefore = locale.setlocale(locale.LC_ALL)\nlocale.setlocale(locale.LC_ALL, '')\nlocale.setlocale(locale.LC_ALL, 'C.UTF-8')\nlocale.setlocale(locale.LC_ALL, before)\n")
        .with("pages/tests/test_x.py", "import locale\nlocale.setlocale(locale.LC_ALL, 'fr_FR.UTF-8')\n")
        .plan();
    assert!(!runs(&plan, "app").contains("localedef"));
    assert!(!codes(&plan).contains(&"locale-unknown"), "{:?}", codes(&plan));
}

#[test]
fn a_locale_of_another_system_or_of_unknown_name_is_said() {
    for line in ["locale.setlocale(locale.LC_ALL, 'deu_deu')", "locale.setlocale(locale.LC_ALL, name())"] {
        let plan =
            site().with("pages/views.py", &format!("import locale\nfrom x import name\n{line}\n")).plan();
        assert!(codes(&plan).contains(&"locale-unknown"), "{line}");
    }
}

#[test]
fn models_of_literal_names_are_fetched_into_the_virtual_environment() {
    let code = "import nltk\nimport spacy\nnlp = spacy.load('de_core_news_sm')\nnltk.download(['punkt', 'stopwords'])\n";
    let site = Site::new(
        &format!("{OPEN}{}", database("postgresql")),
        &format!("{POSTGRES}spacy==3.8.7\nnltk==3.9.1\n"),
    );
    let plan = site.with("pages/words.py", code).plan();
    let fetched = runs(&plan, "builder");
    assert!(fetched.contains("/opt/venv/bin/python -m spacy download de_core_news_sm"), "{fetched}");
    assert!(fetched.contains("-m nltk.downloader -d /opt/venv/nltk_data punkt"), "{fetched}");
    assert!(fetched.contains("-d /opt/venv/nltk_data stopwords"));
    assert!(!codes(&plan).contains(&"fetched-at-run"));
}

#[test]
fn a_model_that_is_required_or_in_the_project_is_not_fetched() {
    let code = "import spacy\na = spacy.load('en_core_web_sm')\nb = spacy.load('./models/own')\nc = spacy.load('models/own')\n";
    let requirements = format!("{POSTGRES}spacy==3.8.7\nen-core-web-sm==3.8.0\n");
    let plan = Site::new(&format!("{OPEN}{}", database("postgresql")), &requirements)
        .with("pages/words.py", code)
        .with("models/own/meta.json", "{}")
        .plan();
    assert!(!runs(&plan, "builder").contains("spacy download"));
    assert!(!codes(&plan).contains(&"fetched-at-run"));
}

#[test]
fn what_no_command_fetches_is_said_with_its_line() {
    for (line, what) in [
        (
            "from sentence_transformers import SentenceTransformer\nm = SentenceTransformer('all-MiniLM-L6-v2')\n",
            "all-MiniLM-L6-v2",
        ),
        ("import whisper\nm = whisper.load_model('base')\n", "base"),
        ("import spacy\nfrom django.conf import settings\nm = spacy.load(settings.MODEL)\n", "spacy"),
        (
            "from playwright.sync_api import sync_playwright\ndef shot():\n    with sync_playwright() as p:\n        p.chromium.launch()\n",
            "browser",
        ),
    ] {
        let plan = site().with("pages/models_ai.py", line).plan();
        let said = plan.diagnostics.iter().find(|one| one.code.0 == "fetched-at-run");
        let said = said.unwrap_or_else(|| panic!("{line}: {:?}", codes(&plan)));
        assert!(said.title.contains(what), "{}", said.title);
        assert_eq!(said.labels[0].path, "pages/models_ai.py");
    }
}

#[test]
fn what_images_do_anyway_is_no_step_that_is_left_out() {
    let plan = dockerfile(
        "ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 LANG=C.UTF-8 APP_HOME=/srv/site\nENV SECRET_KEY=x\n\
         RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev && rm -rf /var/lib/apt/lists/*\n\
         WORKDIR $APP_HOME\nCOPY requirements.txt /tmp/requirements.txt\nRUN pip install --upgrade pip && pip install -r /tmp/requirements.txt\n\
         RUN curl -sSL https://install.python-poetry.org | python3 -\n\
         COPY . .\nCOPY docker/nginx.conf /etc/nginx/nginx.conf\nRUN sed -i 's/\\r$//' entrypoint.sh && chmod +x entrypoint.sh\n\
         RUN groupadd -r app && useradd -r -g app app && mkdir -p /srv/media && chown -R app:app /srv\n\
         RUN python manage.py collectstatic --noinput\nUSER app\nEXPOSE 8000\nCMD [\"gunicorn\", \"site1.wsgi\"]\n",
    );
    assert_eq!(left(&plan), "");
    assert!(
        !plan.notes.iter().any(|note| note.topic == "Left out"
            || note.topic == "Variables" && note.text.contains("own Dockerfile"))
    );
}

#[test]
fn locales_models_variables_and_commands_of_an_own_dockerfile_are_carried_over() {
    let plan = dockerfile(
        "RUN pip install -r requirements.txt\n\
         RUN apt-get update && apt-get install -y locales && echo 'nl_NL.UTF-8 UTF-8' >> /etc/locale.gen && locale-gen\n\
         ENV LANG=nl_NL.UTF-8 TESSDATA_PREFIX=/usr/share/tessdata\nENV TZ Europe/Amsterdam\n\
         RUN python -m nltk.downloader punkt\nRUN python manage.py build_styles --minify\nRUN python manage.py collectstatic\n",
    );
    assert_eq!(left(&plan), "");
    let all = runs(&plan, "app");
    assert!(all.contains("localedef -i nl_NL -f UTF-8 nl_NL.UTF-8"));
    assert_eq!(environment(&plan, "LANG").as_deref(), Some("nl_NL.UTF-8"));
    assert_eq!(environment(&plan, "TESSDATA_PREFIX").as_deref(), Some("/usr/share/tessdata"));
    assert_eq!(environment(&plan, "TZ").as_deref(), Some("Europe/Amsterdam"));
    assert!(runs(&plan, "builder").contains("nltk.downloader -d /opt/venv/nltk_data punkt"));
    let built = all.find("manage.py build_styles --minify").unwrap();
    assert!(built < all.find("collectstatic").unwrap());
}

#[test]
fn what_has_no_counterpart_is_named_with_its_line_in_init_and_in_the_document() {
    let plan = dockerfile(
        "RUN pip install -r requirements.txt\n\
         RUN wget -O /usr/bin/tool https://example.org/tool\n\
         COPY fonts/ /usr/share/fonts/site/\n\
         ENV MODELS=/code/models\n\
         ENV STRIPE_SECRET_KEY=sk_live_1\n\
         RUN ./prepare.sh --token=abc && make all\n\
         RUN python manage.py load_countries\n",
    );
    let said = left(&plan);
    let expected = [
        "Dockerfile:4 `RUN wget -O /usr/bin/tool https://example.org/tool`",
        "Dockerfile:5 `COPY fonts/ /usr/share/fonts/site/`",
        "Dockerfile:6 `ENV MODELS=/code/models`",
        "Dockerfile:7 `ENV STRIPE_SECRET_KEY=…`",
        "Dockerfile:8 `RUN ./prepare.sh --token=…`",
        "Dockerfile:8 `RUN make all`",
        "Dockerfile:9 `RUN python manage.py load_countries`",
    ];
    assert_eq!(said, expected.join("\n"));
    let note = plan.notes.iter().find(|note| note.topic == "Left out").unwrap();
    assert_eq!(note.evidence.len(), expected.len());
}

#[test]
fn stages_of_node_of_proxies_and_for_tests_are_others_business() {
    let plan = site()
        .with("Dockerfile", "FROM node:22 AS ui\nRUN ./odd.sh\nFROM python:3.12-slim AS web\nRUN pip install -r requirements.txt\nFROM web AS tests\nRUN make lint\nFROM nginx:1.27\nRUN ./other.sh\n")
        .with("Dockerfile.dev", "FROM python:3.12\nRUN make everything\n")
        .plan();
    assert_eq!(left(&plan), "");
}

#[test]
fn an_app_that_makes_stylesheets_by_a_command_is_run_before_they_are_collected() {
    let settings = format!(
        "{OPEN}{}INSTALLED_APPS += ['sass_processor', 'django_tailwind_cli']\n",
        database("postgresql")
    );
    let plan = Site::new(&settings, POSTGRES).plan();
    let all = runs(&plan, "app");
    for command in ["manage.py tailwind build", "manage.py compilescss"] {
        assert!(all.find(command).unwrap() < all.find("collectstatic").unwrap(), "{all}");
    }
    let caches = steps(&plan, "app").iter().any(|step| matches!(step, Step::Run { caches, .. } if caches.contains(&"/app/.django_tailwind_cli".to_owned())));
    assert!(caches, "the program that it fetches stays out of the image");
}

#[test]
fn steps_that_only_serve_the_build_or_that_images_have_are_not_left_out() {
    let plan = dockerfile(
        "ARG STAGE=prod\nENV BUILD_STAGE=${STAGE}\nENV OTHER_STAGE=$STAGE\n\
         RUN ln -s /usr/bin/python3 /usr/bin/python && ln -sf /code/.venv /opt/py3\n\
         RUN ln -sf /usr/share/zoneinfo/Asia/Seoul /etc/localtime && dpkg-reconfigure -f noninteractive tzdata\n\
         RUN for n in $(seq 1 8); do mkdir -p /usr/share/man/man$n; done\n\
         RUN SECRET_KEY=$(head -c 48 /dev/urandom | base64 | tr -dc A-Za-z0-9) python manage.py collectstatic --noinput\n\
         RUN pip install -r requirements.txt\n",
    );
    assert_eq!(left(&plan), "");
}

#[test]
fn a_link_that_only_the_own_image_has_is_left_out() {
    let plan = dockerfile("RUN ln -s /code/pages/locale/fy-NL /code/pages/locale/fy\n");
    assert!(left(&plan).contains("RUN ln -s /code/pages/locale/fy-NL"), "{}", left(&plan));
}

#[test]
fn a_program_that_the_code_starts_is_installed_in_both_images() {
    let plan = site()
        .with("pages/media.py", "import subprocess\ndef frame(path):\n    subprocess.run(['ffmpeg', '-i', path], check=True)\n")
        .with("pages/texts.py", "from subprocess import check_output\ndef text(path):\n    return check_output(['pdftotext', path, '-'])\n")
        .plan();
    assert!(
        packages(&plan, "app").contains("ffmpeg") && packages(&plan, "app").contains("poppler-utils"),
        "{}",
        packages(&plan, "app")
    );
    let dev: Vec<&Step> =
        plan.dev.images.iter().flat_map(|image| &image.stages).flat_map(|stage| &stage.steps).collect();
    assert!(dev.iter().any(
        |step| matches!(step, Step::SystemPackages { packages } if packages.contains(&"ffmpeg".to_owned()))
    ));
}

#[test]
fn a_program_that_nobody_knows_is_named_once_and_one_that_may_be_missing_is_not() {
    let told = |text: &str| {
        let (_, codes) = site().with("pages/media.py", text).inspect();
        codes.iter().filter(|code| *code == "program-not-in-image").count()
    };
    assert_eq!(
        told(
            "import subprocess\ndef a(p):\n    subprocess.run(['labelpress', p])\ndef b(p):\n    subprocess.run(['labelpress', '-2', p])\n"
        ),
        1
    );
    for fine in [
        "import subprocess\ndef a():\n    subprocess.run(['ls', '-l'])\n",
        "import subprocess\ndef a():\n    subprocess.run(['systemctl', 'restart', 'site'])\n",
        "import subprocess\ndef a():\n    try:\n        subprocess.run(['labelpress'])\n    except FileNotFoundError:\n        pass\n",
        "import shutil\ndef a():\n    return shutil.which('labelpress')\n",
        "import subprocess\ndef a():\n    subprocess.run(['gunicorn', '--version'])\n",
    ] {
        let gunicorn = format!("{POSTGRES}gunicorn==27.0.1\n");
        let (_, codes) = site().with("requirements.txt", &gunicorn).with("pages/media.py", fine).inspect();
        assert!(!codes.iter().any(|code| code == "program-not-in-image"), "{fine}");
    }
}

#[test]
fn a_program_that_only_tests_or_scripts_start_is_not_installed() {
    let plan = site()
        .with("pages/tests/test_media.py", "import subprocess\nsubprocess.run(['ffmpeg'])\n")
        .with("scripts/deploy.py", "import subprocess\nsubprocess.run(['pandoc'])\n")
        .plan();
    assert!(!packages(&plan, "app").contains("ffmpeg") && !packages(&plan, "app").contains("pandoc"));
}
