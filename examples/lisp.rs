//! A Lisp at the other end: calls one that serves, lets it call back, and serves those that connect.
//! The README shows both Lisps.
//!
//! ```text
//! cargo run --release --example lisp -- 127.0.0.1:4000 127.0.0.1:4001
//! ```

use std::env;
use std::error::Error;

use wire::{RequestServer, Wire, functions, remote_fn, remote_value, remote_value_bind};

#[remote_fn]
fn title_of(name: &str) -> String {
    if name == "Lovelace" { "Countess" } else { "Citizen" }.to_owned()
}

#[remote_fn]
fn mean(numbers: Vec<f64>) -> Result<f64, &'static str> {
    if numbers.is_empty() {
        return Err("there is no mean of nothing");
    }
    Ok(numbers.iter().sum::<f64>() / numbers.len() as f64)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let addresses: Vec<String> = env::args().skip(1).collect();
    let [lisp, here] = &addresses[..] else {
        return Err("usage: lisp ADDRESS-OF-LISP ADDRESS-TO-SERVE-AT".into());
    };

    let wire = Wire::builder().functions(functions![title_of]).connect(lisp).await?;
    remote_value_bind!(wire, (quotient: i64, rest: i64) = divide(17, 5), {
        println!("17 / 5 is {quotient}, rest {rest}");
    })?;
    println!("{}", remote_value!(wire, greet("Lovelace") -> String).value().await?);
    if let Err(unwound) = remote_value!(wire, divide(1, 0) -> i64).value().await {
        println!("{unwound}");
    }

    let server = RequestServer::bind(here).await?.functions(functions![mean]);
    if let Some(address) = server.local_addr() {
        println!("serving {address}");
    }
    Ok(server.serve().await?)
}
