//! A project as large as few are, made anew each time: many modules of apps that import one another, each app asking the
//! environment for something when it is imported.

use std::path::{Path, PathBuf};

const APPS: usize = 40;
const MODULES: usize = 60;

/// Writes the project below `folder`, and returns where.
pub fn write(folder: &Path) -> PathBuf {
    let root = folder.join("generated");
    let apps: Vec<String> = (0..APPS).map(|app| format!("app{app}")).collect();
    file(&root, "requirements.txt", "Django==5.2\n");
    file(
        &root,
        "manage.py",
        "import os\nimport sys\n\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"site1.settings\")\n\
         from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
    );
    file(&root, "site1/__init__.py", "");
    file(
        &root,
        "site1/settings.py",
        &format!(
            "import os\nSECRET_KEY = os.environ[\"SECRET_KEY\"]\nROOT_URLCONF = \"site1.urls\"\nINSTALLED_APPS = {apps:?}\n\
             DATABASES = {{\"default\": {{\"ENGINE\": \"django.db.backends.sqlite3\", \"NAME\": \"db.sqlite3\"}}}}\n"
        ),
    );
    let urls: String =
        apps.iter().map(|app| format!("    path(\"{app}/\", include(\"{app}.urls\")),\n")).collect();
    let head = "from django.urls import include, path\n";
    file(&root, "site1/urls.py", &format!("{head}urlpatterns = [\n{urls}]\n"));
    for (index, app) in apps.iter().enumerate() {
        let next = &apps[(index + 1) % APPS];
        file(&root, &format!("{app}/__init__.py"), "");
        file(&root, &format!("{app}/urls.py"), "from . import models\n\nurlpatterns = []\n");
        file(&root, &format!("{app}/models.py"), &models(index));
        for module in 0..MODULES {
            let services: String = (0..8).map(service).collect();
            let text = format!("import json\nfrom {next} import module{module} as other\n{services}");
            file(&root, &format!("{app}/module{module}.py"), &text);
        }
    }
    root
}

fn models(index: usize) -> String {
    let imports: String =
        (0..MODULES).map(|module| format!("from .module{module} import Service0 as S{module}\n")).collect();
    format!(
        "import os\n\nfrom django.db import models\n\n{imports}\n\nclass Thing(models.Model):\n    \
         currency = models.CharField(max_length=3, default=os.environ.get(\"CURRENCY_{index}\", \"USD\"))\n"
    )
}

fn service(number: usize) -> String {
    format!(
        r#"

class Service{number}:
    """Handles one kind of order in its environment."""

    def __init__(self, client, timeout=30):
        self.client = client
        self.timeout = timeout

    def send(self, order, retries=3):
        for attempt in range(retries):
            answer = self.client.post("/orders", json={{"id": order.pk, "lines": list(order.lines.all())}})
            if answer.status_code == 200:
                return answer.json()
        raise ValueError(f"order {{order.pk}} was refused after {{retries}} attempts")
"#
    )
}

fn file(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    let folder = path.parent().expect("a folder above the file");
    std::fs::create_dir_all(folder).expect("a folder can be made");
    std::fs::write(path, text).expect("a file can be written");
}
