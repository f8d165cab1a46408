//! Errors: taking them, cleaning up behind them, and asserting.

use std::fmt::Write;

use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// `(handler-case form (error (c) ..) ..)`.
    ///
    /// The handler and the form each give a thunk, which is called when the form is left, so that
    /// an error in a clause is not taken by the clauses beside it. `:no-error`, which is the last
    /// clause, takes the form's values.
    pub(super) fn handler_case(&mut self, form: &Form, clauses: &[Form]) -> Outcome {
        let (clauses, no_error) = match clauses {
            [clauses @ .., last] if is_no_error(last) => (clauses, last.items()),
            clauses => (clauses, None),
        };
        self.handled(
            |this| match no_error {
                Some(_) => this.values_list(form),
                None => this.form(form, Position::Inner),
            },
            |this, value| match no_error {
                Some([_, parameters, body @ ..]) => {
                    this.push("(apply ");
                    this.lambda(parameters, body, None)?;
                    let _ = write!(this.out, " {value})");
                    Ok(())
                }
                Some(_) => Err(NoMeaning::new(":no-error wants variables")),
                None => this.given(value),
            },
            |this, condition| {
                let mut open = 0;
                for clause in clauses {
                    if is_no_error(clause) {
                        return Err(NoMeaning::of("this clause must be the last", clause));
                    }
                    let Some([types, variable, body @ ..]) = clause.items() else {
                        return Err(NoMeaning::of("no clause of handler-case", clause));
                    };
                    let _ = write!(this.out, "(if (%condition-is? {condition} ");
                    this.constant(types.clone());
                    this.push(") (lambda () ");
                    this.clause(condition, variable, body)?;
                    this.push(") ");
                    open += 1;
                }
                let _ = write!(this.out, "(%signal {condition})");
                this.push(&")".repeat(open));
                Ok(())
            },
        )
    }

    fn clause(&mut self, condition: &str, variable: &Form, body: &[Form]) -> Outcome {
        let mark = self.scope.mark();
        match variable.items() {
            Some([Form::Symbol(symbol)]) => self.scope.bind(symbol, condition),
            Some([]) => {}
            _ => return Err(NoMeaning::of("a clause binds one variable or none", variable)),
        }
        self.body(body, Position::Inner)?;
        self.scope.leave(mark);
        Ok(())
    }

    /// `(ignore-errors ..)`: NIL where there was one.
    pub(super) fn ignore_errors(&mut self, forms: &[Form]) -> Outcome {
        self.handled(
            |this| this.body(forms, Position::Inner),
            Self::given,
            |this, _| {
                let _ = write!(this.out, "(lambda () {NIL})");
                Ok(())
            },
        )
    }

    /// `(unwind-protect form cleanup ..)`: cleans up behind a value and behind an error, but not
    /// behind a `return-from` out of it.
    pub(super) fn unwind_protect(&mut self, form: &Form, cleanup: &[Form]) -> Outcome {
        let clean = self.fresh();
        let _ = write!(self.out, "(let (({clean} (lambda () ");
        self.body(cleanup, Position::Inner)?;
        self.push("))) (%before ");
        self.handled(
            |this| this.form(form, Position::Inner),
            Self::given,
            |this, condition| {
                let _ = write!(this.out, "(lambda () ({clean}) (%signal {condition}))");
                Ok(())
            },
        )?;
        let _ = write!(self.out, " {clean}))");
        Ok(())
    }

    /// A value as it is.
    fn given(&mut self, value: &str) -> Outcome {
        self.push(value);
        Ok(())
    }

    fn handled(
        &mut self,
        form: impl FnOnce(&mut Self) -> Outcome,
        done: impl FnOnce(&mut Self, &str) -> Outcome,
        handler: impl FnOnce(&mut Self, &str) -> Outcome,
    ) -> Outcome {
        let (depth, error, value) = (self.fresh(), self.fresh(), self.fresh());
        let condition = self.fresh();
        let _ = write!(
            self.out,
            "(let (({depth} (%depth))) ((call-with-exception-handler (lambda ({error}) \
             (let (({condition} (%condition {error}))) (%set-depth {depth}) "
        );
        handler(self, &condition)?;
        let _ = write!(self.out, ")) (lambda () (let (({value} ");
        form(self)?;
        self.push(")) (lambda () ");
        done(self, &value)?;
        self.push("))))))");
        Ok(())
    }

    pub(super) fn assert(&mut self, test: &Form) -> Outcome {
        self.push("(if ");
        self.test(test)?;
        let _ = write!(self.out, " {NIL} (%failed-assertion ");
        self.constant(test.clone());
        self.push("))");
        Ok(())
    }
}

fn is_no_error(clause: &Form) -> bool {
    let first = clause.items().and_then(<[Form]>::first);
    matches!(first, Some(Form::Symbol(symbol)) if symbol.is_keyword() && symbol.name() == "NO-ERROR")
}
