//! `cargo book serve`: loopback only, next free port, reload, a clean end.

mod support;

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};
use support::{Book, PAGE};

struct Server {
    child: Child,
    port: u16,
    /// Kept open: a server that cannot write its words would end.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    fn start(book: &Book, port: u16) -> Self {
        let mut child = book
            .command()
            .args(["serve", "--port", &port.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("started");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let port = line
            .split("127.0.0.1:")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        let port = port
            .and_then(|port| port.parse().ok())
            .unwrap_or_else(|| panic!("no address in {line:?}"));
        Self {
            child,
            port,
            _stdout: stdout,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("connected");
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a limit");
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// What a page hears of changes.
    fn listen(&self) -> BufReader<TcpStream> {
        let mut page = self.connect();
        write!(
            page,
            "GET /__livereload HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .expect("asked");
        let mut page = BufReader::new(page);
        loop {
            let mut line = String::new();
            page.read_line(&mut line).expect("a header");
            if line == "\r\n" {
                break;
            }
        }
        page
    }

    fn end_by(mut self, signal: Signal) -> Option<i32> {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("a pid"));
        kill(pid, signal).expect("signalled");
        let code = self.child.wait().expect("ended").code();
        // A build that was under way still writes into the folder that goes now.
        let _ = killpg(pid, Signal::SIGKILL);
        code
    }
}

/// Waits for the word that makes a page load again.
fn reloaded(page: &mut BufReader<TcpStream>) {
    let mut frame = [0; 8];
    page.read_exact(&mut frame).expect("a frame");
    // A text frame of six bytes, see RFC 6455, section 5.2.
    assert_eq!(&frame, b"\x81\x06reload");
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

#[test]
fn it_serves_both_languages_on_loopback_only() {
    let book = Book::new();
    let server = Server::start(&book, free_port());
    assert!(server.get("/vi/index.html").starts_with("HTTP/1.1 200"));
    assert!(
        server
            .get("/en/")
            .contains("/lab-specimen-x-PID: broken fine")
    );
    assert!(server.get("/none").starts_with("HTTP/1.1 404"));
    assert!(server.get("/../Cargo.toml").starts_with("HTTP/1.1 4"));
    // Another address of this very machine is not answered on.
    assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), server.port)).is_err());
    // What is served carries a script for reloading; book/ is left alone.
    assert!(!book.path("book").exists());
    assert_eq!(server.end_by(Signal::SIGINT), Some(0));
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    let book = Book::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("its address").port();
    let server = Server::start(&book, port);
    assert_ne!(server.port, port);
    assert_eq!(server.end_by(Signal::SIGTERM), Some(0));
}

#[test]
fn a_change_reloads_the_page_and_a_mistake_does_not() {
    let book = Book::new();
    let server = Server::start(&book, free_port());
    let mut page = server.listen();
    // A mistake first: the page stays as it is, and the server alive.
    book.write(
        "src/vi/index.md",
        &PAGE.replace("cmdrun lab-specimen", "cmdrun ls"),
    );
    book.page(&PAGE.replace("## B {#b}", "## Changed {#b}"));
    reloaded(&mut page);
    assert!(server.get("/vi/index.html").contains("Changed"));
    assert_eq!(server.end_by(Signal::SIGINT), Some(0));
}

#[test]
fn a_change_measures_nothing() {
    let book = Book::with_meter(&["table"]);
    let server = Server::start(&book, free_port());
    assert_eq!(book.measured(), 1);
    let mut page = server.listen();
    // A chapter: the figures stay.
    book.page(
        &book
            .read("src/en/index.md")
            .replace("## B {#b}", "## Changed {#b}"),
    );
    reloaded(&mut page);
    let now = server.get("/en/index.html");
    assert!(
        now.contains("Changed") && now.contains("table run 1"),
        "{now}"
    );
    // What measures: the page says that it has no figures of this program.
    let source = book.read("labs/meter/src/main.rs");
    book.write(
        "labs/meter/src/main.rs",
        &source.replace("| 8 B |", "| 8 bytes |"),
    );
    reloaded(&mut page);
    let now = server.get("/en/index.html");
    assert!(now.contains("live unavailable"), "{now}");
    // Back again: they were not thrown away.
    book.write("labs/meter/src/main.rs", &source);
    reloaded(&mut page);
    assert!(server.get("/en/index.html").contains("table run 1"));
    assert_eq!(book.measured(), 1);
    assert_eq!(server.end_by(Signal::SIGINT), Some(0));
}
