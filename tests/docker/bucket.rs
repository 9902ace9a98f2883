//! A project whose static files are kept in a bucket: a service of the stack copies them there before the site starts, and
//! pages name the bucket's address. Moto speaks S3 in a container: <https://docs.getmoto.org/en/latest/docs/server_mode.html>.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::engine::{alone, engine, held};
use crate::examples::{copy, djdock};

const DOCKERFILE: &str = "FROM python:3.13-slim\nRUN pip install --no-cache-dir 'moto[s3,server]==5.2.5'\nUSER nobody\nENV HOME=/tmp\n\
                          CMD [\"moto_server\", \"--host\", \"0.0.0.0\", \"--port\", \"5000\"]\n";
const IMAGE: &str = "djdock-test-s3";
const BUCKET: &str = "books-of-tests";

/// The server that speaks S3, removed at the end.
struct Server {
    container: String,
    /// The address that this machine and containers of every network reach.
    address: String,
}

fn docker(words: &[&str]) -> String {
    let output = Command::new("docker").args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {words:?}: {said}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Server {
    fn start() -> Self {
        let mut build = Command::new("docker")
            .args(["build", "--quiet", "--tag", IMAGE, "-"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        build.stdin.take().unwrap().write_all(DOCKERFILE.as_bytes()).unwrap();
        assert!(build.wait().unwrap().success());
        // The bridge's own address: no other machine reaches it.
        let gateway =
            docker(&["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]);
        let container = docker(&["run", "--detach", "--rm", "--publish", &format!("{gateway}::5000"), IMAGE]);
        let mut server = Self { container, address: String::new() };
        server.address = docker(&["port", &server.container, "5000/tcp"]).lines().next().unwrap().to_owned();
        server.make_bucket();
        server
    }

    /// Makes the bucket as soon as the server answers.
    fn make_bucket(&self) {
        let script = format!(
            "import urllib.request as web; web.urlopen(web.Request('http://127.0.0.1:5000/{BUCKET}', method='PUT'))"
        );
        for _attempt in 0..60 {
            let made =
                Command::new("docker").args(["exec", &self.container, "python", "-c", &script]).output();
            if made.unwrap().status.success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        panic!("the server that speaks S3 does not start");
    }

    /// The names of the files in the bucket.
    fn files(&self) -> String {
        let script = format!(
            "import urllib.request as web; print(web.urlopen('http://127.0.0.1:5000/{BUCKET}?list-type=2').read().decode())"
        );
        docker(&["exec", &self.container, "python", "-c", &script])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _is_gone = Command::new("docker").args(["rm", "--force", &self.container]).output();
    }
}

#[test]
#[ignore = "needs a Docker Engine, and a minute"]
fn pages_get_their_static_files_from_a_bucket_that_the_stack_fills() {
    let Some(engine) = engine() else { return };
    let _alone = alone();
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("shelf");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docker/bucket"), &project);
    djdock(&project, &["init", "--yes"]);
    let values = folder.path().join("tests.env");
    let text = format!(
        "AWS_STORAGE_BUCKET_NAME={BUCKET}\nAWS_S3_ENDPOINT_URL=http://{}\nAWS_ACCESS_KEY_ID=key-of-tests-4711\n\
         AWS_SECRET_ACCESS_KEY=secret-of-tests-0815\n",
        server.address
    );
    std::fs::write(&values, text).unwrap();
    let before = held(&engine);
    let report = folder.path().join("report.xml");
    let words =
        ["smoke", "prod", "--env-file", values.to_str().unwrap(), "--junit", report.to_str().unwrap()];
    djdock(&project, &words);
    assert_eq!(held(&engine), before, "something is left");
    let files = server.files();
    assert!(files.contains("static/admin/css/base.") && files.contains("static/staticfiles.json"), "{files}");
}
