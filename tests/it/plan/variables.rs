//! Which variables a stack sets, which it makes, and which only a person can fill in.

use djdock::stack::VariableValue;

use super::site::*;

fn is_asked(plan: &djdock::plan::Plan, name: &str) -> bool {
    let mut variables = plan.prod.variables.iter();
    variables.any(|one| one.name == name && matches!(one.value, VariableValue::Asked { .. }))
}

#[test]
fn what_the_stack_decides_is_no_placeholder_where_another_branch_is_taken_by_default() {
    let start =
        "if os.environ.get('START') == 'PROD':\n    from .prod import *\nelse:\n    from .dev import *\n";
    let prod = "import os\nDEBUG = False\nALLOWED_HOSTS = ['*']\nSECRET_KEY = os.environ['SECRET_KEY']\nSTATIC_ROOT = '/app/collected'\n\
        API_TOKEN = os.environ['API_TOKEN']\nMEDIA_URL = 'media/'\nMEDIA_ROOT = os.environ['MEDIA_ROOT']\n\
        DATABASES = {'default': {'ENGINE': os.environ['DB_ENGINE'], 'NAME': os.environ['DB_NAME'], 'USER': os.environ['DB_USER'], \
        'PASSWORD': os.environ['DB_PASSWORD'], 'HOST': os.environ['DB_HOST'], 'PORT': os.environ['DB_PORT']}}\n";
    let dev = "import os\nMEDIA_ROOT = os.environ.get('DEV_MEDIA_ROOT', '/app/here')\nDEBUG = True\nALLOWED_HOSTS = ['*']\nSECRET_KEY = 'x'\nSTATIC_ROOT = '/app/collected'\n\
        DATABASES = {'default': {'ENGINE': os.environ.get('DEV_DB_ENGINE', 'django.db.backends.postgresql'), 'NAME': os.environ.get('DEV_DB_NAME', ''), \
        'USER': os.environ.get('DEV_DB_USER', ''), 'PASSWORD': os.environ.get('DEV_DB_PASSWORD', ''), \
        'HOST': os.environ.get('DEV_DB_HOST', ''), 'PORT': os.environ.get('DEV_DB_PORT', '')}}\n";
    let plan = Site::new(start, POSTGRES).with("site1/prod.py", prod).with("site1/dev.py", dev).plan();
    let web = service(&plan.prod, "web");
    assert_eq!((value(web, "DB_HOST"), value(web, "START")), ("db".to_owned(), "PROD".to_owned()));
    assert!(matches!(variable(&plan, "DB_PASSWORD"), VariableValue::Generated { .. }));
    for name in ["DB_ENGINE", "DB_HOST", "DB_NAME", "DB_USER", "DB_PORT", "MEDIA_ROOT"] {
        assert!(!is_asked(&plan, name), "{name} is the stack's to know");
    }
    assert!(is_asked(&plan, "API_TOKEN"));
    // Uploads are on a volume wherever the variable alone says where.
    assert_eq!(value(web, "MEDIA_ROOT"), "/app/media");
    assert!(plan.prod.volumes.iter().any(|volume| volume.name == "media"), "{:?}", plan.prod.volumes);
    // No stand-in for a secret is left anywhere.
    let leaks = |stack: &djdock::stack::Stack| format!("{:?}", stack.variables).contains("djdock-sample");
    assert!(!leaks(&plan.prod) && !leaks(&plan.dev));
    // The note names what is to be filled in, and nothing else.
    let note = plan.notes.iter().find(|note| note.topic == "Variables").unwrap();
    assert_eq!(note.text, "`API_TOKEN` holds a placeholder in `.env`, and only you know the value.");
    assert_eq!(note.evidence.len(), 1, "{:?}", note.evidence);
}

#[test]
fn brokers_and_caches_with_several_addresses_are_wired_one_by_one() {
    let more = "CELERY_BROKER_URL = [os.environ.get('CELERY_BROKER_URL_1')]\n\
        CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', \
        'LOCATION': [os.environ.get('LOCATION_1'), os.environ.get('LOCATION_2')]}}\n";
    let requirements = format!("{POSTGRES}celery==5.5.3\nredis==6.2.0\n");
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis();
    let web = service(&plan.prod, "web");
    for name in ["CELERY_BROKER_URL_1", "LOCATION_1", "LOCATION_2"] {
        assert!(value(web, name).starts_with("redis://redis:6379/"), "{name}: {}", value(web, name));
    }
}

