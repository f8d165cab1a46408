//! Functions: their parameters and their bodies.

use std::fmt::Write;

use wire::Symbol;

use super::escape;
use super::{NIL, NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

/// A lambda list, as Common Lisp or Scheme writes it.
#[derive(Default)]
struct Parameters {
    required: Vec<Symbol>,
    optional: Vec<Optional>,
    rest: Option<Symbol>,
    keys: Option<Vec<Optional>>,
}

/// `x`, `(x default)` or `(x default given)`.
struct Optional {
    symbol: Symbol,
    default: Form,
    given: Option<Symbol>,
}

impl Translator<'_> {
    /// A lambda with this list of parameters. `name` is of the block that its body is, if it is one.
    pub(super) fn lambda(
        &mut self,
        parameters: &Form,
        body: &[Form],
        name: Option<&Symbol>,
    ) -> Outcome {
        let parameters = Parameters::parse(parameters)?;
        let mark = self.scope.mark();
        let (more, takes_more) = (self.fresh(), parameters.takes_more());
        let all = takes_more && parameters.required.is_empty();
        self.push(if all { "(lambda " } else { "(lambda (" });
        for symbol in &parameters.required {
            let variable = self.bind(symbol);
            self.push(&variable);
            self.push(" ");
        }
        if takes_more {
            let _ = write!(self.out, "{}{more}", if all { "" } else { ". " });
        }
        self.push(if all { " " } else { ") " });
        let open = if takes_more { self.more(&parameters, more)? } else { 0 };
        let body = without_docs(body);
        match name {
            Some(name) if escape::leaves(body, name) => {
                self.block(name, |this| this.scoped_body(body, Position::Inner))?;
            }
            _ => self.scoped_body(body, Position::Tail)?,
        }
        self.push(&")".repeat(open + 1));
        self.scope.leave(mark);
        Ok(())
    }

    /// Binds what is not required, from the list of further arguments. Gives how many
    /// parentheses are open.
    fn more(&mut self, parameters: &Parameters, mut more: String) -> Result<usize, NoMeaning> {
        let mut open = 0;
        for optional in &parameters.optional {
            let rest = self.fresh();
            let given = format!("(pair? {more})");
            self.optional(optional, &given, &format!("(car {more})"))?;
            let _ = write!(self.out, "(let (({rest} (if {given} (cdr {more}) {more}))) ");
            more = rest;
            open += 2;
        }
        if let Some(rest) = &parameters.rest {
            let variable = self.bind(rest);
            let _ = write!(self.out, "(let (({variable} {more})) ");
            open += 1;
        }
        for key in parameters.keys.iter().flatten() {
            let index = self.constants.len();
            self.constants.push(Form::Symbol(Symbol::keyword(key.symbol.name())));
            let found = self.fresh();
            let _ = write!(self.out, "(let (({found} (%find-key {more} k{index}))) ");
            self.optional(key, &format!("(pair? {found})"), &format!("(car {found})"))?;
            open += 2;
        }
        if parameters.rest.is_none() && parameters.keys.is_none() {
            let _ = write!(self.out, "(begin (%no-more {more}) ");
            open += 1;
        }
        Ok(open)
    }

    /// `(let ((v given? value : default)) `, left open.
    fn optional(&mut self, optional: &Optional, given: &str, value: &str) -> Outcome {
        let name = self.fresh();
        let supplied = optional.given.as_ref().map(|symbol| (symbol, self.fresh()));
        let _ = write!(self.out, "(let (({name} (if {given} {value} ");
        self.form(&optional.default, Position::Inner)?;
        self.push("))");
        if let Some((_, supplied)) = &supplied {
            let _ = write!(self.out, " ({supplied} {given})");
        }
        self.push(") ");
        self.scope.bind(&optional.symbol, &name);
        if let Some((symbol, supplied)) = &supplied {
            self.scope.bind(symbol, supplied);
        }
        Ok(())
    }

    /// A body that may begin with definitions of its own, as in Scheme.
    pub(super) fn scoped_body(&mut self, body: &[Form], position: Position) -> Outcome {
        let defined: Vec<_> = body.iter().filter_map(super::definition::defined_by).collect();
        if defined.is_empty() {
            return self.body(body, position);
        }
        let mark = self.scope.mark();
        self.push("(let (");
        for symbol in defined {
            let name = self.bind_boxed(symbol);
            let _ = write!(self.out, "({name} (box {NIL}))");
        }
        self.push(") ");
        self.body(body, position)?;
        self.push(")");
        self.scope.leave(mark);
        Ok(())
    }

    /// Gives a variable a Scheme name, of a box.
    pub(super) fn bind_boxed(&mut self, symbol: &Symbol) -> String {
        let name = self.fresh();
        self.scope.bind_boxed(symbol, &name);
        name
    }

    /// Gives a variable a Scheme name.
    pub(super) fn bind(&mut self, symbol: &Symbol) -> String {
        let name = self.fresh();
        self.scope.bind(symbol, &name);
        name
    }
}

