//! A WebSocket, as a page of the site would open it.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use tungstenite::client::IntoClientRequest;
use tungstenite::http::{HeaderMap, HeaderName, HeaderValue};
use tungstenite::{Error, HandshakeError, Message};

use super::http::{Answer, Ask, Talk};

/// The time that the project has for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a WebSocket, sends the text, and listens until the expected one comes back. The answer's body holds every message
/// that came, one a line; its status is 101, or that of the refusal.
pub(super) fn talk(machine: &str, ask: &Ask, talk: &Talk) -> Result<Answer, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let stream = TcpStream::connect((machine, ask.port)).map_err(|error| said(&error))?;
    for limit in [stream.set_read_timeout(Some(PATIENCE)), stream.set_write_timeout(Some(PATIENCE))] {
        limit.map_err(|error| said(&error))?;
    }
    let url = format!("ws://{machine}:{}{}", ask.port, ask.path);
    let mut request = url.into_client_request().map_err(|error| said(&error))?;
    let origin = ask.headers.get("Host").map(|host| {
        let scheme = ask.headers.get("X-Forwarded-Proto").map_or("http", String::as_str);
        ("Origin".to_owned(), format!("{scheme}://{host}"))
    });
    for (name, value) in ask.headers.clone().into_iter().chain(origin) {
        let name = HeaderName::try_from(name).map_err(|error| said(&error))?;
        request.headers_mut().insert(name, HeaderValue::try_from(value).map_err(|error| said(&error))?);
    }
    let (mut socket, opened) = match tungstenite::client(request, stream) {
        Ok(opened) => opened,
        Err(HandshakeError::Failure(Error::Http(refused))) => {
            let body = refused.body().clone().unwrap_or_default();
            return Ok(Answer { status: refused.status().as_u16(), headers: named(refused.headers()), body });
        }
        Err(HandshakeError::Failure(error)) => return Err(said(&error)),
        Err(HandshakeError::Interrupted(_)) => {
            return Err(format!("no answer to the request for a WebSocket in {} s", PATIENCE.as_secs()));
        }
    };
    socket.send(Message::text(talk.send.as_str())).map_err(|error| said(&error))?;
    let mut heard = Vec::new();
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let message = match socket.read() {
            Ok(Message::Text(text)) => text.as_str().as_bytes().to_vec(),
            Ok(Message::Binary(bytes)) => bytes.to_vec(),
            Ok(Message::Close(_)) | Err(_) => break,
            Ok(_) => continue,
        };
        let is_end =
            talk.until.as_ref().is_none_or(|text| String::from_utf8_lossy(&message).contains(text.as_str()));
        heard.extend(message);
        heard.push(b'\n');
        if is_end {
            break;
        }
    }
    // What was to be seen has been seen.
    let _ = socket.close(None);
    Ok(Answer { status: opened.status().as_u16(), headers: named(opened.headers()), body: heard })
}

fn named(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::TcpListener;

    use super::*;

    /// Accepts one WebSocket, greets, and answers the first text with what it was asked by.
    fn server() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut socket = tungstenite::accept(stream).unwrap();
            socket.send(Message::text("welcome")).unwrap();
            let heard = socket.read().unwrap();
            socket.send(heard).unwrap();
            let _ = socket.read();
        });
        port
    }

    fn ask(port: u16) -> Ask {
        let headers = BTreeMap::from([("Host".to_owned(), "localhost:80".to_owned())]);
        Ask { port, path: "/ws/".to_owned(), headers, form: None, talk: None }
    }

    #[test]
    fn what_is_sent_is_awaited_behind_a_greeting() {
        let said = Talk { send: "안녕".to_owned(), until: Some("안녕".to_owned()) };
        let answer = talk("127.0.0.1", &ask(server()), &said).unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (101, "welcome\n안녕\n"));
        let first = talk("127.0.0.1", &ask(server()), &Talk::default()).unwrap();
        assert_eq!(first.text(), "welcome\n");
    }

    #[test]
    fn a_refusal_is_an_answer_with_its_status() {
        use std::io::{Read, Write};
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let answer = talk("127.0.0.1", &ask(port), &Talk::default()).unwrap();
        assert_eq!(answer.status, 403);
        let request = asked.join().unwrap();
        assert!(request.to_lowercase().contains("origin: http://localhost:80"), "{request}");
    }
}
