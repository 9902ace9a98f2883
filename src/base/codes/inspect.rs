//! The project as a whole: what was looked for and not found, or found twice.

use super::codes;

codes! {
    NO_DJANGO_PROJECT = "no-django-project",
        "there is no Django project in the folder",
        "djdock looks for `manage.py` in the folder and three levels below it, and for `django` among the \
         requirements. It found neither, so there is nothing to put in containers. Run it in the folder that \
         holds `manage.py`, or name that folder: `djdock init path/to/project`.",
        ko "폴더에 Django 프로젝트가 없습니다",
        "djdock은 이 폴더와 그 아래 세 단계에서 `manage.py`를 찾고, 의존성에서 `django`를 \
         찾습니다. 둘 다 없으면 컨테이너에 넣을 것이 없습니다. `manage.py`가 있는 폴더에서 실행하거나 \
         그 폴더를 알려 주세요: `djdock init path/to/project`.";
    SEVERAL_PROJECTS = "several-projects",
        "the folder holds several Django projects",
        "More than one `manage.py` was found. The one nearest to the folder that is not in an example, a test or a \
         template is assumed. Each project gets its own containers: name the one you mean with `--project`, or run \
         djdock in its folder.";
    SETTINGS_MODULE_MISSING = "settings-module-missing",
        "a settings module is not in the project",
        "`manage.py` or another settings module names one that no file provides: most often git ignores it and each machine \
         makes its own from a template. An image is built from what is in the project: where there is a template, the \
         image gets a copy of it; else choose another module with `--settings-prod` and `--settings-dev`.";
    INSPECT_FAILED = "inspect-failed",
        "djdock broke down while it read the project",
        "A part of djdock that reads files met something that it was not made for. That is a defect of djdock, not \
         of the project, and nothing can be planned until it is mended. Please report it; the lines that begin with \
         `thread` say where djdock stopped, and leaving files out one by one shows which file it was.";
}
