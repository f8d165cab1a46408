//! Definitions: `defun` and `define`, `defvar` and its like.

use std::fmt::Write;

use wire::Symbol;

use super::{NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// Finds what the command defines, so that functions may call those defined after them.
    pub(super) fn collect_definitions(&mut self, forms: &[Form]) -> Outcome {
        let mut waiting: Vec<(&Form, bool)> = forms.iter().map(|form| (form, true)).collect();
        while let Some((form, top)) = waiting.pop() {
            let Form::List(list) = form else {
                continue;
            };
            let items = list.items();
            let Form::Symbol(head) = &items[0] else {
                waiting.extend(items.iter().map(|form| (form, false)));
                continue;
            };
            match (head.name(), items.get(1)) {
                ("QUOTE" | "QUASIQUOTE", _) => continue,
                ("DEFUN", Some(Form::Symbol(name))) => self.add_function(name),
                ("DEFVAR" | "DEFPARAMETER" | "DEFCONSTANT", Some(Form::Symbol(name))) => {
                    self.add_variable(name);
                }
                ("DEFINE", Some(Form::Symbol(name))) if top => self.add_variable(name),
                ("DEFINE", Some(Form::List(header))) if top => match &header.items()[0] {
                    Form::Symbol(name) => self.add_function(name),
                    _ => return Err(NoMeaning::of("nothing is defined by", form)),
                },
                ("SETQ" | "SETF", _) => {
                    for place in items[1..].iter().step_by(2) {
                        if let Form::Symbol(name) = place {
                            self.add_variable(name);
                        }
                    }
                }
                ("SET!", Some(Form::Symbol(name))) => self.add_variable(name),
                _ => {}
            }
            let top = top && matches!(head.name(), "PROGN" | "BEGIN");
            waiting.extend(items[1..].iter().map(|form| (form, top)));
        }
        Ok(())
    }

    fn add_function(&mut self, symbol: &Symbol) {
        let name = format!("f{}", self.functions.len() + 1);
        self.functions.entry(symbol.clone()).or_insert(name);
    }

    fn add_variable(&mut self, symbol: &Symbol) {
        let name = format!("g{}", self.variables.len() + 1);
        self.variables.entry(symbol.clone()).or_insert(name);
    }

    /// `(defun name parameters . body)`. Its value is the name.
    pub(super) fn defun(&mut self, whole: &Form, arguments: &[Form]) -> Outcome {
        let [Form::Symbol(symbol), parameters, body @ ..] = arguments else {
            return Err(NoMeaning::of("defun wants a name, parameters and a body", whole));
        };
        self.define_function(symbol, parameters, body)
    }

    /// `(define name value)` or `(define (name . parameters) . body)`.
    pub(super) fn define(&mut self, whole: &Form, arguments: &[Form]) -> Outcome {
        match arguments {
            [Form::Symbol(symbol)] => self.set(symbol, &Form::nil(), whole)?,
            [Form::Symbol(symbol), value] => self.set(symbol, value, whole)?,
            [Form::List(header), body @ ..] => {
                let [Form::Symbol(symbol), parameters @ ..] = header.items() else {
                    return Err(NoMeaning::of("nothing is defined by", whole));
                };
                let tail = header.tail().cloned().unwrap_or_else(Form::nil);
                let parameters = Form::dotted(parameters.to_vec(), tail);
                return self.define_function(symbol, &parameters, body);
            }
            _ => return Err(NoMeaning::of("nothing is defined by", whole)),
        }
        Ok(())
    }

    /// Sets the function's name, local or global, and has the symbol for a value.
    fn define_function(&mut self, symbol: &Symbol, parameters: &Form, body: &[Form]) -> Outcome {
        // A `define` inside of a body is local; `defun` means the whole command wherever it stands.
        let local = self.scope.variable(symbol).map(|variable| variable.setter());
        let global = self.functions.get(symbol).map(|name| format!("set! {name}"));
        let Some(setter) = local.or(global) else {
            return Err(NoMeaning::new(format!(
                "{symbol} is defined inside of an expression; define it at the top or at the \
                 beginning of a body"
            )));
        };
        let _ = write!(self.out, "(begin ({setter} ");
        self.lambda(parameters, body, Some(symbol))?;
        self.push(") ");
        self.constant(Form::Symbol(symbol.clone()));
        self.push(")");
        Ok(())
    }

    /// `defvar`, which sets what is not set yet, and `defparameter`, which sets. The value is the name.
    pub(super) fn defvar(&mut self, whole: &Form, arguments: &[Form], again: bool) -> Outcome {
        let [Form::Symbol(symbol), rest @ ..] = arguments else {
            return Err(NoMeaning::of("a variable's definition wants a name", whole));
        };
        let Some(name) = self.variables.get(symbol).cloned() else {
            return Err(NoMeaning::of("nothing is defined by", whole));
        };
        self.push("(begin ");
        if let [value, ..] = rest {
            let condition = if again { "#t".to_owned() } else { format!("(eq? {name} %unset)") };
            let _ = write!(self.out, "(if {condition} (set! {name} ");
            self.form(value, Position::Inner)?;
            self.push(") #f) ");
        }
        self.constant(Form::Symbol(symbol.clone()));
        self.push(")");
        Ok(())
    }
}

/// The name that a form of a body defines there, as Scheme's `define` does.
pub(super) fn defined_by(form: &Form) -> Option<&Symbol> {
    match form.items()? {
        [Form::Symbol(head), Form::Symbol(name), ..] if head.name() == "DEFINE" => Some(name),
        [Form::Symbol(head), Form::List(header), ..] if head.name() == "DEFINE" => {
            match &header.items()[0] {
                Form::Symbol(name) => Some(name),
                _ => None,
            }
        }
        _ => None,
    }
}
