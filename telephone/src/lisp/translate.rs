//! Forms to the Scheme that runs them.
//!
//! No name of a command goes into the Scheme: a variable becomes `v7`, a definition `g3` or `f3`, and a
//! function of the language the name that the [table] has for it. So a command reaches what
//! is in the table and nothing else of the Scheme, whatever it calls its own things. Quoted data
//! does not pass through text either: it is a constant, `k2`, which whoever runs the program defines.

mod binding;
mod call;
mod case;
mod condition;
mod control;
mod definition;
mod escape;
mod iteration;
mod lambda;
mod place;
mod quasi;
mod scope;
pub(crate) mod table;

use std::collections::HashMap;
use std::fmt::Write;

use wire::Symbol;

use crate::lisp::Form;
use scope::{Function, Scope};

/// A command as a Scheme program.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its text.
    pub(crate) source: String,
    /// What `k0`, `k1` and so on are in it.
    pub(crate) constants: Vec<Form>,
}

/// A command that means nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct NoMeaning {
    pub(crate) message: String,
}

/// How deep operators of a command may nest. Translation recurses, and so does the compiler behind
/// it, by several frames for each; people's code stays below a hundred.
pub(crate) const MAX_CODE_DEPTH: usize = 250;

/// Translates the forms of a command. `offered` gives the Scheme name of each function that the
/// serving program offers.
pub(crate) fn translate(
    forms: &[Form],
    offered: &HashMap<Symbol, String>,
) -> Result<Program, NoMeaning> {
    let mut translator = Translator {
        offered,
        out: String::new(),
        constants: Vec::new(),
        scope: Scope::default(),
        functions: HashMap::new(),
        variables: HashMap::new(),
        names: 0,
        depth: 0,
    };
    translator.collect_definitions(forms)?;
    translator.body(forms, Position::Inner)?;
    Ok(translator.finish())
}

type Outcome = Result<(), NoMeaning>;

/// Whether a form's value is the value of the function around it, so that a call there takes no
/// room on the stack.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Position {
    Tail,
    Inner,
}

struct Translator<'a> {
    offered: &'a HashMap<Symbol, String>,
    out: String,
    constants: Vec<Form>,
    scope: Scope,
    /// The functions that the command defines, wherever in it.
    functions: HashMap<Symbol, String>,
    /// The global variables that it defines or sets.
    variables: HashMap<Symbol, String>,
    names: usize,
    depth: usize,
}

impl Translator<'_> {
    /// One form, for its value.
    fn form(&mut self, form: &Form, position: Position) -> Outcome {
        self.depth += 1;
        if self.depth > MAX_CODE_DEPTH {
            return Err(NoMeaning::new(format!(
                "the operators of the command nest deeper than {MAX_CODE_DEPTH}; define functions"
            )));
        }
        match form {
            Form::Symbol(symbol) => self.variable(symbol),
            Form::List(list) if list.tail().is_none() => {
                let items = list.items();
                self.operation(form, &items[0], &items[1..], position)?;
            }
            Form::List(_) => return Err(NoMeaning::of("a dotted list is no call", form)),
            Form::Integer(integer) if integer.bits() < 32 => self.push(&integer.to_string()),
            constant => self.constant(constant.clone()),
        }
        self.depth -= 1;
        Ok(())
    }

    /// Forms of which the last gives the value.
    fn body(&mut self, forms: &[Form], position: Position) -> Outcome {
        match forms {
            [] => self.push(NIL),
            [form] => self.form(form, position)?,
            [first @ .., last] => {
                self.push("(begin ");
                for form in first {
                    self.form(form, Position::Inner)?;
                    self.push(" ");
                }
                self.form(last, position)?;
                self.push(")");
            }
        }
        Ok(())
    }

    /// A form as what `if` looks at.
    fn test(&mut self, form: &Form) -> Outcome {
        if self.is_boolean(form) {
            return self.form(form, Position::Inner);
        }
        self.push("(%true? ");
        self.form(form, Position::Inner)?;
        self.push(")");
        Ok(())
    }

    /// Whether the form's value is Scheme's true or false, so that it can be asked directly.
    fn is_boolean(&self, form: &Form) -> bool {
        let Some([Form::Symbol(operator), ..]) = form.items() else {
            return false;
        };
        let own = self.functions.contains_key(operator) || self.scope.knows(operator);
        !own && table::function(operator).is_some_and(table::Builtin::is_predicate)
    }

    fn variable(&mut self, symbol: &Symbol) {
        if symbol.is_nil() {
            self.push(NIL);
        } else if *symbol == Symbol::t() {
            self.push("#t");
        } else if symbol.is_keyword() {
            self.constant(Form::Symbol(symbol.clone()));
        } else if let Some(variable) = self.scope.variable(symbol) {
            let read = variable.read();
            self.push(&read);
        } else if let Some(name) = self.variables.get(symbol).cloned() {
            self.named_check(&name, symbol);
        } else if let Some(name) = self.function_name(symbol) {
            // Scheme's way to name a function as a value.
            self.push(&name);
        } else if let Some(value) = table::constant(symbol) {
            self.push(value);
        } else {
            self.named("%unbound-variable", symbol);
        }
    }

    /// A global variable, which may be read before it is set.
    fn named_check(&mut self, name: &str, symbol: &Symbol) {
        let _ = write!(self.out, "(if (eq? {name} %unset) ");
        self.named("%unbound-variable", symbol);
        let _ = write!(self.out, " {name})");
    }

    /// The Scheme name of what a symbol means as a function: the innermost of the command's own, the
    /// language's, or the serving program's.
    fn function_name(&self, symbol: &Symbol) -> Option<String> {
        if let Some(Function(name)) = self.scope.function(symbol) {
            return Some(name.clone());
        }
        self.global_function(symbol)
    }

    fn global_function(&self, symbol: &Symbol) -> Option<String> {
        let own = self.functions.get(symbol).cloned();
        own.or_else(|| table::function(symbol).map(|builtin| builtin.scheme.to_owned()))
            .or_else(|| self.offered.get(symbol).cloned())
    }

    /// `(operator 'SYMBOL)`.
    fn named(&mut self, operator: &str, symbol: &Symbol) {
        let _ = write!(self.out, "({operator} ");
        self.constant(Form::Symbol(symbol.clone()));
        self.push(")");
    }

    fn constant(&mut self, form: Form) {
        let _ = write!(self.out, "k{}", self.constants.len());
        self.constants.push(form);
    }

    /// A name that nothing else has.
    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Puts the definitions in front: each name is there from the beginning, and says what it
    /// misses if it is used before its definition has run.
    fn finish(self) -> Program {
        let mut source = String::new();
        for name in self.variables.values() {
            let _ = writeln!(source, "(define {name} %unset)");
        }
        let mut constants = self.constants;
        for (symbol, name) in &self.functions {
            let index = constants.len();
            constants.push(Form::Symbol(symbol.clone()));
            let _ = writeln!(source, "(define {name} (%undefined k{index}))");
        }
        // One thunk for all of it, since the values of forms at the top are kept until the end.
        let _ = writeln!(source, "(%run (lambda () {}))", self.out);
        Program { source, constants }
    }
}

impl NoMeaning {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// What is wrong, and with which form; of a long one, how it begins.
    fn of(what: &str, form: &Form) -> Self {
        let text = form.to_string();
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { ".." } else { "" };
        Self::new(format!("{what}: {shown}{more}"))
    }
}

const NIL: &str = "'()";
/// Of a form in a message. Two lines of a terminal.
const SHOWN: usize = 160;

#[cfg(test)]
mod tests;
