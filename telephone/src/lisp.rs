//! Lisp text: read, printed, and translated to the Scheme that runs it.
//!
//! # What a command may say
//!
//! A command is one form or several, of which the last gives the value. It is read as Common Lisp
//! reads, symbols folded to upper case, and both Common Lisp's and Scheme's spellings of the core
//! forms work. `NIL`, `()` and `#f` are all false and print as `NIL`; `T` and `#t` print as `T`.
//!
//! | | names |
//! |---|---|
//! | Special forms | `quote quasiquote function lambda funcall if when unless cond case ecase typecase etypecase and or progn begin locally prog1 the declare declaim let let* letrec letrec* flet labels multiple-value-bind multiple-value-list defun define defvar defparameter defconstant setq setf set! incf decf push pop dolist dotimes do do* loop while block return return-from handler-case ignore-errors unwind-protect assert` |
//! | Numbers | `+ - * / = /= < > <= >= 1+ 1- mod modulo rem remainder quotient floor ceiling truncate round abs min max gcd lcm expt sqrt isqrt exp log sin cos tan atan float exact->inexact rational inexact->exact numerator denominator random evenp even? oddp odd? zerop zero? plusp positive? minusp negative? numberp number? integerp integer? rationalp rational? floatp` |
//! | Lists | `cons car first cdr rest caar cadr second cdar cddr caddr third cdddr cadddr fourth fifth list list* append nconc last butlast nth nthcdr list-ref list-tail make-list iota range acons pairlis getf copy-list null not null? endp consp pair? listp list? atom assoc rassoc member adjoin union intersection set-difference subsetp memq memv assq assv` |
//! | Functions over lists and other sequences | `mapcar map mapc for-each mapcan append-map maplist reduce fold-left foldl fold fold-right foldr remove-if delete-if remove-if-not filter delete-if-not find-if position-if count-if member-if assoc-if some every notany notevery sort stable-sort remove delete find position count remove-duplicates substitute apply identity constantly complement functionp procedure? values length vector-length string-length list-length reverse nreverse elt subseq substring concatenate coerce copy-seq search` |
//! | Equality and types | `eq eq? eql eqv? equal equal? equalp symbolp symbol? keywordp stringp string? characterp char? vectorp vector? arrayp hash-table-p boolean? typep type-of condition-type` |
//! | Strings, characters and symbols | `string= string=? string/= string< string<? string> string>? string-equal string-upcase string-downcase string-capitalize string-trim string-left-trim string-right-trim string string-append string->list list->string char schar string-ref char= char=? char< char<? char-code char->integer code-char integer->char char-upcase char-downcase alpha-char-p digit-char-p parse-integer string->number number->string symbol-name symbol->string intern string->symbol format princ-to-string prin1-to-string write-to-string read-from-string` |
//! | Vectors and hash tables | `vector make-array make-vector aref svref vector-ref list->vector vector->list make-hash-table gethash remhash clrhash hash-table-count hash-table-keys maphash` |
//! | Errors, output and time | `error signal raise warn print prin1 write princ display terpri newline sleep get-universal-time get-internal-real-time progress` |
//!
//! A function of the serving program is called by its name, `(name ..)` or `(package::name ..)`.
//! What a command defines itself wins over all of these, within that command.
//!
//! # Where it differs from Common Lisp
//!
//! * There is one kind of float, of 53 bits, which prints as Lisp's single floats do: `2.5`. Floats
//!   marked `d` are read, and lose the mark.
//! * Lists do not change: `(setf (car x) ..)` is an error. Variables, vectors that the command made
//!   and hash tables do. Hash tables compare their keys with `equal`.
//! * A variable may be called, as in Scheme: `(f 1)` calls what the variable `f` holds, if that is a
//!   function, and else the function `f`. A function's name alone is that function, if no variable
//!   has it.
//! * `let` binds no variable of `defvar` dynamically. `unwind-protect` cleans up behind values and
//!   errors, and not behind `return-from`. `loop` takes no clauses. `defmacro`, `defstruct`, `catch`,
//!   `tagbody` and packages are not there; `declare` and docs are read over.
//! * Several values are those of the last `values`, `floor`, `gethash` or the like, if its first is
//!   the value of the form.
//! * Functions over sequences take `:key`, `:test` and `:test-not` where Common Lisp's do, `reduce`
//!   also `:initial-value` and `:from-end`; other options, such as `:start` and `:count`, are errors.
//! * `format` has `~a ~s ~w ~c ~d ~f ~% ~& ~~`, with widths, pad characters and decimals; other
//!   directives, and `:` and `@` in these, are errors.
//! * Conditionals that nest in each other's first branch take the engine twice as long to compile with
//!   each level beyond twenty. The clauses of a `cond` do not nest so.
//! * What is printed goes to the standard error of the evaluator, whose end is seen if it fails.

mod character;
mod error;
mod form;
mod lexeme;
mod number;
mod print;
mod read;
mod translate;

pub use error::{ReadError, ReadErrorKind};
pub use form::{Form, List};
pub use read::{MAX_DEPTH, MAX_OCTETS};

pub(crate) use form::USER;
pub(crate) use translate::{NoMeaning, Program, translate};

/// Whether the language has a function or a special form of this name.
pub(crate) fn is_taken(symbol: &wire::Symbol) -> bool {
    translate::table::function(symbol).is_some() || translate::table::special(symbol).is_some()
}

#[cfg(test)]
mod tests;
