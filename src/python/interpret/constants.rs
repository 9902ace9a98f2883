//! Constants of libraries whose values settings can rely on.

use super::object::Obj;

/// Returns the value of a library's constant by its dotted name; `None` where the value is not known.
pub(super) fn constant(dotted: &str) -> Option<Obj> {
    Some(match dotted {
        "sys.platform" => Obj::str("linux"),
        "os.name" => Obj::str("posix"),
        "os.sep" | "os.path.sep" => Obj::str("/"),
        "os.linesep" => Obj::str("\n"),
        "os.pathsep" => Obj::str(":"),
        "os.curdir" => Obj::str("."),
        "os.pardir" => Obj::str(".."),
        "sys.version_info.major" => Obj::Int(3),
        "dj_database_url.DEFAULT_ENV" => Obj::str("DATABASE_URL"),
        "sys.maxsize" => Obj::Int(i64::MAX),
        "typing.TYPE_CHECKING" => Obj::Bool(false),
        "logging.DEBUG" | "django.contrib.messages.constants.DEBUG" => Obj::Int(10),
        "logging.INFO" => Obj::Int(20),
        "logging.WARNING" | "logging.WARN" => Obj::Int(30),
        "logging.ERROR" | "django.contrib.messages.constants.ERROR" | "django.contrib.messages.ERROR" => {
            Obj::Int(40)
        }
        "logging.CRITICAL" => Obj::Int(50),
        "django.contrib.messages.constants.INFO" | "django.contrib.messages.INFO" => Obj::Int(20),
        "django.contrib.messages.constants.SUCCESS" | "django.contrib.messages.SUCCESS" => Obj::Int(25),
        "django.contrib.messages.constants.WARNING" | "django.contrib.messages.WARNING" => Obj::Int(30),
        "django.contrib.messages.DEBUG" => Obj::Int(10),
        _ => return None,
    })
}
