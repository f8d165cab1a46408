//! Choosing by what a value is: `case` and `typecase`.

use std::fmt::Write;

use super::control::is_otherwise;
use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

/// What it is when no clause takes the value: `case` and `typecase` give NIL, `ecase` and
/// `etypecase` unwind.
#[derive(Clone, Copy)]
pub(super) enum Unmatched {
    IsNil,
    IsAnError,
}

impl Translator<'_> {
    pub(super) fn case(
        &mut self,
        key: &Form,
        clauses: &[Form],
        position: Position,
        unmatched: Unmatched,
    ) -> Outcome {
        self.choices(key, clauses, position, unmatched, |this, value, keys| {
            // One key may stand without parentheses; NIL there is a list of none.
            let keys = match keys {
                Form::List(_) => keys.clone(),
                nil if nil.is_nil() => nil.clone(),
                atom => Form::list([atom.clone()]),
            };
            let _ = write!(this.out, "(%memv? {value} ");
            this.quoted(&keys);
            this.push(")");
        })
    }

    pub(super) fn typecase(
        &mut self,
        key: &Form,
        clauses: &[Form],
        position: Position,
        unmatched: Unmatched,
    ) -> Outcome {
        self.choices(key, clauses, position, unmatched, |this, value, name| {
            let _ = write!(this.out, "(%typep {value} ");
            this.quoted(name);
            this.push(")");
        })
    }

    fn choices(
        &mut self,
        key: &Form,
        clauses: &[Form],
        position: Position,
        unmatched: Unmatched,
        test: impl Fn(&mut Self, &str, &Form),
    ) -> Outcome {
        let value = self.fresh();
        let _ = write!(self.out, "(let (({value} ");
        self.form(key, Position::Inner)?;
        self.push(")) ");
        let mut open = 1;
        let mut otherwise: Option<&[Form]> = None;
        for clause in clauses {
            let Some([keys, body @ ..]) = clause.items() else {
                return Err(NoMeaning::of("no clause", clause));
            };
            if is_otherwise(keys) {
                otherwise = Some(body);
                break;
            }
            self.push("(if ");
            test(self, &value, keys);
            self.push(" ");
            self.body(body, position)?;
            self.push(" ");
            open += 1;
        }
        match (otherwise, unmatched) {
            (Some(body), _) => self.body(body, position)?,
            (None, Unmatched::IsNil) => self.push(NIL),
            (None, Unmatched::IsAnError) => {
                let _ = write!(self.out, "(%no-clause {value})");
            }
        }
        self.push(&")".repeat(open));
        Ok(())
    }
}
