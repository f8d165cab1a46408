//! Has the schema compiled.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Ok(capnpc::CompilerCommand::new().file("bench.capnp").run()?)
}
