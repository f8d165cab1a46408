//! What names mean at one point of a command.

use wire::Symbol;

/// The names that are bound around a form, the innermost last. Common Lisp has names for
/// variables, functions and blocks apart, and a name may be all three.
#[derive(Default)]
pub(super) struct Scope {
    bound: Vec<(Symbol, Binding)>,
}

enum Binding {
    Variable(Variable),
    Function(Function),
    Block(Block),
}

/// A variable, by its Scheme name.
#[derive(Clone)]
pub(super) struct Variable {
    name: String,
    /// Whether the name is of a box that holds the value. What is set after it was captured is put
    /// into one here: the engine does so too, and then does not find the function in it when it
    /// calls it in tail position.
    boxed: bool,
}

/// The Scheme expression for a local function.
#[derive(Clone)]
pub(super) struct Function(pub(super) String);

impl Variable {
    pub(super) fn boxed(name: &str) -> Self {
        Self { name: name.to_owned(), boxed: true }
    }

    /// What reads it.
    pub(super) fn read(&self) -> String {
        if self.boxed { unboxed(&self.name) } else { self.name.clone() }
    }

    /// What sets it, up to the value.
    pub(super) fn setter(&self) -> String {
        if self.boxed { format!("set-box! {}", self.name) } else { format!("set! {}", self.name) }
    }
}

/// What reads the box of this name.
pub(super) fn unboxed(name: &str) -> String {
    format!("(unbox {name})")
}

/// What leaves a block: the Scheme names of its continuation and of the depth that it began at.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) leave: String,
    pub(super) depth: String,
}

/// How much was bound at some point, to go back to.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl Scope {
    pub(super) fn mark(&self) -> Mark {
        Mark(self.bound.len())
    }

    /// Forgets what was bound since.
    pub(super) fn leave(&mut self, mark: Mark) {
        self.bound.truncate(mark.0);
    }

    pub(super) fn bind(&mut self, symbol: &Symbol, name: &str) {
        let variable = Variable { name: name.to_owned(), boxed: false };
        self.bound.push((symbol.clone(), Binding::Variable(variable)));
    }

    pub(super) fn bind_boxed(&mut self, symbol: &Symbol, name: &str) {
        self.bound.push((symbol.clone(), Binding::Variable(Variable::boxed(name))));
    }

    /// A local function, in the box of this name.
    pub(super) fn bind_function(&mut self, symbol: &Symbol, name: &str) {
        self.bound.push((symbol.clone(), Binding::Function(Function(unboxed(name)))));
    }

    pub(super) fn bind_block(&mut self, symbol: &Symbol, block: Block) {
        self.bound.push((symbol.clone(), Binding::Block(block)));
    }

    pub(super) fn variable(&self, symbol: &Symbol) -> Option<&Variable> {
        self.find(symbol, |binding| match binding {
            Binding::Variable(variable) => Some(variable),
            _ => None,
        })
    }

    pub(super) fn function(&self, symbol: &Symbol) -> Option<&Function> {
        self.find(symbol, |binding| match binding {
            Binding::Function(function) => Some(function),
            _ => None,
        })
    }

    pub(super) fn block(&self, symbol: &Symbol) -> Option<&Block> {
        self.find(symbol, |binding| match binding {
            Binding::Block(block) => Some(block),
            _ => None,
        })
    }

    /// Whether the name is a local variable or function.
    pub(super) fn knows(&self, symbol: &Symbol) -> bool {
        self.variable(symbol).is_some() || self.function(symbol).is_some()
    }

    fn find<'a, T>(
        &'a self,
        symbol: &Symbol,
        pick: impl Fn(&'a Binding) -> Option<T>,
    ) -> Option<T> {
        let named = self.bound.iter().rev().filter(|(name, _)| name == symbol);
        named.map(|(_, binding)| binding).find_map(pick)
    }
}
