//! A static host on the loopback address for the site in dist/, at any path, with the faults that a loading page must
//! survive. It knows files and HTTP, not what the page does with them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use sha2::{Digest, Sha256};

/// What the host does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The wasm file is not there.
    WasmMissing,
    /// The page is what answers where the wasm file should be.
    WasmIsPage,
    /// The connection closes in the middle of the wasm file.
    WasmBreaksOff,
    /// The wasm file stops coming in the middle, and the connection stays open.
    WasmStalls,
    /// A script is not there.
    ScriptMissing,
}

/// How the host sends what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    /// As it is.
    Plain,
    /// What has been compressed with brotli compressed, and so that the page is alone in its process: then its clock
    /// counts in steps of 5 µs instead of 100.
    Measured,
}

/// Which security policy the host sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// None at all.
    None,
    /// The strictest under which the page must work.
    Strict,
    /// The strictest, without the permission to compile wasm.
    WithoutWasm,
}

/// A running host. It ends with the process.
pub struct Site {
    address: String,
    prefix: String,
    requests: Arc<Mutex<Vec<String>>>,
    state: Arc<Mutex<State>>,
}

/// How a host is that was well at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it was.
    Well,
    /// It answers nobody.
    Gone,
    /// It has the page of a new version and nothing else of it yet.
    HalfNew,
}

/// What every connection's thread needs to know.
#[derive(Clone)]
struct Host {
    folder: PathBuf,
    prefix: String,
    fault: Fault,
    policy: Policy,
    page: Option<String>,
    sending: Sending,
    requests: Arc<Mutex<Vec<String>>>,
    state: Arc<Mutex<State>>,
}

/// Where a host serves the page that it was given.
const GIVEN: &str = "given.html";

impl Site {
    /// The release site at the root of a host without faults.
    pub fn release() -> Self {
        Self::with("/", Fault::None, Policy::None)
    }

    /// The release site below `prefix`, which begins and ends with a slash.
    pub fn below(prefix: &str) -> Self {
        Self::with(prefix, Fault::None, Policy::None)
    }

    /// The release site on a host with a fault.
    pub fn faulty(fault: Fault) -> Self {
        Self::with("/", fault, Policy::None)
    }

    /// The release site on a host with a security policy.
    pub fn guarded(policy: Policy) -> Self {
        Self::with("/", Fault::None, policy)
    }

    /// The release site, and a page beside it that does with it what it likes.
    pub fn beside(page: &str) -> Self {
        Self::hosting("/", Fault::None, Policy::None, Some(page.into()), Sending::Plain)
    }

    /// The release site on a host that compresses, for measuring, and a page beside it.
    pub fn measured(page: &str) -> Self {
        Self::hosting("/", Fault::None, Policy::None, Some(page.into()), Sending::Measured)
    }

    fn with(prefix: &str, fault: Fault, policy: Policy) -> Self {
        Self::hosting(prefix, fault, policy, None, Sending::Plain)
    }

    fn hosting(prefix: &str, fault: Fault, policy: Policy, page: Option<String>, sending: Sending) -> Self {
        let folder = folder();
        assert!(folder.join("index.html").is_file(), "dist/ is empty: run `cargo xtask build` first");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback address");
        let address = listener.local_addr().expect("an address").to_string();
        let requests = Arc::default();
        let state = Arc::new(Mutex::new(State::Well));
        let prefix = prefix.to_owned();
        let host = Host {
            folder,
            prefix: prefix.clone(),
            fault,
            policy,
            page,
            sending,
            requests: Arc::clone(&requests),
            state: Arc::clone(&state),
        };
        thread::spawn(move || host.listen(&listener));
        Self { address, prefix, requests, state }
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }

    /// The address of the page that was given to it.
    pub fn given(&self) -> String {
        format!("{}{GIVEN}", self.url())
    }

    /// From now on the host is like this.
    pub fn turn(&self, state: State) {
        *self.state.lock().expect("no thread of the host panics") = state;
    }

    /// The paths asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no thread of the host panics").clone()
    }
}

/// Where the site's files are.
pub fn folder() -> PathBuf {
    crate::root().join("dist")
}

