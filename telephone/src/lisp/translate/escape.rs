//! Leaving early: `block`, `return-from`, `return`.

use std::fmt::Write;

use wire::Symbol;

use super::scope::Block;
use super::{NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// A body that `return-from` this name leaves. It costs a continuation, so that it is made only
    /// where something [leaves].
    pub(super) fn block(
        &mut self,
        name: &Symbol,
        body: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let block = Block { leave: self.fresh(), depth: self.fresh() };
        let Block { leave, depth } = &block;
        let _ = write!(self.out, "(let (({depth} (%depth))) (call/cc (lambda ({leave}) ");
        let mark = self.scope.mark();
        self.scope.bind_block(name, block.clone());
        body(self)?;
        self.scope.leave(mark);
        self.push(")))");
        Ok(())
    }

    /// A body that `(return)` leaves, if there is one in it.
    pub(super) fn nil_block(
        &mut self,
        forms: &[Form],
        body: impl FnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        let nil = Symbol::nil();
        if leaves(forms, &nil) { self.block(&nil, body) } else { body(self) }
    }

    /// `(block name . body)`.
    pub(super) fn block_form(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let [Form::Symbol(name), body @ ..] = arguments else {
            return Err(NoMeaning::of("block wants a name", whole));
        };
        if leaves(body, name) {
            return self.block(name, |this| this.body(body, Position::Inner));
        }
        self.body(body, position)
    }

    /// `(return-from name value)`.
    pub(super) fn return_from(&mut self, whole: &Form, name: &Form, value: &[Form]) -> Outcome {
        let Form::Symbol(name) = name else {
            return Err(NoMeaning::of("return-from wants a name", whole));
        };
        let Some(Block { leave, depth }) = self.scope.block(name).cloned() else {
            return Err(NoMeaning::new(format!("there is no block named {name} around {whole}")));
        };
        let result = self.fresh();
        let _ = write!(self.out, "(let (({result} ");
        self.body(value, Position::Inner)?;
        let _ = write!(self.out, ")) (%set-depth {depth}) ({leave} {result}))");
        Ok(())
    }
}

/// Whether there is a `return-from` this name in the forms. One in quoted data counts too, which
/// costs a continuation and changes nothing.
pub(super) fn leaves(forms: &[Form], name: &Symbol) -> bool {
    let mut waiting: Vec<&Form> = forms.iter().collect();
    while let Some(form) = waiting.pop() {
        let Form::List(list) = form else {
            continue;
        };
        if let [Form::Symbol(head), rest @ ..] = list.items() {
            let target = match head.name() {
                "RETURN" => Some(Symbol::nil()),
                "RETURN-FROM" => match rest.first() {
                    Some(Form::Symbol(target)) => Some(target.clone()),
                    _ => None,
                },
                _ => None,
            };
            if target.as_ref() == Some(name) {
                return true;
            }
        }
        waiting.extend(list.items());
    }
    false
}
