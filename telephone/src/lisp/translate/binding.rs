//! Names for values and functions: `let` and its like.

use std::fmt::Write;

use wire::Symbol;

use super::scope::{Mark, unboxed};
use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// `(let ((x 1) y) ..)`, and Scheme's `(let name ((x 1)) ..)`.
    pub(super) fn let_form(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        match arguments {
            [Form::Symbol(name), bindings, body @ ..] if !name.is_nil() => {
                self.named_let(whole, name, bindings, body, position)
            }
            [bindings, body @ ..] => {
                let bindings = parse(whole, bindings)?;
                let mark = self.scope.mark();
                let names: Vec<_> = bindings.iter().map(|_| self.fresh()).collect();
                self.push("(let (");
                for ((_, value), name) in bindings.iter().zip(&names) {
                    let _ = write!(self.out, "({name} ");
                    self.form(value, Position::Inner)?;
                    self.push(")");
                }
                self.push(") ");
                for ((symbol, _), name) in bindings.iter().zip(&names) {
                    self.scope.bind(symbol, name);
                }
                self.end_scope(mark, body, position, 1)
            }
            [] => Err(NoMeaning::of("let wants bindings", whole)),
        }
    }

    /// `(let* ((x 1) (y x)) ..)`.
    pub(super) fn let_star(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let [bindings, body @ ..] = arguments else {
            return Err(NoMeaning::of("let* wants bindings", whole));
        };
        let bindings = parse(whole, bindings)?;
        let mark = self.scope.mark();
        for (symbol, value) in &bindings {
            let name = self.fresh();
            let _ = write!(self.out, "(let (({name} ");
            self.form(value, Position::Inner)?;
            self.push(")) ");
            self.scope.bind(symbol, &name);
        }
        self.end_scope(mark, body, position, bindings.len())
    }

    /// `(letrec ((f (lambda ..))) ..)`: each value sees all of the names.
    pub(super) fn letrec(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let [bindings, body @ ..] = arguments else {
            return Err(NoMeaning::of("letrec wants bindings", whole));
        };
        let bindings = parse(whole, bindings)?;
        let mark = self.scope.mark();
        let names: Vec<_> = bindings.iter().map(|(symbol, _)| self.bind_boxed(symbol)).collect();
        self.open_boxes(&names);
        for ((_, value), name) in bindings.iter().zip(&names) {
            let _ = write!(self.out, "(set-box! {name} ");
            self.form(value, Position::Inner)?;
            self.push(") ");
        }
        self.end_scope(mark, body, position, 1)
    }

    fn named_let(
        &mut self,
        whole: &Form,
        name: &Symbol,
        bindings: &Form,
        body: &[Form],
        position: Position,
    ) -> Outcome {
        let bindings = parse(whole, bindings)?;
        let again = self.fresh();
        self.open_boxes(std::slice::from_ref(&again));
        let _ = write!(self.out, "(set-box! {again} ");
        let mark = self.scope.mark();
        self.scope.bind_function(name, &again);
        let parameters =
            Form::list(bindings.iter().map(|(symbol, _)| Form::Symbol(symbol.clone())));
        self.lambda(&parameters, body, None)?;
        self.scope.leave(mark);
        self.push(") ");
        let values: Vec<_> = bindings.into_iter().map(|(_, value)| value).collect();
        self.call_local(&unboxed(&again), &values, position)?;
        self.push(")");
        Ok(())
    }

    /// `flet`, whose functions do not see each other, and `labels`, whose functions do.
    pub(super) fn local_functions(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
        recursive: bool,
    ) -> Outcome {
        let [definitions, body @ ..] = arguments else {
            return Err(NoMeaning::of("local functions want definitions", whole));
        };
        let definitions = definitions.items().unwrap_or_default();
        let mark = self.scope.mark();
        let mut named = Vec::new();
        for definition in definitions {
            let Some([Form::Symbol(symbol), parameters, body @ ..]) = definition.items() else {
                return Err(NoMeaning::of("no local function", definition));
            };
            named.push((symbol, self.fresh(), parameters, body));
        }
        let names: Vec<_> = named.iter().map(|(_, name, ..)| name.clone()).collect();
        self.open_boxes(&names);
        let bind = |this: &mut Self| {
            for (symbol, name, ..) in &named {
                this.scope.bind_function(symbol, name);
            }
        };
        if recursive {
            bind(self);
        }
        for (symbol, name, parameters, body) in &named {
            let _ = write!(self.out, "(set-box! {name} ");
            self.lambda(parameters, body, Some(symbol))?;
            self.push(") ");
        }
        if !recursive {
            bind(self);
        }
        self.end_scope(mark, body, position, 1)
    }

    /// `(multiple-value-bind (q r) (floor 7 2) ..)`.
    pub(super) fn bind_values(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let [names, values, body @ ..] = arguments else {
            return Err(NoMeaning::of("multiple-value-bind wants names and a form", whole));
        };
        let list = self.fresh();
        let _ = write!(self.out, "(let (({list} ");
        self.values_list(values)?;
        self.push(")) (let (");
        let mark = self.scope.mark();
        for (index, name) in names.items().unwrap_or_default().iter().enumerate() {
            let Form::Symbol(symbol) = name else {
                return Err(NoMeaning::of("no name for a value", name));
            };
            let name = self.bind(symbol);
            let _ = write!(self.out, "({name} (%nth {index} {list}))");
        }
        self.push(") ");
        self.end_scope(mark, body, position, 2)
    }

    /// A form, for the list of its values.
    pub(super) fn values_list(&mut self, form: &Form) -> Outcome {
        self.push("(begin (%one-value) (%values-of ");
        self.form(form, Position::Inner)?;
        self.push("))");
        Ok(())
    }

    /// `(let ((v1 (box '())) ..) `, left open: the boxes are filled in what follows.
    pub(super) fn open_boxes(&mut self, names: &[String]) {
        self.push("(let (");
        for name in names {
            let _ = write!(self.out, "({name} (box {NIL}))");
        }
        self.push(") ");
    }

    fn end_scope(&mut self, mark: Mark, body: &[Form], position: Position, open: usize) -> Outcome {
        let body = super::lambda::without_docs(body);
        self.scoped_body(body, position)?;
        self.push(&")".repeat(open));
        self.scope.leave(mark);
        Ok(())
    }
}

/// `(x value)`, `(x)` and `x`.
fn parse(whole: &Form, bindings: &Form) -> Result<Vec<(Symbol, Form)>, NoMeaning> {
    let bindings = bindings.items().ok_or_else(|| NoMeaning::of("no bindings", whole))?;
    let binding = |form: &Form| match (form, form.items()) {
        (Form::Symbol(symbol), _) | (_, Some([Form::Symbol(symbol)])) => {
            Ok((symbol.clone(), Form::nil()))
        }
        (_, Some([Form::Symbol(symbol), value])) => Ok((symbol.clone(), value.clone())),
        _ => Err(NoMeaning::of("no binding", form)),
    };
    bindings.iter().map(binding).collect()
}
