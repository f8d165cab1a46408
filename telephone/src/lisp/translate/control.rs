//! Special forms: who translates which, and the ones that choose and order.

use std::fmt::Write;

use super::case::Unmatched;
use super::table::Special;
use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    pub(super) fn special(
        &mut self,
        special: Special,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        match (special, arguments) {
            (Special::Quote, [form]) => self.quoted(form),
            (Special::Quasiquote, [form]) => return self.quasiquote(form),
            (Special::Function, _) => return self.function_form(whole, arguments),
            (Special::Lambda, [parameters, body @ ..]) => {
                return self.lambda(parameters, body, None);
            }
            (Special::Funcall, _) => return self.funcall(whole, arguments, position),
            (Special::If, [test, then, rest @ ..]) if rest.len() < 2 => {
                return self.choose(test, std::slice::from_ref(then), rest, position);
            }
            (Special::When, [test, body @ ..]) => return self.choose(test, body, &[], position),
            (Special::Unless, [test, body @ ..]) => return self.choose(test, &[], body, position),
            (Special::Cond, clauses) => return self.cond(clauses, position),
            (Special::Case, [key, clauses @ ..]) => {
                return self.case(key, clauses, position, Unmatched::IsNil);
            }
            (Special::Ecase, [key, clauses @ ..]) => {
                return self.case(key, clauses, position, Unmatched::IsAnError);
            }
            (Special::Typecase, [key, clauses @ ..]) => {
                return self.typecase(key, clauses, position, Unmatched::IsNil);
            }
            (Special::Etypecase, [key, clauses @ ..]) => {
                return self.typecase(key, clauses, position, Unmatched::IsAnError);
            }
            (Special::And, forms) => return self.and(forms, position),
            (Special::Or, forms) => return self.or(forms, position),
            (Special::Progn, forms) => return self.body(forms, position),
            (Special::Prog1, [first, rest @ ..]) => return self.prog1(first, rest),
            (Special::The, [_, form]) => return self.form(form, position),
            (Special::Declare, _) => self.push(NIL),
            (Special::Let, _) => return self.let_form(whole, arguments, position),
            (Special::LetStar, _) => return self.let_star(whole, arguments, position),
            (Special::Letrec, _) => return self.letrec(whole, arguments, position),
            (Special::Flet, _) => return self.local_functions(whole, arguments, position, false),
            (Special::Labels, _) => return self.local_functions(whole, arguments, position, true),
            (Special::MultipleValueBind, _) => {
                return self.bind_values(whole, arguments, position);
            }
            (Special::MultipleValueList, [form]) => return self.values_list(form),
            (Special::Defun, _) => return self.defun(whole, arguments),
            (Special::Define, _) => return self.define(whole, arguments),
            (Special::Defvar, _) => return self.defvar(whole, arguments, false),
            (Special::Defparameter, _) => return self.defvar(whole, arguments, true),
            (Special::Setq, _) => return self.setq(whole, arguments),
            (Special::Incf, [place, rest @ ..]) => return self.step(place, "+", rest, whole),
            (Special::Decf, [place, rest @ ..]) => return self.step(place, "-", rest, whole),
            (Special::Push, [item, place]) => return self.push_form(item, place, whole),
            (Special::Pop, [place]) => return self.pop_form(place, whole),
            (Special::Dolist, [header, body @ ..]) => return self.dolist(whole, header, body),
            (Special::Dotimes, [header, body @ ..]) => return self.dotimes(whole, header, body),
            (Special::Do, [variables, end, body @ ..]) => {
                return self.do_form(whole, variables, end, body, false);
            }
            (Special::DoStar, [variables, end, body @ ..]) => {
                return self.do_form(whole, variables, end, body, true);
            }
            (Special::Loop, body) => return self.loop_form(whole, body),
            (Special::While, [test, body @ ..]) => return self.while_form(test, body),
            (Special::Block, _) => return self.block_form(whole, arguments, position),
            (Special::Return, value) => return self.return_from(whole, &Form::nil(), value),
            (Special::ReturnFrom, [name, value @ ..]) => {
                return self.return_from(whole, name, value);
            }
            (Special::HandlerCase, [form, clauses @ ..]) => {
                return self.handler_case(form, clauses);
            }
            (Special::IgnoreErrors, forms) => return self.ignore_errors(forms),
            (Special::UnwindProtect, [form, cleanup @ ..]) => {
                return self.unwind_protect(form, cleanup);
            }
            (Special::Assert, [test, ..]) => return self.assert(test),
            _ => return Err(NoMeaning::of("too few or too many parts in", whole)),
        }
        Ok(())
    }

    pub(super) fn quoted(&mut self, form: &Form) {
        match form {
            nil if nil.is_nil() => self.push(NIL),
            form => self.constant(form.clone()),
        }
    }

    fn choose(&mut self, test: &Form, then: &[Form], or: &[Form], position: Position) -> Outcome {
        self.push("(if ");
        self.test(test)?;
        self.push(" ");
        self.body(then, position)?;
        self.push(" ");
        self.body(or, position)?;
        self.push(")");
        Ok(())
    }

    fn cond(&mut self, clauses: &[Form], position: Position) -> Outcome {
        let mut open = 0;
        for clause in clauses {
            let Some([test, body @ ..]) = clause.items() else {
                return Err(NoMeaning::of("no clause", clause));
            };
            if is_otherwise(test) && !body.is_empty() {
                self.body(body, position)?;
                self.push(&")".repeat(open));
                return Ok(());
            }
            match body {
                [] => {
                    let value = self.fresh();
                    let _ = write!(self.out, "(let (({value} ");
                    self.form(test, Position::Inner)?;
                    let _ = write!(self.out, ")) (if (%true? {value}) {value} ");
                    open += 2;
                }
                [Form::Symbol(arrow), function] if arrow.name() == "=>" => {
                    let value = self.fresh();
                    let _ = write!(self.out, "(let (({value} ");
                    self.form(test, Position::Inner)?;
                    let _ = write!(self.out, ")) (if (%true? {value}) (");
                    self.form(function, Position::Inner)?;
                    let _ = write!(self.out, " {value}) ");
                    open += 2;
                }
                _ => {
                    self.push("(if ");
                    self.test(test)?;
                    self.push(" ");
                    self.body(body, position)?;
                    self.push(" ");
                    open += 1;
                }
            }
        }
        self.push(NIL);
        self.push(&")".repeat(open));
        Ok(())
    }

    fn and(&mut self, forms: &[Form], position: Position) -> Outcome {
        let [first @ .., last] = forms else {
            self.push("#t");
            return Ok(());
        };
        for form in first {
            self.push("(if ");
            self.test(form)?;
            self.push(" ");
        }
        self.form(last, position)?;
        for _ in first {
            let _ = write!(self.out, " {NIL})");
        }
        Ok(())
    }

    fn or(&mut self, forms: &[Form], position: Position) -> Outcome {
        let [first @ .., last] = forms else {
            self.push(NIL);
            return Ok(());
        };
        for form in first {
            let value = self.fresh();
            let _ = write!(self.out, "(let (({value} ");
            self.form(form, Position::Inner)?;
            let _ = write!(self.out, ")) (if (%true? {value}) {value} ");
        }
        self.form(last, position)?;
        self.push(&"))".repeat(first.len()));
        Ok(())
    }

    fn prog1(&mut self, first: &Form, rest: &[Form]) -> Outcome {
        let value = self.fresh();
        let _ = write!(self.out, "(let (({value} ");
        self.form(first, Position::Inner)?;
        self.push(")) ");
        self.body(rest, Position::Inner)?;
        let _ = write!(self.out, " {value})");
        Ok(())
    }
}

/// `t`, `otherwise` and Scheme's `else`, at the head of a clause.
pub(super) fn is_otherwise(form: &Form) -> bool {
    matches!(form, Form::Symbol(symbol) if matches!(symbol.name(), "T" | "ELSE" | "OTHERWISE"))
}
