//! In the browser: mounts the page. Natively: the headless runner.

#[cfg(all(target_arch = "wasm32", feature = "ui"))]
fn main() {
    conclave::ui::start()
}

#[cfg(all(target_arch = "wasm32", not(feature = "ui")))]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use conclave::scenario::command::{Streams, command};

    // What is not text cannot be the name of a command; as the name of a file it will not be found.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let (mut input, mut output, mut errors) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let mut streams = Streams { input: &mut input, output: &mut output, errors: &mut errors };
    std::process::ExitCode::from(command(&arguments, &mut streams))
}
