//! Setting variables and places.

use std::fmt::Write;

use wire::Symbol;

use super::scope::Mark;
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
        let mut once = self.once();
        let place = once.place(self, place)?;
        let by = once.form(self, &by)?;
        let sum = Form::list([Form::symbol(operator), place.clone(), by]);
        self.set_place(&place, &sum, whole)?;
        once.end(self);
        Ok(())
    }

    /// `(push item place)`.
    pub(super) fn push_form(&mut self, item: &Form, place: &Form, whole: &Form) -> Outcome {
        let mut once = self.once();
        let item = once.form(self, item)?;
        let place = once.place(self, place)?;
        let longer = Form::list([Form::symbol("CONS"), item, place.clone()]);
        self.set_place(&place, &longer, whole)?;
        once.end(self);
        Ok(())
    }

    /// `(pop place)`.
    pub(super) fn pop_form(&mut self, place: &Form, whole: &Form) -> Outcome {
        let mut once = self.once();
        let place = once.place(self, place)?;
        let first = self.fresh();
        let _ = write!(self.out, "(let (({first} (%car ");
        self.form(&place, Position::Inner)?;
        self.push("))) ");
        let shorter = Form::list([Form::symbol("CDR"), place.clone()]);
        self.set_place(&place, &shorter, whole)?;
        let _ = write!(self.out, " {first})");
        once.end(self);
        Ok(())
    }

    fn once(&self) -> Once {
        Once { mark: self.scope.mark(), open: 0 }
    }
}

/// Values of forms that stand twice in what a form becomes, and are evaluated once.
struct Once {
    mark: Mark,
    open: usize,
}

impl Once {
    /// What stands for the form's value from here on.
    fn form(&mut self, translator: &mut Translator<'_>, form: &Form) -> Result<Form, NoMeaning> {
        if !matches!(form, Form::Symbol(_) | Form::List(_)) {
            return Ok(form.clone());
        }
        let name = translator.fresh();
        let _ = write!(translator.out, "(let (({name} ");
        translator.form(form, Position::Inner)?;
        translator.push(")) ");
        self.open += 1;
        // No symbol of a command is in this package.
        let symbol = Symbol::new(&name, " once");
        translator.scope.bind(&symbol, &name);
        Ok(Form::Symbol(symbol))
    }

    /// The place with what stands for the values of its parts.
    fn place(&mut self, translator: &mut Translator<'_>, place: &Form) -> Result<Form, NoMeaning> {
        let Some([reader, parts @ ..]) = place.items() else {
            return Ok(place.clone());
        };
        let mut place = vec![reader.clone()];
        for part in parts {
            place.push(self.form(translator, part)?);
        }
        Ok(Form::list(place))
    }

    fn end(self, translator: &mut Translator<'_>) {
        translator.scope.leave(self.mark);
        translator.push(&")".repeat(self.open));
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
