//! Calls: what an operator is, and who is called.

use wire::Symbol;

use super::table::{self, Builtin, Kind};
use super::{NoMeaning, Outcome, Position, Translator};
use crate::lisp::Form;

impl Translator<'_> {
    /// A list as code: a special form or a call.
    pub(super) fn operation(
        &mut self,
        whole: &Form,
        operator: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let Form::Symbol(symbol) = operator else {
            return self.guarded(position, |this| {
                this.push("(");
                this.form(operator, Position::Inner)?;
                this.arguments(arguments)
            });
        };
        // A command's own function may have the name of a special form.
        if !self.functions.contains_key(symbol) && self.scope.function(symbol).is_none() {
            if let Some(special) = table::special(symbol) {
                return self.special(special, whole, arguments, position);
            }
        }
        self.call(symbol, arguments, position)
    }

    fn call(&mut self, symbol: &Symbol, arguments: &[Form], position: Position) -> Outcome {
        if let Some(variable) = self.scope.variable(symbol).map(|variable| variable.read()) {
            // Scheme calls what a variable holds, Common Lisp the function of that name. Where
            // there is both, it is the variable if what it holds can be called.
            let function = self.function_name(symbol);
            let operator = match function {
                Some(function) => format!("(%operator {variable} {function})"),
                // What is set may be in a box of the engine's, which it overlooks when it calls.
                None if self.variables.contains_key(symbol) => format!("(%callee {variable})"),
                None => variable,
            };
            return self.call_unknown(&operator, arguments, position);
        }
        if let Some(function) = self.scope.function(symbol).map(|function| function.0.clone()) {
            return self.call_unknown(&function, arguments, position);
        }
        match (self.functions.get(symbol).cloned(), self.variables.get(symbol).cloned()) {
            (Some(function), Some(variable)) => {
                let operator = format!("(%operator {variable} {function})");
                return self.call_unknown(&operator, arguments, position);
            }
            (Some(name), None) => return self.call_unknown(&name, arguments, position),
            (None, Some(variable)) => {
                if let Some(function) = self.global_function(symbol) {
                    let operator = format!("(%operator {variable} {function})");
                    return self.call_unknown(&operator, arguments, position);
                }
                return self.call_unknown(&variable, arguments, position);
            }
            (None, None) => {}
        }
        if let Some(builtin) = table::function(symbol) {
            return self.call_builtin(builtin, arguments, position);
        }
        if let Some(name) = self.offered.get(symbol).cloned() {
            self.push("(");
            self.push(&name);
            return self.arguments(arguments);
        }
        self.push("(");
        self.named("%undefined", symbol);
        self.arguments(arguments)
    }

    /// A call of what a Scheme expression says.
    pub(super) fn call_local(
        &mut self,
        name: &str,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        self.call_unknown(name, arguments, position)
    }

    /// A call of something that may call back into the command, or is part of it.
    fn call_unknown(&mut self, operator: &str, arguments: &[Form], position: Position) -> Outcome {
        self.guarded(position, |this| {
            this.push("(");
            this.push(operator);
            this.arguments(arguments)
        })
    }

    fn call_builtin(
        &mut self,
        builtin: &Builtin,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let Kind::Higher(function_at) = builtin.kind else {
            self.push("(");
            self.push(builtin.scheme);
            return self.arguments(arguments);
        };
        // Common Lisp's `(map 'list f l)` has a type first, where Scheme's has the function.
        let typed = builtin.scheme == "%map" && arguments.first().is_some_and(names_sequence_type);
        let function_at = function_at + usize::from(typed);
        // What a function of the language calls is deeper than the call of it, even in tail position.
        let position = if builtin.scheme == "%apply" { position } else { Position::Inner };
        self.guarded(position, |this| {
            this.push("(");
            this.push(builtin.scheme);
            for (index, argument) in arguments.iter().enumerate() {
                this.push(" ");
                let keyed = index > 0 && names_function(&arguments[index - 1]);
                match quoted_symbol(argument).filter(|_| index == function_at || keyed) {
                    Some(symbol) => this.function(symbol),
                    None => this.form(argument, Position::Inner)?,
                }
            }
            this.push(")");
            Ok(())
        })
    }

    /// `(funcall f ..)`: a call of what `f` evaluates to.
    pub(super) fn funcall(
        &mut self,
        whole: &Form,
        arguments: &[Form],
        position: Position,
    ) -> Outcome {
        let [function, arguments @ ..] = arguments else {
            return Err(NoMeaning::of("funcall wants a function", whole));
        };
        self.guarded(position, |this| {
            this.push("(");
            match quoted_symbol(function) {
                Some(symbol) => this.function(symbol),
                None => this.form(function, Position::Inner)?,
            }
            this.arguments(arguments)
        })
    }

    /// `#'f`.
    pub(super) fn function_form(&mut self, whole: &Form, arguments: &[Form]) -> Outcome {
        match arguments {
            [Form::Symbol(symbol)] => self.function(symbol),
            [lambda @ Form::List(_)] => self.form(lambda, Position::Inner)?,
            _ => return Err(NoMeaning::of("function wants a name or a lambda", whole)),
        }
        Ok(())
    }

    fn function(&mut self, symbol: &Symbol) {
        match self.function_name(symbol) {
            Some(name) => self.push(&name),
            None => match self.scope.variable(symbol).map(|variable| variable.read()) {
                Some(read) => self.push(&read),
                None => match self.variables.get(symbol).cloned() {
                    Some(name) => self.push(&name),
                    None => self.named("%no-function", symbol),
                },
            },
        }
    }

    /// The arguments and the parenthesis behind them.
    pub(super) fn arguments(&mut self, arguments: &[Form]) -> Outcome {
        for argument in arguments {
            self.push(" ");
            self.form(argument, Position::Inner)?;
        }
        self.push(")");
        Ok(())
    }

    /// Counts a call that is not in tail position, so that recursion without end ends at a limit
    /// that has a name and not with the memory.
    fn guarded(&mut self, position: Position, call: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        if position == Position::Tail {
            return call(self);
        }
        self.push("(%out (begin (%in) ");
        call(self)?;
        self.push("))");
        Ok(())
    }
}

/// The symbol of `'f` or `#'f`.
fn quoted_symbol(form: &Form) -> Option<&Symbol> {
    match form.items()? {
        [Form::Symbol(head), Form::Symbol(symbol)]
            if head.name() == "QUOTE" && !symbol.is_nil() && !symbol.is_keyword() =>
        {
            Some(symbol)
        }
        _ => None,
    }
}

/// Whether this is a keyword behind which a function stands.
fn names_function(form: &Form) -> bool {
    let is = |symbol: &Symbol| {
        symbol.is_keyword() && matches!(symbol.name(), "TEST" | "TEST-NOT" | "KEY")
    };
    matches!(form, Form::Symbol(symbol) if is(symbol))
}

/// Whether this is `'list` or the like, or the `nil` of a `map` that makes nothing.
fn names_sequence_type(form: &Form) -> bool {
    const TYPES: &[&str] = &["LIST", "VECTOR", "SIMPLE-VECTOR", "STRING", "SIMPLE-STRING"];
    form.is_nil() || quoted_symbol(form).is_some_and(|symbol| TYPES.contains(&symbol.name()))
}
