//! Settings that ask other machines when they are imported.

use super::site::*;

/// The lines of calls that are told, each with what is called.
fn told(settings: &str) -> Vec<String> {
    let plan = Site::new(&format!("{OPEN}{SQLITE}{settings}"), "django==5.2.1\n").plan();
    let said = plan.diagnostics.iter().filter(|one| one.code.0 == "settings-call-outside");
    said.map(|one| one.title.clone()).collect()
}

#[test]
fn a_call_of_another_machine_at_import_is_told() {
    for (settings, called) in [
        (
            "import boto3\nKEYS = boto3.client('secretsmanager', region_name='eu-west-1').get_secret_value(SecretId='site')\n",
            "get_secret_value()",
        ),
        (
            "import hvac\nvault = hvac.Client()\nKEYS = vault.secrets.kv.read_secret(path='x')\n",
            "read_secret()",
        ),
        (
            "import requests\nKEYS = requests.get('https://config.example.org/site.json').json()\n",
            "requests.get()",
        ),
        (
            "from urllib.request import urlopen\nKEYS = urlopen('https://config.example.org').read()\n",
            "urlopen()",
        ),
        ("import psycopg2\nTENANTS = psycopg2.connect('dbname=tenants').cursor()\n", "psycopg2.connect()"),
        ("import socket\nPEER = socket.gethostbyname('queue')\n", "socket.gethostbyname()"),
        (
            "from google.cloud import secretmanager\nclient = secretmanager.SecretManagerServiceClient()\n",
            "SecretManagerServiceClient()",
        ),
        (
            "import subprocess\nVERSION = subprocess.check_output(['git', 'describe']).decode().strip()\n",
            "git describe",
        ),
        (
            "def version():\n    import subprocess\n    return subprocess.check_output(['git', 'rev-parse', 'HEAD'])\nVERSION = version()\n",
            "git rev-parse HEAD",
        ),
    ] {
        let told = told(settings);
        assert_eq!(told.len(), 1, "{settings}: {told:#?}");
        assert!(told[0].contains(called), "{told:#?}");
    }
}

#[test]
fn what_is_not_called_or_guarded_or_asks_nobody_is_not_told() {
    for fine in [
        "import boto3\nimport hvac\nimport requests\nimport subprocess\n",
        "import boto3\nS3 = boto3.client('s3', region_name='eu-west-1')\n",
        "import requests\ndef country():\n    return requests.get('https://geo.example.org').text\n",
        "import requests\ntry:\n    IP = requests.get('http://169.254.169.254/latest', timeout=1).text\nexcept Exception:\n    IP = None\n",
        "import socket\nINTERNAL_IPS = [socket.gethostbyname(socket.gethostname())]\n",
        "import socket\nhostname, _, ips = socket.gethostbyname_ex(socket.gethostname())\nINTERNAL_IPS = [ip[:-1] + '1' for ip in ips]\n",
        "import subprocess\nNAME = subprocess.check_output(['hostname']).decode()\n",
        "import os\nimport keyring\nTOKEN = os.environ.get('TOKEN', 'none') or keyring.get_password('site', 'token')\n",
        "import sentry_sdk\nsentry_sdk.init(dsn='https://a@sentry.example.org/1')\n",
        "import redis\nSTORE = redis.Redis(host='cache.example.org')\n",
    ] {
        assert_eq!(told(fine), Vec::<String>::new(), "{fine}");
    }
}
