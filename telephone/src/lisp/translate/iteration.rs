//! Loops, each as a local function that calls itself in tail position.

use std::fmt::Write;

use wire::Symbol;

use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

/// A variable of `do`: its first value, and what it becomes with each turn.
struct Stepped<'a> {
    symbol: &'a Symbol,
    first: Form,
    step: Option<&'a Form>,
}

impl Translator<'_> {
    /// `(dolist (x list result) ..)`.
    pub(super) fn dolist(&mut self, whole: &Form, header: &Form, body: &[Form]) -> Outcome {
        let (symbol, list, result) = parse(whole, header)?;
        self.nil_block(body, |this| {
            let (again, rest) = (this.fresh(), this.fresh());
            this.open_boxes(std::slice::from_ref(&again));
            let _ = write!(this.out, "(set-box! {again} (lambda ({rest}) (if (pair? {rest}) ");
            let mark = this.scope.mark();
            let variable = this.bind(symbol);
            let _ = write!(this.out, "(let (({variable} (car {rest}))) ");
            this.body(body, Position::Inner)?;
            this.scope.leave(mark);
            let _ = write!(this.out, " ((unbox {again}) (cdr {rest}))) ");
            this.body(result, Position::Inner)?;
            let _ = write!(this.out, "))) ((unbox {again}) (%items ");
            this.form(list, Position::Inner)?;
            this.push(")))");
            Ok(())
        })
    }

    /// `(dotimes (i n result) ..)`.
    pub(super) fn dotimes(&mut self, whole: &Form, header: &Form, body: &[Form]) -> Outcome {
        let (symbol, count, result) = parse(whole, header)?;
        self.nil_block(body, |this| {
            let (again, end, index) = (this.fresh(), this.fresh(), this.fresh());
            let _ = write!(this.out, "(let (({again} (box {NIL})) ({end} ");
            this.form(count, Position::Inner)?;
            let _ =
                write!(this.out, ")) (set-box! {again} (lambda ({index}) (if (< {index} {end}) ");
            let mark = this.scope.mark();
            let variable = this.bind(symbol);
            let _ = write!(this.out, "(let (({variable} {index})) ");
            this.body(body, Position::Inner)?;
            let _ =
                write!(this.out, " ((unbox {again}) (+ {index} 1))) (let (({variable} {index})) ");
            this.body(result, Position::Inner)?;
            this.scope.leave(mark);
            let _ = write!(this.out, ")))) ((unbox {again}) 0))");
            Ok(())
        })
    }

    /// `(do ((i 0 (+ i 1))) (end? result) ..)`, and `do*`, which sets one variable after the other.
    pub(super) fn do_form(
        &mut self,
        whole: &Form,
        variables: &Form,
        end: &Form,
        body: &[Form],
        in_order: bool,
    ) -> Outcome {
        let stepped = variables.items().unwrap_or_default().iter().map(Stepped::parse);
        let stepped = stepped.collect::<Result<Vec<_>, _>>()?;
        let Some([test, result @ ..]) = end.items() else {
            return Err(NoMeaning::of("do wants a list of an end's test and results", whole));
        };
        self.nil_block(body, |this| {
            let again = this.fresh();
            let mark = this.scope.mark();
            this.open_boxes(std::slice::from_ref(&again));
            let names = this.first_values(&stepped, in_order)?;
            let _ = write!(this.out, "(set-box! {again} (lambda () (if ");
            this.test(test)?;
            this.push(" ");
            this.body(result, Position::Inner)?;
            this.push(" (begin ");
            this.body(body, Position::Inner)?;
            this.step_all(&stepped, &names, in_order)?;
            let _ = write!(this.out, " ((unbox {again})))))) ((unbox {again}))");
            this.push(&")".repeat(1 + if in_order { names.len() } else { 1 }));
            this.scope.leave(mark);
            Ok(())
        })
    }

    fn first_values(
        &mut self,
        stepped: &[Stepped<'_>],
        in_order: bool,
    ) -> Result<Vec<String>, NoMeaning> {
        let mut names = Vec::new();
        if !in_order {
            self.push("(let (");
        }
        for variable in stepped {
            let name = self.fresh();
            let _ = write!(self.out, "{}({name} ", if in_order { "(let (" } else { "" });
            self.form(&variable.first, Position::Inner)?;
            self.push(if in_order { ")) " } else { ")" });
            if in_order {
                self.scope.bind(variable.symbol, &name);
            }
            names.push(name);
        }
        if !in_order {
            self.push(") ");
            for (variable, name) in stepped.iter().zip(&names) {
                self.scope.bind(variable.symbol, name);
            }
        }
        Ok(names)
    }

    fn step_all(&mut self, stepped: &[Stepped<'_>], names: &[String], in_order: bool) -> Outcome {
        let steps: Vec<_> = stepped
            .iter()
            .zip(names)
            .filter_map(|(variable, name)| variable.step.map(|step| (step, name)))
            .collect();
        if in_order {
            for (step, name) in steps {
                let _ = write!(self.out, " (set! {name} ");
                self.form(step, Position::Inner)?;
                self.push(")");
            }
            return Ok(());
        }
        self.push(" (let (");
        let mut next = Vec::new();
        for (step, name) in steps {
            let value = self.fresh();
            let _ = write!(self.out, "({value} ");
            self.form(step, Position::Inner)?;
            self.push(")");
            next.push((name, value));
        }
        self.push(") ");
        for (name, value) in next {
            let _ = write!(self.out, "(set! {name} {value})");
        }
        self.push("#f)");
        Ok(())
    }

    /// `(loop ..)` without clauses: over and over, until something leaves it.
    pub(super) fn loop_form(&mut self, whole: &Form, body: &[Form]) -> Outcome {
        if let Some(clause @ Form::Symbol(_)) = body.first() {
            return Err(NoMeaning::of(
                &format!(
                    "the clauses of loop ({clause} here) are not covered; use dolist, dotimes or do"
                ),
                whole,
            ));
        }
        self.while_form(&Form::t(), body)
    }

    /// `(while test ..)`.
    pub(super) fn while_form(&mut self, test: &Form, body: &[Form]) -> Outcome {
        self.nil_block(body, |this| {
            let again = this.fresh();
            this.open_boxes(std::slice::from_ref(&again));
            let _ = write!(this.out, "(set-box! {again} (lambda () (if ");
            this.test(test)?;
            this.push(" (begin ");
            this.body(body, Position::Inner)?;
            let _ = write!(this.out, " ((unbox {again}))) {NIL}))) ((unbox {again})))");
            Ok(())
        })
    }
}

impl<'a> Stepped<'a> {
    fn parse(form: &'a Form) -> Result<Self, NoMeaning> {
        match (form, form.items()) {
            (Form::Symbol(symbol), _) | (_, Some([Form::Symbol(symbol)])) => {
                Ok(Self { symbol, first: Form::nil(), step: None })
            }
            (_, Some([Form::Symbol(symbol), first])) => {
                Ok(Self { symbol, first: first.clone(), step: None })
            }
            (_, Some([Form::Symbol(symbol), first, step])) => {
                Ok(Self { symbol, first: first.clone(), step: Some(step) })
            }
            _ => Err(NoMeaning::of("no variable of do", form)),
        }
    }
}

/// `(variable form result..)`.
fn parse<'a>(
    whole: &Form,
    header: &'a Form,
) -> Result<(&'a Symbol, &'a Form, &'a [Form]), NoMeaning> {
    match header.items() {
        Some([Form::Symbol(symbol), form, result @ ..]) => Ok((symbol, form, result)),
        _ => Err(NoMeaning::of("a loop wants (variable form result)", whole)),
    }
}
