//! Setting variables and places.

use std::fmt::Write;

use wire::Symbol;

use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// `setq`, `setf` and `set!`: pairs of a place and a value. The value is the last one.
    pub(super) fn setq(&mut self, whole: &Form, arguments: &[Form]) -> Outcome {
        if arguments.len() % 2 != 0 {
            return Err(NoMeaning::of("a place without a value", whole));
        }
        if arguments.is_empty() {
            self.push(NIL);
            return Ok(());
        }
        self.push("(begin ");
        for pair in arguments.chunks_exact(2) {
            self.set_place(&pair[0], &pair[1], whole)?;
            self.push(" ");
        }
        self.push(")");
        Ok(())
    }

    pub(super) fn set(&mut self, symbol: &Symbol, value: &Form, whole: &Form) -> Outcome {
        let local = self.scope.variable(symbol).map(|variable| variable.setter());
        let global = self.variables.get(symbol).map(|name| format!("set! {name}"));
        let Some(setter) = local.or(global) else {
            return Err(NoMeaning::of(&format!("{symbol} is no variable to set"), whole));
        };
        let result = self.fresh();
        let _ = write!(self.out, "(let (({result} ");
        self.form(value, Position::Inner)?;
        let _ = write!(self.out, ")) ({setter} {result}) {result})");
        Ok(())
    }

    fn set_place(&mut self, place: &Form, value: &Form, whole: &Form) -> Outcome {
        let setter = match (place, place.items()) {
            (Form::Symbol(symbol), _) => return self.set(symbol, value, whole),
            (_, Some([Form::Symbol(reader), arguments @ ..])) => {
                setter(reader.name()).map(|setter| (setter, arguments))
            }
            _ => None,
        };
        let Some((setter, arguments)) = setter else {
            return Err(NoMeaning::of(
                "only variables, elements of vectors and entries of hash tables can be set here; \
                 lists do not change",
                place,
            ));
        };
        let _ = write!(self.out, "({setter} ");
        self.form(value, Position::Inner)?;
        self.arguments(arguments)
    }

    /// `(incf place by)` and `(decf place by)`.
    pub(super) fn step(
        &mut self,
        place: &Form,
        operator: &str,
        by: &[Form],
        whole: &Form,
    ) -> Outcome {
        let by = match by {
            [] => Form::Integer(1.into()),
            [by] => by.clone(),
            _ => return Err(NoMeaning::of("too many parts in", whole)),
        };
        let sum = Form::list([Form::symbol(operator), place.clone(), by]);
        self.set_place(place, &sum, whole)
    }

    /// `(push item place)`.
    pub(super) fn push_form(&mut self, item: &Form, place: &Form, whole: &Form) -> Outcome {
        let longer = Form::list([Form::symbol("CONS"), item.clone(), place.clone()]);
        self.set_place(place, &longer, whole)
    }

    /// `(pop place)`.
    pub(super) fn pop_form(&mut self, place: &Form, whole: &Form) -> Outcome {
        let first = self.fresh();
        let _ = write!(self.out, "(let (({first} (%car ");
        self.form(place, Position::Inner)?;
        self.push("))) ");
        let shorter = Form::list([Form::symbol("CDR"), place.clone()]);
        self.set_place(place, &shorter, whole)?;
        let _ = write!(self.out, " {first})");
        Ok(())
    }
}

/// What sets the place that this function reads. It takes the value first.
fn setter(reader: &str) -> Option<&'static str> {
    match reader {
        "GETHASH" | "HASH-REF" => Some("%set-gethash"),
        "AREF" | "SVREF" | "ELT" | "VECTOR-REF" => Some("%set-aref"),
        _ => None,
    }
}
