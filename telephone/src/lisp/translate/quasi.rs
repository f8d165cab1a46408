//! Quasiquotation: templates with values in them.

use super::{NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// `` `template ``.
    pub(super) fn quasiquote(&mut self, template: &Form) -> Outcome {
        self.template(template, 1)
    }

    /// A template inside of so many quasiquotes.
    fn template(&mut self, template: &Form, level: usize) -> Outcome {
        self.depth += 1;
        if self.depth > super::MAX_CODE_DEPTH {
            return Err(NoMeaning::of("the template nests too deeply", template));
        }
        match marked(template) {
            Some(("UNQUOTE", form)) if level == 1 => self.form(form, Position::Inner)?,
            Some((mark, inner)) => {
                let level = if mark == "QUASIQUOTE" { level + 1 } else { level - 1 };
                self.push("(%list ");
                self.constant(Form::symbol(mark));
                self.push(" ");
                self.template(inner, level)?;
                self.push(")");
            }
            None => self.template_list(template, level)?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn template_list(&mut self, template: &Form, level: usize) -> Outcome {
        let (list, whole) = match template {
            Form::List(list) => (list, "(%append "),
            Form::Vector(list) => (list, "(%list->vector (%append "),
            atom => {
                self.constant(atom.clone());
                return Ok(());
            }
        };
        // `(a . ,b)` reads as `(a unquote b)`.
        let (items, tail) = match (list.items(), list.tail()) {
            ([items @ .., Form::Symbol(mark), form], None)
                if mark.name() == "UNQUOTE" && !items.is_empty() =>
            {
                (items, Some(Form::list([Form::symbol("UNQUOTE"), form.clone()])))
            }
            (items, tail) => (items, tail.cloned()),
        };
        self.push(whole);
        for item in items {
            match marked(item) {
                Some(("UNQUOTE-SPLICING", form)) if level == 1 => {
                    self.form(form, Position::Inner)?;
                }
                _ => {
                    self.push("(%list ");
                    self.template(item, level)?;
                    self.push(")");
                }
            }
            self.push(" ");
        }
        match tail {
            Some(tail) => self.template(&tail, level)?,
            None => self.push(super::NIL),
        }
        self.push(if matches!(template, Form::Vector(_)) { "))" } else { ")" });
        Ok(())
    }
}

/// The mark of a list such as `(UNQUOTE form)`, and the form.
fn marked(form: &Form) -> Option<(&'static str, &Form)> {
    let [Form::Symbol(head), form] = form.items()? else {
        return None;
    };
    let marks = ["QUASIQUOTE", "UNQUOTE", "UNQUOTE-SPLICING"];
    marks.into_iter().find(|mark| *mark == head.name()).map(|mark| (mark, form))
}
