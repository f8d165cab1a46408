//! What the language has: the names of its special forms and of its functions.

use std::collections::HashMap;
use std::sync::LazyLock;

use wire::Symbol;

use crate::lisp::form::USER;

/// A function of the language.
#[derive(Debug)]
pub(crate) struct Builtin {
    /// What runs it.
    pub(crate) scheme: &'static str,
    /// Its names, Common Lisp's first.
    pub(crate) names: &'static str,
    pub(crate) kind: Kind,
}

/// What translation knows of a function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Nothing more.
    Plain,
    /// It gives Scheme's true or false and nothing else.
    Predicate,
    /// It calls functions: the argument of this number, and those behind `:key` and `:test`.
    Higher(usize),
}

/// Functions that belong together in the documentation.
#[derive(Debug)]
pub(crate) struct Group {
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of the documentation reads it"))]
    pub(crate) title: &'static str,
    pub(crate) builtins: &'static [Builtin],
}

impl Builtin {
    pub(crate) fn is_predicate(&self) -> bool {
        self.kind == Kind::Predicate
    }
}

/// The function of the language that has this name.
pub(crate) fn function(symbol: &Symbol) -> Option<&'static Builtin> {
    static BY_NAME: LazyLock<HashMap<String, &'static Builtin>> = LazyLock::new(|| {
        let builtins = GROUPS.iter().flat_map(|group| group.builtins);
        let named = |builtin: &'static Builtin| {
            builtin.names.split(' ').map(move |name| (name.to_uppercase(), builtin))
        };
        builtins.flat_map(named).collect()
    });
    (symbol.package() == USER).then(|| BY_NAME.get(symbol.name()).copied()).flatten()
}

/// The special form that has this name.
pub(crate) fn special(symbol: &Symbol) -> Option<Special> {
    static BY_NAME: LazyLock<HashMap<String, Special>> = LazyLock::new(|| {
        let named = |&(names, special): &(&'static str, Special)| {
            names.split(' ').map(move |name| (name.to_uppercase(), special))
        };
        SPECIALS.iter().flat_map(named).collect()
    });
    (symbol.package() == USER).then(|| BY_NAME.get(symbol.name()).copied()).flatten()
}

/// The constant that has this name, as Scheme.
pub(super) fn constant(symbol: &Symbol) -> Option<&'static str> {
    (symbol.package() == USER && symbol.name() == "PI").then_some("3.141592653589793")
}

/// The special forms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Special {
    Quote,
    Quasiquote,
    Function,
    Lambda,
    Funcall,
    If,
    When,
    Unless,
    Cond,
    Case,
    Ecase,
    Typecase,
    Etypecase,
    And,
    Or,
    Progn,
    Prog1,
    The,
    Declare,
    Let,
    LetStar,
    Letrec,
    Flet,
    Labels,
    MultipleValueBind,
    MultipleValueList,
    Defun,
    Define,
    Defvar,
    Defparameter,
    Setq,
    Incf,
    Decf,
    Push,
    Pop,
    Dolist,
    Dotimes,
    Do,
    DoStar,
    Loop,
    While,
    Block,
    Return,
    ReturnFrom,
    HandlerCase,
    IgnoreErrors,
    UnwindProtect,
    Assert,
}

/// Each with all of its names.
pub(crate) const SPECIALS: &[(&str, Special)] = &[
    ("quote", Special::Quote),
    ("quasiquote", Special::Quasiquote),
    ("function", Special::Function),
    ("lambda", Special::Lambda),
    ("funcall", Special::Funcall),
    ("if", Special::If),
    ("when", Special::When),
    ("unless", Special::Unless),
    ("cond", Special::Cond),
    ("case", Special::Case),
    ("ecase", Special::Ecase),
    ("typecase", Special::Typecase),
    ("etypecase", Special::Etypecase),
    ("and", Special::And),
    ("or", Special::Or),
    ("progn begin locally", Special::Progn),
    ("prog1", Special::Prog1),
    ("the", Special::The),
    ("declare declaim", Special::Declare),
    ("let", Special::Let),
    ("let*", Special::LetStar),
    ("letrec letrec*", Special::Letrec),
    ("flet", Special::Flet),
    ("labels", Special::Labels),
    ("multiple-value-bind", Special::MultipleValueBind),
    ("multiple-value-list", Special::MultipleValueList),
    ("defun", Special::Defun),
    ("define", Special::Define),
    ("defvar", Special::Defvar),
    ("defparameter defconstant", Special::Defparameter),
    ("setq setf set!", Special::Setq),
    ("incf", Special::Incf),
    ("decf", Special::Decf),
    ("push", Special::Push),
    ("pop", Special::Pop),
    ("dolist", Special::Dolist),
    ("dotimes", Special::Dotimes),
    ("do", Special::Do),
    ("do*", Special::DoStar),
    ("loop", Special::Loop),
    ("while", Special::While),
    ("block", Special::Block),
    ("return", Special::Return),
    ("return-from", Special::ReturnFrom),
    ("handler-case", Special::HandlerCase),
    ("ignore-errors", Special::IgnoreErrors),
    ("unwind-protect", Special::UnwindProtect),
    ("assert", Special::Assert),
];

/// A row: what runs it, its names, its kind.
const fn row(scheme: &'static str, names: &'static str, kind: Kind) -> Builtin {
    Builtin { scheme, names, kind }
}

const PLAIN: Kind = Kind::Plain;
const PREDICATE: Kind = Kind::Predicate;
/// Calls its first argument.
const CALLS_FIRST: Kind = Kind::Higher(0);
/// Calls its second argument.
const CALLS_SECOND: Kind = Kind::Higher(1);
/// Calls what stands behind `:key` and `:test`, and no other argument.
const CALLS_KEYS: Kind = Kind::Higher(usize::MAX);

mod rows;

pub(crate) use rows::GROUPS;
