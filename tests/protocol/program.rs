//! The Rust program of the page's conversations: what it offers, and what it is told to do.

use std::collections::VecDeque;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;

use wire::{
    Call, CallError, Encoder, FromValues, Functions, RawError, RawInput, RawOutput, Remote, Symbol,
    ToWire, Unsendable, Value, Wire, functions, remote_fn, remote_value,
};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    let quotient = a.checked_div(b).ok_or_else(|| format!("{a} cannot be divided by {b}"))?;
    Ok((quotient, a % b))
}

#[remote_fn]
fn seven() -> (i64, i64, i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5, 6, 7)
}

#[remote_fn]
fn note(_value: Value) {}

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

/// Calls its caller back.
#[remote_fn]
async fn by_way_of_you(wire: &Wire, n: i64) -> Result<i64, CallError> {
    Ok(1 + remote_value!(wire, twice(n) -> i64).value().await?)
}

#[remote_fn]
async fn never() {
    std::future::pending::<()>().await;
}

#[remote_fn]
fn new_thing(text: String) -> Remote<String> {
    Remote::new(Arc::new(text))
}

#[remote_fn]
fn thing_text(thing: Remote<String>) -> Result<String, &'static str> {
    thing.value().map(|text| text.to_string()).map_err(|_| "no thing of yours")
}

/// Each kind of data without tags, and an object, as a list.
#[remote_fn(raw)]
async fn read_five(input: &mut RawInput<'_>) -> Result<Value, RawError> {
    let (byte, number) = (input.byte().await?, input.number().await?);
    let (text, integer) = (input.string().await?, input.bignum().await?);
    let parts = [Value::from(byte), number.into(), (&*text).into(), integer.into()];
    Ok(Value::list(parts.into_iter().chain([input.object().await?])))
}

/// What the page says that it offers.
pub(crate) fn offered() -> Functions {
    let others = functions![by_way_of_you, never, new_thing, thing_text, read_five];
    functions![add, divide, seven, note, echo].merge(others)
}

type Values = Pin<Box<dyn Future<Output = Result<Vec<Value>, CallError>>>>;

/// What the program has going on.
#[derive(Default)]
pub(crate) struct Program {
    waiting: VecDeque<Values>,
    kept: Vec<Vec<Value>>,
}

impl Program {
    /// Does what the page says that it does.
    pub(crate) async fn act(&mut self, wire: &Wire, what: &str) -> Result<(), Box<dyn Error>> {
        let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
        match verb {
            "calls" => {
                let call = Form::read(rest)?;
                wire.notify(&call.function, &call.arguments())?;
                wire.force_output().await?;
            }
            "sends" => {
                let (call, data) = rest.split_once(" with ").ok_or("data")?;
                let (call, data) = (Form::read(call)?, Data::read(data)?);
                wire.notify_with(&call.function, &call.arguments(), &data.output())?;
                wire.force_output().await?;
            }
            "wants" => {
                let (want, call) = rest.split_once(" of ").ok_or("wants n of (F ..)")?;
                self.waiting.push_back(wants(wire, want, &Form::read(call)?));
                wire.force_output().await?;
            }
            "gets" => {
                let values = self.waiting.pop_front().ok_or("it waits for nothing")?;
                assert_eq!(self.got(values.await), rest);
            }
            "syncs" => {
                let synced = wire.sync();
                self.waiting.push_back(Box::pin(async { synced.await.map(|()| Vec::new()) }));
                wire.force_output().await?;
            }
            "gives-up" => {
                let call = Form::read(rest)?;
                let pending = wire.call::<Value>(&call.function, &call.arguments());
                drop(wire.force_output());
                pending.cancel();
            }
            "drops" => self.kept.clear(),
            "closes" => drop(wire.close_because(Value::read(rest)?.as_str().ok_or("why")?)),
            _ => return Err(format!("what is `rust {what}`?").into()),
        }
        Ok(())
    }

    /// The values, as the page shows them, or why there are none.
    fn got(&mut self, values: Result<Vec<Value>, CallError>) -> String {
        match values {
            Ok(values) => {
                let shown: Vec<_> = values.iter().map(ToString::to_string).collect();
                self.kept.push(values);
                shown.join(" ")
            }
            Err(error) => format!("nothing: {error}"),
        }
    }
}

/// A call as Lisp writes it.
struct Form {
    function: Symbol,
    arguments: Vec<Argument>,
}

impl Form {
    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        Self::of(Value::read(text)?.iter()).ok_or_else(|| "a call".into())
    }

    fn of<'a>(mut parts: impl Iterator<Item = &'a Value>) -> Option<Self> {
        let function = parts.next()?.as_symbol()?.clone();
        Some(Self { function, arguments: parts.cloned().map(Argument).collect() })
    }

    fn arguments(&self) -> Vec<&dyn ToWire> {
        self.arguments.iter().map(|argument| argument as _).collect()
    }
}

/// Data without tags, as the page writes them: each a kind and a datum.
struct Data(Vec<(String, Value)>);

impl Data {
    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let data = text.split(", ").map(|item| {
            let (kind, datum) = item.split_once(' ').ok_or("a kind and a datum")?;
            Ok((kind.to_owned(), Value::read(datum)?))
        });
        data.collect::<Result<_, Box<dyn Error>>>().map(Self)
    }

    fn output(&self) -> RawOutput<'_> {
        let mut output = RawOutput::new();
        for (kind, datum) in &self.0 {
            let integer = datum.as_integer().unwrap_or_default();
            match &**kind {
                "byte" => output.byte(integer.try_into().expect("an octet")),
                "number" => output.number(integer.try_into().expect("32 bits")),
                "string" => output.string(datum.as_str().expect("a string")),
                "bignum" => output.bignum(&integer.into()),
                "object" => output.object(datum),
                other => panic!("untagged {other}"),
            };
        }
        output
    }
}

/// An argument; `(@ F ..)` is a call for the peer to evaluate.
struct Argument(Value);

impl ToWire for Argument {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let mut parts = self.0.iter();
        let head = parts.next().and_then(Value::as_symbol);
        match head.filter(|head| head.name() == "@").and_then(|_| Form::of(parts)) {
            Some(call) => Call::new(&call.function, &call.arguments()).to_wire(out),
            None => self.0.to_wire(out),
        }
    }
}

fn wants(wire: &Wire, want: &str, call: &Form) -> Values {
    match want {
        "1" => values::<(Value,)>(wire, call, |(a,)| vec![a]),
        "2" => values::<(Value, Value)>(wire, call, |(a, b)| vec![a, b]),
        "3" => values::<(Value, Value, Value)>(wire, call, |(a, b, c)| vec![a, b, c]),
        "all" => values::<Vec<Value>>(wire, call, |all| all),
        other => panic!("it wants {other} values"),
    }
}

fn values<T>(wire: &Wire, call: &Form, list: fn(T) -> Vec<Value>) -> Values
where
    T: FromValues + Send + 'static,
{
    let pending = wire.call_values::<T>(&call.function, &call.arguments()).value();
    Box::pin(async move { pending.await.map(list) })
}