impl Parameters {
    fn parse(list: &Form) -> Result<Self, NoMeaning> {
        let mut parameters = Self::default();
        let items = match list {
            Form::List(items) => items.items(),
            nil if nil.is_nil() => &[],
            Form::Symbol(all) => {
                parameters.rest = Some(all.clone());
                &[]
            }
            _ => return Err(NoMeaning::of("no list of parameters", list)),
        };
        let mut section = "";
        for item in items {
            match (item, section) {
                (Form::Symbol(symbol), _) if symbol.name().starts_with('&') => {
                    section = known_section(symbol.name())
                        .ok_or_else(|| NoMeaning::of("not covered in parameters", item))?;
                    if section == "&KEY" {
                        parameters.keys = Some(Vec::new());
                    }
                }
                (Form::Symbol(symbol), "") => parameters.required.push(symbol.clone()),
                (Form::Symbol(symbol), "&REST") => parameters.rest = Some(symbol.clone()),
                (_, "&OPTIONAL") => parameters.optional.push(Optional::parse(item)?),
                (_, "&KEY") => {
                    parameters.keys.get_or_insert_default().push(Optional::parse(item)?);
                }
                _ => return Err(NoMeaning::of("no parameter", item)),
            }
        }
        if let Form::List(items) = list {
            match items.tail() {
                None => {}
                Some(Form::Symbol(rest)) => parameters.rest = Some(rest.clone()),
                Some(_) => return Err(NoMeaning::of("no list of parameters", list)),
            }
        }
        Ok(parameters)
    }

    fn takes_more(&self) -> bool {
        !self.optional.is_empty() || self.rest.is_some() || self.keys.is_some()
    }
}

fn known_section(name: &str) -> Option<&'static str> {
    match name {
        "&OPTIONAL" => Some("&OPTIONAL"),
        "&REST" | "&BODY" => Some("&REST"),
        "&KEY" => Some("&KEY"),
        "&ALLOW-OTHER-KEYS" => Some("&ALLOW-OTHER-KEYS"),
        _ => None,
    }
}

impl Optional {
    fn parse(form: &Form) -> Result<Self, NoMeaning> {
        let (symbol, default, given) = match form {
            Form::Symbol(symbol) => (symbol, Form::nil(), None),
            _ => match form.items() {
                Some([Form::Symbol(symbol)]) => (symbol, Form::nil(), None),
                Some([Form::Symbol(symbol), default]) => (symbol, default.clone(), None),
                Some([Form::Symbol(symbol), default, Form::Symbol(given)]) => {
                    (symbol, default.clone(), Some(given.clone()))
                }
                _ => return Err(NoMeaning::of("no parameter", form)),
            },
        };
        Ok(Self { symbol: symbol.clone(), default, given })
    }
}

/// A body without its documentation and declarations.
pub(super) fn without_docs(body: &[Form]) -> &[Form] {
    match body {
        [Form::String(_), rest @ ..] if !rest.is_empty() => without_docs(rest),
        [declaration, rest @ ..] if is_declaration(declaration) => without_docs(rest),
        body => body,
    }
}

fn is_declaration(form: &Form) -> bool {
    matches!(form.items(), Some([Form::Symbol(head), ..]) if head.name() == "DECLARE")
}
