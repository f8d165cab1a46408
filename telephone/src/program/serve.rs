//! `serve`: take commands, keep them in a queue, run them.

mod functions;
mod logging;
mod octets;

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use telephone::evaluator::EvaluatorLimits;
use telephone::queue::{QueueSettings, Storage};
use telephone::server::{Server, ServerBuilder, ServerLimits};

use super::interrupt::Interrupt;
use super::{Context, Exit, Failed, Output, duration};

/// Take commands: queue them, run them, tell what became of them
///
/// Prints where it listens, and a line for each command that arrives. Ctrl-C and SIGTERM let what
/// runs end within --grace; a second one ends the program at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where to listen; port 0 takes a free one. Any address but loopback wants --token-file
    #[arg(
        long,
        env = "TELEPHONE_ADDRESS",
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:4242"
    )]
    address: String,
    /// Where to listen for wires besides, which partners at wire://HOST:PORT use; nowhere, if
    /// nothing is said
    #[arg(long, env = "TELEPHONE_WIRE", value_name = "HOST:PORT")]
    wire: Option<String>,
    /// Let whoever reaches the address run commands here, without a token
    #[arg(long)]
    insecure: bool,
    /// Another name that this machine is asked by; may be given several times
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Where the queue is: a file, memory, or postgres://USER@HOST/DATABASE; a file of yours, if
    /// nothing is said
    #[arg(long, env = "TELEPHONE_DATABASE", value_name = "WHERE", value_parser = storage)]
    database: Option<Storage>,
    /// How many commands run at a time; as many as there are processors, if nothing is said
    #[arg(long, env = "TELEPHONE_CONCURRENCY", value_name = "COUNT")]
    concurrency: Option<usize>,
    /// How many commands may wait
    #[arg(long, env = "TELEPHONE_QUEUE_LENGTH", value_name = "COUNT", default_value_t = 10_000)]
    queue_length: u64,
    /// How long the results of commands are kept
    #[arg(long, env = "TELEPHONE_RETENTION", value_name = "TIME", default_value = "7 days", value_parser = duration::parse)]
    retention: Duration,
    /// How long a command may run
    #[arg(long, env = "TELEPHONE_TIME_LIMIT", value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    time_limit: Duration,
    /// How much memory a command may have
    #[arg(long, env = "TELEPHONE_MEMORY_LIMIT", value_name = "OCTETS", default_value = "512M", value_parser = octets::parse)]
    memory_limit: u64,
    /// How deep calls may nest
    #[arg(long, env = "TELEPHONE_DEPTH_LIMIT", value_name = "COUNT", default_value_t = 100_000)]
    depth_limit: u32,
    /// How many requests a second one address may make
    #[arg(long, env = "TELEPHONE_RATE", value_name = "COUNT", default_value_t = 2_000)]
    rate: u32,
    /// How long commands that run may take to end when the server is to
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    grace: Duration,
    /// Print no line for each command
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let output = context.output();
    logging::begin();
    // Before anything is begun that would have to be ended in order.
    let mut interrupt = Interrupt::new()?;
    let server = builder(context, &arguments)?.bind().await;
    let server = server.map_err(|error| Failed::here(error.to_string()))?;
    tell_address(output, &server)?;
    let serving = server.serve_until(async {
        interrupt.next().await;
        output.note("ending: no more commands are begun, and those that run may end");
        interrupt.ends_the_program();
    });
    serving.await.map_err(|error| Failed::here(error.to_string()))?;
    Ok(Exit::Done)
}

fn builder(context: &Context, arguments: &Arguments) -> Result<ServerBuilder, Failed> {
    let mut builder = Server::builder()
        .address(&arguments.address)
        .limits(ServerLimits::default().rate(arguments.rate))
        .queue(arguments.queue_settings()?)
        .functions(functions::offered())
        .evaluator(arguments.evaluator_limits())
        .grace(arguments.grace)
        .announce(announce(context.output(), arguments.quiet));
    for host in &arguments.hosts {
        builder = builder.host(host);
    }
    if let Some(address) = &arguments.wire {
        builder = builder.wire(address);
    }
    if let Some(token) = context.token()? {
        builder = builder.token(token);
    }
    if arguments.insecure {
        builder = builder.insecure();
    }
    let partners = context.partners()?;
    let partners = partners.iter().map(|(name, known)| context.reach(Some(name), known));
    Ok(builder.partners(partners.collect::<Result<Vec<_>, _>>()?))
}

impl Arguments {
    fn queue_settings(&self) -> Result<QueueSettings, Failed> {
        let storage = match &self.database {
            Some(storage) => storage.clone(),
            None => Storage::of_user().map_err(|error| Failed::here(error.to_string()))?,
        };
        let mut settings =
            QueueSettings::new(storage).length(self.queue_length).retention(self.retention);
        if let Some(concurrency) = self.concurrency {
            settings = settings.concurrency(concurrency);
        }
        Ok(settings)
    }

    fn evaluator_limits(&self) -> EvaluatorLimits {
        let limits = EvaluatorLimits::default()
            .time(self.time_limit)
            .memory(self.memory_limit)
            .depth(self.depth_limit);
        // The queue is what makes commands wait.
        match self.concurrency {
            Some(concurrency) => limits.processes(concurrency),
            None => limits,
        }
    }
}

/// The original's line for each command. When nobody reads it any more, the server goes on.
fn announce(output: Output, quiet: bool) -> impl Fn(&str) + Send + Sync + 'static {
    let told = !quiet && !output.json;
    move |line| {
        if told {
            let _ = output.line(&shortened(line));
        }
    }
}

/// The chunks of a map are long, and a log of them would be longer.
fn shortened(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(MOST_ANNOUNCED) {
        Some((end, _)) => format!("{}… ({} octets)", &line[..end], line.len()).into(),
        None => line.into(),
    }
}

fn tell_address(output: Output, server: &Server) -> Result<(), Failed> {
    let address = server.local_addr().map_err(|error| Failed::here(error.to_string()))?;
    let listening = format!("http://{address}");
    let wire = server.wire_addr().map(|address| format!("wire://{address}"));
    if output.json {
        return output.json(&serde_json::json!({ "listening": listening, "wire": wire }));
    }
    output.line(&format!("listening on {listening}"))?;
    wire.map_or(Ok(()), |wire| output.line(&format!("listening on {wire}")))
}

fn storage(text: &str) -> Result<Storage, String> {
    match text {
        "" => Err("a file, memory, or postgres://USER@HOST/DATABASE".to_owned()),
        "memory" => Ok(Storage::Memory),
        url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Storage::Postgres(url.to_owned()))
        }
        url if url.contains("://") => {
            Err("only postgres:// is known; everything else is a file".to_owned())
        }
        path => Ok(Storage::File(PathBuf::from(path))),
    }
}

/// Characters of a command's line: some lines of a terminal.
const MOST_ANNOUNCED: usize = 400;