#[test]
fn a_replica_is_the_same_server_in_a_stack() {
    let replica = "DATABASES['replica_1'] = {'ENGINE': 'django.db.backends.postgresql', 'NAME': os.getenv('RDS_DB_NAME', 'shop'), \
        'USER': os.getenv('RDS_USERNAME'), 'PASSWORD': os.getenv('RDS_PASSWORD'), 'HOST': os.getenv('REPLICA_HOST'), 'PORT': ''}\n";
    let other = "DATABASES['old'] = {'ENGINE': 'django.db.backends.mysql', 'NAME': 'shop', 'HOST': os.getenv('OLD_HOST', 'old.example.org')}\n";
    let plan = Site::new(&format!("{OPEN}{}{replica}{other}", database("postgresql")), POSTGRES).plan();
    let web = service(&plan.prod, "web");
    assert_eq!(value(web, "REPLICA_HOST"), "db");
    assert_eq!(value(web, "OLD_HOST"), "", "another engine is another server");
    // Written down, it is set in the module beside the settings.
    let fixed = replica.replace("os.getenv('REPLICA_HOST')", "'replica.internal.example.org'");
    let plan = Site::new(&format!("{OPEN}{}{fixed}", database("postgresql")), POSTGRES).plan();
    let text = &plan.overlays.iter().map(|overlay| overlay.text.as_str()).collect::<String>();
    assert!(text.contains("DATABASES[\"replica_1\"][\"HOST\"] = "), "{text}");
}

#[test]
fn secrets_of_the_projects_own_are_made_and_keys_of_others_are_asked_for() {
    let more = "SIMPLE_JWT = {'SIGNING_KEY': os.environ['SIGNING_KEY']}\nENCRYPTION_KEY = os.environ['ENCRYPTION_KEY']\n\
        STRIPE_SECRET_KEY = os.environ['STRIPE_SECRET_KEY']\nJWT_PUBLIC_KEY = os.environ['JWT_PUBLIC_KEY']\n";
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), POSTGRES).plan();
    assert!(matches!(
        variable(&plan, "SIGNING_KEY"),
        VariableValue::Generated { length: 64, ending: "", .. }
    ));
    // 32 bytes in Base64.
    let fernet = variable(&plan, "ENCRYPTION_KEY");
    assert!(matches!(fernet, VariableValue::Generated { length: 43, ending: "=", .. }), "{fernet:?}");
    assert!(is_asked(&plan, "STRIPE_SECRET_KEY") && is_asked(&plan, "JWT_PUBLIC_KEY"));
}

#[test]
fn origins_of_nothing_get_a_scheme_because_djangos_checks_stop_at_them() {
    let split = "CSRF_TRUSTED_ORIGINS = os.getenv('CSRF_TRUSTED_ORIGINS', '').split(',')\n\
        INSTALLED_APPS += ['corsheaders']\nFRONTEND_URL = os.getenv('FRONTEND_URL')\nCORS_ALLOWED_ORIGINS = [FRONTEND_URL, 'http://localhost:5173']\n";
    let plan = Site::new(&format!("{OPEN}{}{split}", database("postgresql")), POSTGRES).plan();
    for (name, origin) in
        [("CSRF_TRUSTED_ORIGINS", "https://localhost"), ("FRONTEND_URL", "http://localhost")]
    {
        assert_eq!(variable(&plan, name), &VariableValue::Plain { text: origin.to_owned() }, "{name}");
    }
    // The hosts stay for the person to change.
    assert!(matches!(variable(&plan, "HOSTS"), VariableValue::Plain { .. }));
    assert!(plan.overlays.is_empty());
    // What has a default that passes is left alone, and what is written down too.
    let fine = "CSRF_TRUSTED_ORIGINS = os.getenv('ORIGINS', 'https://example.org').split(',')\nCORS_ALLOWED_ORIGINS = ['example.org']\n";
    let plan = Site::new(&format!("{OPEN}{}{fine}", database("postgresql")), POSTGRES).plan();
    assert!(matches!(variable(&plan, "ORIGINS"), VariableValue::Optional { .. }));
    assert!(plan.overlays.is_empty());
}

