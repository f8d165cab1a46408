//! The engine: made once, and cloned for each command.

use std::collections::HashMap;

use steel::steel_vm::ThreadStateController;
use steel::steel_vm::engine::Engine;
use steel::{SteelErr, SteelVal};
use wire::Symbol;

use super::condition::Condition;
use super::convert::{self, TooLarge};
use super::{context, natives};
use crate::evaluator::message::{Answer, Settings};
use crate::lisp::{self, Form, NoMeaning, Program};

/// The language in Scheme, over the functions in Rust.
const PRELUDE: &str = include_str!("prelude.scm");

/// An engine with the language in it, which no command touches.
pub(super) struct Base {
    engine: Engine,
    offered: HashMap<Symbol, String>,
    value_octets: usize,
}

impl Base {
    pub(super) fn new(settings: &Settings) -> Result<Self, String> {
        let mut engine = Engine::new_sandboxed();
        for (name, function) in natives::all() {
            engine.register_value(name, SteelVal::FuncV(function));
        }
        engine.register_value("%unset", SteelVal::SymbolV("%unset".into()));
        let run = engine.run(PRELUDE);
        run.map_err(|error| format!("the language cannot be loaded: {error}"))?;
        let mut offered = HashMap::new();
        for (index, function) in settings.functions.iter().enumerate() {
            let name = format!("h{index}");
            let symbol = Symbol::new(&function.name, &function.package);
            let called = symbol.clone();
            let call = std::sync::Arc::new(move |arguments: &[SteelVal]| {
                natives::offered::call(&called, arguments)
            });
            engine.register_value(&name, SteelVal::anonymous_boxed_function(call));
            offered.insert(symbol, name);
        }
        let value_octets = usize::try_from(settings.value_octets).unwrap_or(usize::MAX);
        Ok(Self { engine, offered, value_octets })
    }

    /// Runs a command in a clone. What interrupts it is of the clone too, and is told before it runs.
    pub(super) fn evaluate(
        &self,
        command: &str,
        begun: impl FnOnce(ThreadStateController),
    ) -> Answer {
        match self.value(command, begun) {
            Ok(value) => {
                Answer { value, condition: String::new(), message: String::new(), spent: false }
            }
            Err(Condition { name, message }) => {
                // What a deep stack or much memory took is not always given back.
                let spent = matches!(&*name, "STACK-EXHAUSTED" | "STORAGE-EXHAUSTED");
                Answer { value: String::new(), condition: name, message, spent }
            }
        }
    }

    fn value(
        &self,
        command: &str,
        begun: impl FnOnce(ThreadStateController),
    ) -> Result<String, Condition> {
        let forms = Form::read_all(command)
            .map_err(|error| Condition::new(error.condition(), error.to_string()))?;
        let program = lisp::translate(&forms, &self.offered)?;
        let mut engine = self.engine.clone();
        begun(engine.get_thread_state_controller());
        context::set_depth(0);
        context::set_values(None);
        let value = run(&mut engine, program).map_err(|error| Condition::of(&error))?;
        self.print(&value)
    }

    fn print(&self, value: &SteelVal) -> Result<String, Condition> {
        let too_long = || {
            let limit = self.value_octets;
            Condition::new(
                "VALUE-TOO-LONG",
                format!(
                    "the value is circular, or longer than the {limit} octets that it may have"
                ),
            )
        };
        let form = convert::form(value, self.value_octets).map_err(|TooLarge| too_long())?;
        let text = form.to_string();
        if text.len() > self.value_octets { Err(too_long()) } else { Ok(text) }
    }
}

fn run(engine: &mut Engine, program: Program) -> Result<SteelVal, SteelErr> {
    for (index, constant) in program.constants.into_iter().enumerate() {
        let value = convert::value(&constant, engine)?;
        engine.register_value(&format!("k{index}"), value);
    }
    let values = engine.run(program.source)?;
    Ok(values.into_iter().next_back().unwrap_or(SteelVal::Void))
}

impl From<NoMeaning> for Condition {
    fn from(error: NoMeaning) -> Self {
        Self::new("PROGRAM-ERROR", error.message)
    }
}
