//! A window on the wire: stands between two peers, passes on what they say, and prints it as Lisp.
//!
//! ```text
//! cargo run --release --example tap -- 127.0.0.1:4001 127.0.0.1:4000
//! ```
//!
//! connects whoever comes to the first address to the second. The peers may be Rust or Lisp, and
//! notice nothing: each octet goes on at once, as it is. `--help` tells how to read what is printed.
//! There is no `Wire` in it; it is what the public codec is good for by itself.

use std::error::Error;
use std::process::ExitCode;

use tokio::net::lookup_host;
use tokio::signal::ctrl_c;

mod tap {
    pub(crate) mod calls;
    pub(crate) mod conversation;
    pub(crate) mod form;
    pub(crate) mod line;
    pub(crate) mod listener;
    pub(crate) mod lost;
    pub(crate) mod meaning;
    pub(crate) mod mirror;
    pub(crate) mod options;
    pub(crate) mod page;
    pub(crate) mod pipe;
    pub(crate) mod printer;
    pub(crate) mod saying;
}

use tap::{listener, options::Options, printer::Printer};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("tap: {error}");
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = Options::read(std::env::args().skip(1))? else {
        print!("{}", tap::options::HELP);
        return Ok(());
    };
    let target = &options.target;
    if let Err(error) = lookup_host(target).await {
        return Err(format!("cannot find {target}: {error}").into());
    }
    let listener = listener::bind(&options.listen, options.insecure).await?;
    let printer = Printer::start();
    let address = listener.local_addr()?;
    printer.print(format!("listening on {address}, for {target}; ctrl-c ends"));
    tokio::select! {
        () = listener::serve(&listener, &options, &printer) => {}
        interrupted = ctrl_c() => interrupted?,
    }
    printer.finish().await;
    Ok(())
}