#[test]
fn a_switch_named_after_an_environment_gets_the_word_of_its_comparison_or_the_contrary() {
    for (test, prod, dev) in [
        ("os.environ.get('PRODUCTION') == '1'", "1", "0"),
        ("os.getenv('IS_PROD', 'false').lower() == 'true'", "true", "false"),
        ("os.environ.get('DJANGO_PRODUCTION') in ('yes', 'on')", "yes", "no"),
        ("os.environ.get('PRODUCTION') != '0'", "1", "0"),
        ("not os.environ.get('LOCAL') == 'True'", "False", "True"),
        ("os.getenv('IS_DEV', '1') != '1'", "0", "1"),
    ] {
        let name = test.split('\'').nth(1).unwrap();
        let settings = format!(
            "SECRET_KEY = os.environ['SECRET_KEY']\nALLOWED_HOSTS = os.getenv('HOSTS', '').split(',')\nSTATIC_ROOT = BASE_DIR / 'collected'\n\
             LIVE = {test}\nDEBUG = not LIVE\nif LIVE:\n    {}else:\n    {SQLITE}",
            database("postgresql")
        );
        let site = Site::new(&settings, POSTGRES);
        let plan = site.plan();
        assert_eq!(value(service(&plan.prod, "web"), name), prod, "{test}");
        // What the project does by itself needs no variable.
        let dev_value = service(&plan.dev, "web")
            .environment
            .contains_key(name)
            .then(|| value(service(&plan.dev, "web"), name));
        assert!(dev_value.as_deref().is_none_or(|value| value == dev), "{test}: {dev_value:?}");
        let (facts, _) = site.inspect();
        assert!(facts.databases.unknown.is_none(), "{test}: {:?}", facts.databases);
    }
}

#[test]
fn a_switch_of_something_else_is_not_turned_with_the_environment() {
    let settings =
        format!("{OPEN}{}PAYMENTS = os.getenv('USE_PRODUCTION_PAYMENTS') == '1'\n", database("postgresql"));
    let plan = Site::new(&settings, POSTGRES).plan();
    for stack in [&plan.dev, &plan.prod] {
        assert!(!service(stack, "web").environment.contains_key("USE_PRODUCTION_PAYMENTS"));
    }
}

#[test]
fn a_setting_that_an_app_demands_at_the_start_is_asked_for_and_an_optional_one_is_not() {
    let own = "INSTALLED_APPS += ['gate']\nGATE_KEY = os.environ.get('GATE_KEY', '')\nMAP_KEY = os.environ.get('MAP_KEY', '')\n\
               GATE_URL = os.environ.get('GATE_URL', 'https://gate.example')\n";
    let client = "from django.conf import settings\nfrom django.core.exceptions import ImproperlyConfigured\n\n\nclass Gate:\n    \
                  def __init__(self):\n        if not (settings.GATE_KEY and settings.GATE_URL):\n            raise \
                  ImproperlyConfigured('no gate')\n\n    def map(self):\n        if not settings.MAP_KEY:\n            raise \
                  ImproperlyConfigured('no map')\n\n\ngate = Gate()\n";
    let settings = format!("{OPEN}{}{own}", database("postgresql"));
    let site = Site::new(&settings, POSTGRES)
        .with("gate/__init__.py", "")
        .with("gate/models.py", "from .client import gate\n")
        .with("gate/client.py", client);
    let plan = site.plan();
    assert!(is_asked(&plan, "GATE_KEY"));
    assert!(!is_asked(&plan, "GATE_URL") && !is_asked(&plan, "MAP_KEY"));
    let key = plan.prod.variables.iter().find(|one| one.name == "GATE_KEY").unwrap();
    assert_eq!(key.because, "gate/client.py needs it when the project starts");
    // Nothing that starts imports the client.
    let plan =
        Site::new(&settings, POSTGRES).with("gate/__init__.py", "").with("gate/client.py", client).plan();
    assert!(!is_asked(&plan, "GATE_KEY"));
}

#[test]
fn a_hidden_branch_is_named_only_for_what_no_overlay_sets() {
    let said = |branch: &str| {
        let settings = format!("{CLOSED}{SQLITE}if DEBUG:\n    EXTRA = 1\nelse:\n{branch}");
        let plan = Site::new(&settings, "django==5.2.1\n").plan();
        plan.diagnostics.iter().any(|one| one.code.to_string() == "debug-hides-branch")
    };
    assert!(!said("    STATIC_ROOT = BASE_DIR / 'collected'\n"), "the overlay gives production a folder");
    assert!(!said("    STATIC_ROOT = BASE_DIR / 'collected'\n    ALLOWED_HOSTS = ['example.org']\n"));
    assert!(said("    STATIC_ROOT = BASE_DIR / 'collected'\n    CACHES = {}\n"));
    assert!(said("    EMAIL_HOST = 'mail.example.org'\n"));
}
