//! The example projects, embedded so that `djdock demo` works wherever djdock is.
//!
//! Cargo notices edits of files that are named here; a test says which line is missing when one is new.

/// A project of `examples/`.
#[derive(Debug)]
pub struct Example {
    pub name: &'static str,
    /// The example's special feature.
    pub about: &'static str,
    /// By path inside the project, sorted.
    pub files: &'static [(&'static str, &'static str)],
}

/// Names the files of an example, each of which is read when djdock is built.
macro_rules! example {
    ($name:literal, $about:literal, [$($path:literal),* $(,)?]) => {
        Example {
            name: $name,
            about: $about,
            files: &[$(($path, include_str!(concat!("../../../examples/", $name, "/", $path)))),*],
        }
    };
}

/// The default first.
pub const EXAMPLES: &[Example] = &[
    example!(
        "polls",
        "one settings file, SQLite, hard-coded values",
        [
            ".gitignore",
            "README.md",
            "assets/site.css",
            "manage.py",
            "mysite/__init__.py",
            "mysite/asgi.py",
            "mysite/settings.py",
            "mysite/urls.py",
            "mysite/wsgi.py",
            "polls/__init__.py",
            "polls/admin.py",
            "polls/apps.py",
            "polls/migrations/0001_initial.py",
            "polls/migrations/__init__.py",
            "polls/models.py",
            "polls/static/polls/style.css",
            "polls/templates/polls/detail.html",
            "polls/templates/polls/index.html",
            "polls/templates/polls/results.html",
            "polls/urls.py",
            "polls/views.py",
            "requirements.txt",
            "smoke.toml",
            "templates/base.html",
        ]
    ),
    example!(
        "shop",
        "split settings, PostgreSQL, Poetry, uploads",
        [
            ".gitignore",
            ".python-version",
            "README.md",
            "accounts/__init__.py",
            "accounts/admin.py",
            "accounts/apps.py",
            "accounts/migrations/0001_initial.py",
            "accounts/migrations/__init__.py",
            "accounts/models.py",
            "catalog/__init__.py",
            "catalog/admin.py",
            "catalog/apps.py",
            "catalog/basket.py",
            "catalog/context_processors.py",
            "catalog/migrations/0001_initial.py",
            "catalog/migrations/__init__.py",
            "catalog/models.py",
            "catalog/templates/catalog/basket.html",
            "catalog/templates/catalog/ordered.html",
            "catalog/templates/catalog/product_detail.html",
            "catalog/templates/catalog/product_list.html",
            "catalog/urls.py",
            "catalog/views.py",
            "config/__init__.py",
            "config/asgi.py",
            "config/settings/__init__.py",
            "config/settings/base.py",
            "config/settings/dev.py",
            "config/settings/prod.py",
            "config/urls.py",
            "config/wsgi.py",
            "manage.py",
            "poetry.lock",
            "pyproject.toml",
            "smoke.toml",
            "static/css/shop.css",
            "templates/base.html",
        ]
    ),
    example!(
        "board",
        "MySQL, secrets in a JSON file, Korean",
        [
            ".gitignore",
            ".requirements/base.txt",
            ".requirements/dev.txt",
            ".requirements/prod.txt",
            "README.md",
            "django-board-14th/__init__.py",
            "django-board-14th/asgi.py",
            "django-board-14th/settings.py",
            "django-board-14th/urls.py",
            "django-board-14th/wsgi.py",
            "manage.py",
            "posts/__init__.py",
            "posts/admin.py",
            "posts/apps.py",
            "posts/forms.py",
            "posts/management/__init__.py",
            "posts/management/commands/__init__.py",
            "posts/management/commands/createsu.py",
            "posts/migrations/0001_initial.py",
            "posts/migrations/__init__.py",
            "posts/models.py",
            "posts/templates/posts/login.html",
            "posts/templates/posts/post_detail.html",
            "posts/templates/posts/post_form.html",
            "posts/templates/posts/post_list.html",
            "posts/urls.py",
            "posts/views.py",
            "smoke.toml",
            "static/css/board.css",
            "templates/base.html",
        ]
    ),
];
