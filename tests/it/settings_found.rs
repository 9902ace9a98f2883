//! From which folder, and by which settings, a project is read.

use crate::inspect::{MANAGE, SETTINGS, WSGI, facts, started};

#[test]
fn a_manage_py_inside_its_own_package_resolves_names_from_above_it() {
    let facts = facts(&[
        ("src/shop/manage.py", MANAGE),
        ("src/shop/__init__.py", ""),
        ("src/shop/settings.py", SETTINGS),
        ("src/shop/wsgi.py", WSGI),
        ("pyproject.toml", "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['django==5.2.1']\n"),
    ]);
    assert_eq!(facts.project_dir.value, "src/shop");
    assert_eq!(facts.python_roots.value, ["src"]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings"));
    assert_eq!(facts.wsgi_application.value.as_deref(), Some("shop.wsgi"));
}

#[test]
fn what_others_are_built_upon_is_not_production_where_the_servers_start_with_another() {
    let wsgi =
        format!("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.local')\n{WSGI}");
    let facts = started(&[
        ("shop/settings.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", SETTINGS),
        ("shop/settings/local.py", "from .base import *\n"),
        ("shop/wsgi.py", &wsgi),
    ]);
    assert_eq!(facts.settings_prod.value.as_deref(), Some("shop.settings.local"));
    assert!(!facts.settings_prod.is_known(), "it is asked");
}