impl Host {
    fn listen(self, listener: &TcpListener) {
        for stream in listener.incoming().flatten() {
            let host = self.clone();
            // A browser that goes away in the middle of an answer is not a failure of the host.
            thread::spawn(move || drop(host.answer(stream)));
        }
    }

    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some((method, path)) = request_line(&stream)? else { return Ok(()) };
        self.requests.lock().expect("no thread of the host panics").push(path.clone());
        let state = *self.state.lock().expect("no thread of the host panics");
        if state == State::Gone {
            return Ok(());
        }
        let found = self.file(&path).map(|(file, body)| match state {
            State::HalfNew if is(&file, "html") => (file, of_a_new_version(&body)),
            _ => (file, body),
        });
        let Some((file, body)) = found else {
            return stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot found",
            );
        };
        let compressed = self.compressed(&file);
        let encoding = if compressed.is_some() { "Content-Encoding: br\r\n" } else { "" };
        let body = compressed.unwrap_or(body);
        stream.write_all(self.head(&file, &body, encoding).as_bytes())?;
        if method == "HEAD" {
            return Ok(());
        }
        self.send(&mut stream, &file, &body)
    }

    /// The file for `path`, after what is wrong with the host.
    fn file(&self, path: &str) -> Option<(PathBuf, Vec<u8>)> {
        let path = path.split(['?', '#']).next()?.strip_prefix(&self.prefix)?;
        if path.split('/').any(|part| part == "..") {
            return None;
        }
        let mut file = self.folder.join(path);
        if let (GIVEN, Some(page)) = (path, &self.page) {
            return Some((file, page.clone().into_bytes()));
        }
        if file.is_dir() {
            file.push("index.html");
        }
        match self.fault {
            Fault::WasmMissing if is(&file, "wasm") => return None,
            Fault::ScriptMissing if is(&file, "js") && name(&file).starts_with("conclave") => return None,
            Fault::WasmIsPage if is(&file, "wasm") => file = self.folder.join("index.html"),
            _ => {}
        }
        let body = fs::read(&file).ok()?;
        Some((file, body))
    }

    /// What brotli made of a file, where it is sent. Whoever measures takes it: the build wrote it for deploying.
    fn compressed(&self, file: &Path) -> Option<Vec<u8>> {
        let mut name = file.as_os_str().to_owned();
        name.push(".br");
        (self.sending == Sending::Measured).then(|| fs::read(name).ok()).flatten()
    }

    fn head(&self, file: &Path, body: &[u8], encoding: &str) -> String {
        let mut head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n{encoding}",
            media_type(file),
            body.len()
        );
        if self.sending == Sending::Measured {
            head +=
                "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n";
        }
        if let Some(policy) = self.policy(file, body) {
            head += &format!("Content-Security-Policy: {policy}\r\n");
        }
        head + "\r\n"
    }

    fn policy(&self, file: &Path, body: &[u8]) -> Option<String> {
        let wasm = match self.policy {
            Policy::None => return None,
            Policy::Strict => "'wasm-unsafe-eval' ",
            Policy::WithoutWasm => "",
        };
        is(file, "html").then(|| {
            let inline = hash_of_inline_script(&String::from_utf8_lossy(body));
            format!(
                "default-src 'none'; script-src 'self' {wasm}'sha256-{inline}'; style-src 'self'; \
                 img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; \
                 worker-src 'self'; base-uri 'none'"
            )
        })
    }

    fn send(&self, stream: &mut TcpStream, file: &Path, body: &[u8]) -> std::io::Result<()> {
        let half = &body[..body.len() / 2];
        match self.fault {
            Fault::WasmBreaksOff if is(file, "wasm") => stream.write_all(half),
            Fault::WasmStalls if is(file, "wasm") => {
                stream.write_all(half)?;
                stream.flush()?;
                thread::sleep(Duration::from_secs(120));
                Ok(())
            }
            _ => stream.write_all(body),
        }
    }
}

/// The page as a new version has it, which names a wasm file that is not there yet.
fn of_a_new_version(page: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(page).replace("_bg.wasm", "_new.wasm").into_bytes()
}

/// Reads a whole request; a browser sees a reset connection if it is answered before it has spoken out.
fn request_line(stream: &TcpStream) -> std::io::Result<Option<(String, String)>> {
    let mut lines = BufReader::new(stream).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ').map(str::to_owned);
    Ok(words.next().zip(words.next()))
}

/// The hash by which a policy allows the script that the page's bundler writes into it.
fn hash_of_inline_script(page: &str) -> String {
    let script =
        page.split("<script type=\"module\">").nth(1).and_then(|rest| rest.split("</script>").next());
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script.unwrap_or_default()))
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn is(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|found| found == ending)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
