//! The project as a whole: what was looked for and not found, or found twice.

use super::codes;

codes! {
    NO_DJANGO_PROJECT = "no-django-project",
        "there is no Django project in the folder",
        "djdock looks for `manage.py` in the folder and three levels below it, and for `django` among the \
         requirements. It found neither, so there is nothing to put in containers. Run it in the folder that \
         holds `manage.py`, or name that folder: `djdock init path/to/project`.";
}
