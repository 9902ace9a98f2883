//! The script that replaces running containers, while a browser goes on asking.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::engine::{alone, engine};
use crate::examples::{copy, djdock};

/// A stack that is removed with everything that belongs to it.
struct Running {
    project: PathBuf,
    name: String,
}

impl Running {
    fn compose(&self, words: &[&str]) -> bool {
        let mut command = Command::new("docker");
        command.args(["compose", "--file", "compose.prod.yaml"]).args(words).current_dir(&self.project);
        command.status().unwrap().success()
    }

    fn redeploy(&self) -> bool {
        Command::new("docker/redeploy.sh").current_dir(&self.project).status().unwrap().success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.compose(&["down", "--volumes", "--rmi", "local"]);
        for image in ["web", "nginx"] {
            for tag in ["prod", "previous"] {
                let image = format!("{}-{image}:{tag}", self.name);
                let _may_be_gone = Command::new("docker").args(["image", "rm", &image]).output();
            }
        }
    }
}

/// Asks for the site's first page every 30 ms until it is told to stop; returns how often, and what was no page.
fn ask(port: u16, stop: &Arc<AtomicBool>) -> JoinHandle<(usize, Vec<String>)> {
    let stop = Arc::clone(stop);
    std::thread::spawn(move || {
        let (mut count, mut lost) = (0, Vec::new());
        while !stop.load(Ordering::Relaxed) {
            count += 1;
            match status(port) {
                Ok(status) if status.starts_with("HTTP/1.1 2") || status.starts_with("HTTP/1.1 3") => {}
                Ok(status) => lost.push(status),
                Err(error) => lost.push(error.to_string()),
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        (count, lost)
    })
}

fn status(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

#[test]
#[ignore = "needs a Docker Engine, and a minute or two"]
fn redeploying_loses_no_request_and_a_broken_image_changes_nothing() {
    if engine().is_none() {
        return;
    }
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("polls");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/polls"), &project);
    let name = format!("djdock-redeploy-{}", std::process::id());
    djdock(&project, &["init", "--yes", "--name", &name]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut env = std::fs::OpenOptions::new().append(true).open(project.join(".env")).unwrap();
    writeln!(env, "HTTP_PORT={port}").unwrap();
    let running = Running { project, name };
    assert!(running.compose(&["up", "--build", "--detach", "--wait"]), "it starts");

    let stop = Arc::new(AtomicBool::new(false));
    let asking = ask(port, &stop);
    append(&running.project.join("manage.py"), "# another image\n");
    let replaced = running.redeploy();
    append(&running.project.join("manage.py"), "raise SystemExit('broken on purpose')\n");
    let broken = running.redeploy();
    stop.store(true, Ordering::Relaxed);
    let (count, lost) = asking.join().unwrap();

    assert!(replaced, "the new image is in place");
    assert!(!broken, "migrations cannot run in the broken one");
    assert!(count >= 300, "only {count} requests");
    assert_eq!(lost, Vec::<String>::new(), "of {count}");
    assert!(status(port).unwrap().contains("HTTP/1.1 "));
}

fn append(path: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
