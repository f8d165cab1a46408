//! The recorded forms, as our macros write them: calls of every shape. A form may be written in
//! several ways.

use std::pin::Pin;

use wire::{Symbol, Value, Wire, remote, remote_value, remote_value_bind};

use crate::answered::{bail, none, one, seven};
use crate::types::add_types;

pub(crate) type Saying = Pin<Box<dyn Future<Output = ()>>>;

/// Says on a wire what a form of Lisp says.
pub(crate) type Say = Box<dyn Fn(Wire) -> Saying>;

/// The forms, each with one who says it.
pub(crate) type Forms = Vec<(&'static str, Say)>;

macro_rules! say {
    ($all:ident, $w:ident: $($form:literal => $say:expr;)+) => {
        $($all.push((
            $form,
            Box::new(|$w: Wire| -> $crate::calls::Saying {
                Box::pin(async move { drop($say) })
            }) as $crate::calls::Say,
        ));)+
    };
}
pub(crate) use say;

/// A call with as many arguments as a number of so many bits has at the most.
macro_rules! many {
    ([1]; $w:ident; $($all:tt)+) => { remote!($w, many($($all)+)) };
    ([1 $($bits:tt)+]; $w:ident; $($all:tt)+) => {
        many!([$($bits)+]; $w; $($all)+ $($all)+ 0,)
    };
}

pub(crate) fn forms() -> Forms {
    let mut all = Vec::new();
    for_the_effect(&mut all);
    for_one_value(&mut all);
    for_several_values(&mut all);
    names(&mut all);
    nested(&mut all);
    add_types(&mut all);
    all
}

pub(crate) fn symbol(text: &str) -> Symbol {
    Symbol::read(text).unwrap()
}

fn for_the_effect(all: &mut Forms) {
    say! { all, w:
        "(wire:remote w (none))" => remote!(w, none());
        "(wire:remote w (none))" => remote!(w, <none>());
        "(wire:remote w (one 1))" => remote!(w, one(1));
        "(wire:remote w (one 1))" => remote!(w, "ONE"(1));
        "(wire:remote w (one 1))" => remote!(w, <one>(Value::from(1)));
        "(wire:remote w (one 1))" => remote!(w, common_lisp_user::one(1));
        "(wire:remote w (one 1))" => w.notify(&symbol("one"), &[&1]);
        "(wire:remote w (two 1 2))" => remote!(w, two(1, 2));
        "(wire:remote w (three 1 2 3))" => remote!(w, three(1, 2, 3));
        "(wire:remote w (four 1 2 3 4))" => remote!(w, four(1, 2, 3, 4));
        "(wire:remote w (five 1 2 3 4 5))" => remote!(w, five(1, 2, 3, 4, 5));
        "(wire:remote w (six 1 2 3 4 5 6))" => remote!(w, six(1, 2, 3, 4, 5, 6));
        "(wire:remote w (seven 1 2 3 4 5 6 7))" => remote!(w, seven(1, 2, 3, 4, 5, 6, 7));
        "(wire:remote w (seven 1 2 3 4 5 6 7))" => remote!(w, <seven>(1, 2, 3, 4, 5, 6, Some(7)));
        "(wire:remote w (many . #.(make-list 255 :initial-element 0)))" =>
            many!([1 1 1 1 1 1 1 1]; w; 0,);
        "(wire:remote w (one 1) (none) (two 1 \"x\") (one 2))" =>
            remote!(w, one(1), none(), two(1, "x"), one(2));
        "(wire:remote w (bail) (one 1))" => remote!(w, bail(), one(1));
        "(wire:remote w (bail) (one 1))" => remote!(w, <bail>(), one(1));
        "(progn (wire:remote w (one 1)) (wire:wire-force-output w) (wire:remote w (one 2)))" => {
            remote!(w, one(1)).unwrap();
            w.force_output().await.unwrap();
            remote!(w, one(2))
        };
    }
}

fn for_one_value(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (none))" => remote_value!(w, none() -> ());
        "(wire:remote-value w (none))" => remote_value!(w, <none>());
        "(wire:remote-value w (one 1))" => remote_value!(w, one(1) -> i64);
        "(wire:remote-value w (one 1))" => remote_value!(w, one(1) -> i64).value();
        "(wire:remote-value w (one 1))" => remote_value!(w, one(1) -> i64, else 7);
        "(wire:remote-value w (one 1))" => remote_value!(w, <one>(Value::from(1)));
        "(wire:remote-value w (one 1))" => w.call::<i64>(&symbol("one"), &[&1]);
        "(wire:remote-value w (two 1 2))" => remote_value!(w, two(1, 2) -> i64);
        "(wire:remote-value w (three 1 2 3))" => remote_value!(w, three(1, 2, 3) -> i64);
        "(wire:remote-value w (four 1 2 3 4))" => remote_value!(w, four(1, 2, 3, 4) -> i64);
        "(wire:remote-value w (five 1 2 3 4 5))" => remote_value!(w, five(1, 2, 3, 4, 5) -> i64);
        "(wire:remote-value w (six 1 2 3 4 5 6))" => remote_value!(w, six(1, 2, 3, 4, 5, 6) -> i64);
        "(wire:remote-value w (seven 1 2 3 4 5 6 7))" =>
            remote_value!(w, seven(1, 2, 3, 4, 5, 6, 7) -> i64);
        "(list (wire:remote-value w (one 1)) (wire:remote-value w (one 2)) (wire:remote-value w (two 3 4)))" =>
            [
                remote_value!(w, one(1) -> i64),
                remote_value!(w, one(2) -> i64),
                remote_value!(w, two(3, 4) -> i64),
            ];
        "(progn (wire:remote w (one 1) (one 2)) (wire:remote-value w (one 3)))" => {
            remote!(w, one(1), one(2)).unwrap();
            remote_value!(w, one(3) -> i64)
        };
        "(wire:remote-value w (bail) :unwound)" => remote_value!(w, bail() -> i64, else 0);
        "(wire:remote-value w (bail) :unwound)" => remote_value!(w, <bail>());
        "(wire:remote-value w (no-such-function 1) :unwound)" =>
            remote_value!(w, no_such_function(1) -> i64);
    }
}

type O = Option<i64>;

fn for_several_values(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value-bind w () (one 1) :body)" =>
            remote_value_bind!(w, () = one(1), "body");
        "(wire:remote-value-bind w (a) (one 1) (list a))" =>
            remote_value_bind!(w, (a: O) = one(1), [a]);
        "(wire:remote-value-bind w (a b) (two 1 2) (list a b))" =>
            remote_value_bind!(w, (a: O, b: O) = two(1, 2), [a, b]);
        "(wire:remote-value-bind w (a b c) (three 1 2 3) (list a b c))" =>
            remote_value_bind!(w, (a: O, b: O, c: O) = three(1, 2, 3), [a, b, c]);
        "(wire:remote-value-bind w (a b c) (three 1 2 3) (list a b c))" =>
            w.call_values::<(O, O, O)>(&symbol("three"), &[&1, &2, &3]);
        "(wire:remote-value-bind w (a b c d) (four 1 2 3 4) (list a b c d))" =>
            remote_value_bind!(w, (a: O, b: O, c: O, d: O) = four(1, 2, 3, 4), [a, b, c, d]);
        "(wire:remote-value-bind w (a b c d e) (five 1 2 3 4 5) (list a b c d e))" =>
            remote_value_bind!(
                w, (a: O, b: O, c: O, d: O, e: O) = five(1, 2, 3, 4, 5), [a, b, c, d, e]
            );
        "(wire:remote-value-bind w (a b c d e f) (six 1 2 3 4 5 6) (list a b c d e f))" =>
            remote_value_bind!(
                w,
                (a: O, b: O, c: O, d: O, e: O, f: O) = six(1, 2, 3, 4, 5, 6),
                [a, b, c, d, e, f]
            );
        "(wire:remote-value-bind w (a b c d e f g) (seven 1 2 3 4 5 6 7) (list a b c d e f g))" =>
            remote_value_bind!(
                w,
                (a: O, b: O, c: O, d: O, e: O, f: O, g: O) = seven(1, 2, 3, 4, 5, 6, 7),
                [a, b, c, d, e, f, g]
            );
        "(wire:remote-value-bind w (a b c d e f g) (seven 1 2 3 4 5 6 7) (list a b c d e f g))" =>
            w.call_values::<Vec<Value>>(&symbol("seven"), &[&1, &2, &3, &4, &5, &6, &7]);
        "(wire:remote-value-bind w (a b c) (none) (list a b c))" =>
            remote_value_bind!(w, (a: O, b: O, c: O) = none(), [a, b, c]);
        "(wire:remote-value-bind w (a b c) (one 1) (list a b c))" =>
            remote_value_bind!(w, (a: O, b: O, c: O) = one(1), [a, b, c]);
        "(wire:remote-value-bind w (a) (three 1 2 3) (list a))" =>
            remote_value_bind!(w, (a: O) = three(1, 2, 3), [a]);
        "(wire:remote-value-bind w (a b) (seven 1 2 3 4 5 6 7) (list a b))" =>
            remote_value_bind!(w, (a: O, b: O) = seven(1, 2, 3, 4, 5, 6, 7), [a, b]);
        "(wire:remote-value-bind w (a b c d e f) (one 1) (list a b c d e f))" =>
            remote_value_bind!(
                w, (a: O, b: O, c: O, d: O, e: O, f: O) = one(1), [a, b, c, d, e, f]
            );
        "(wire:remote-value-bind w (a b c d e f) (none) (list a b c d e f))" =>
            remote_value_bind!(
                w, (a: O, b: O, c: O, d: O, e: O, f: O) = none(), [a, b, c, d, e, f]
            );
        "(wire:remote-value-bind w (a b c d e f) (seven 1 2 3 4 5 6 7) (list a b c d e f))" =>
            remote_value_bind!(
                w,
                (a: O, b: O, c: O, d: O, e: O, f: O) = seven(1, 2, 3, 4, 5, 6, 7),
                [a, b, c, d, e, f]
            );
        "(wire:remote-value-bind w (a b) (bail) (list a b))" =>
            remote_value_bind!(w, (a: O, b: O) = bail(), { [a, b] } else |_unwound| { [None; 2] });
        "(wire:remote-value-bind w (a b c d e f) (bail) (list a b c d e f))" =>
            remote_value_bind!(w, (a: O, b: O, c: O, d: O, e: O, f: O) = bail(), [a, b, c, d, e, f]);
    }
}

fn names(all: &mut Forms) {
    say! { all, w:
        "(wire:remote-value w (common-lisp:max 1 3 2))" =>
            remote_value!(w, common_lisp::max(1, 3, 2) -> i64);
        "(wire:remote-value w (common-lisp:max 1 3 2))" =>
            remote_value!(w, "common-lisp:max"(1, 3, 2) -> i64);
        "(wire:remote-value w (common-lisp:1+ 41))" =>
            remote_value!(w, "common-lisp:1+"(41) -> i64);
        "(wire:remote-value w (elsewhere::one 1))" => remote_value!(w, elsewhere::one(1) -> i64);
        "(wire:remote-value w (elsewhere::|One| 1))" =>
            remote_value!(w, "elsewhere::|One|"(1) -> i64);
    }
}

fn nested(all: &mut Forms) {
    say! { all, w:
        "(output-call 'one '(@ one 1))" => remote!(w, one(@one(1)));
        "(output-call 'one '(@ one 1))" => remote!(w, <one>(@<one>(Value::from(1))));
        "(output-call 'two '(@ one 1) 2)" => remote!(w, two(@one(1), 2));
        "(output-call 'two 1 '(@ two 2 (@ one x)))" =>
            remote!(w, two(1, @two(2, @one(symbol("x")))));
        "(output-call 'two '(@ one 1) '(@ one 2))" =>
            remote!(w.allow_leftover_calls(), two(@one(1), @one(2)));
        "(output-call 'seven 1 2 3 '(@ seven 1 2 3 4 5 6 (@ none)) 5 6 7)" =>
            remote!(w, seven(1, 2, 3, @seven(1, 2, 3, 4, 5, 6, @none()), 5, 6, 7));
        "(output-call-for-value 'one '(@ one 1))" => remote_value!(w, one(@one(1)) -> i64);
        "(output-call-for-value 'two '(@ one (@ one a)) 'a)" => {
            let a = symbol("a");
            remote_value!(w, two(@one(@one(a)), a) -> Symbol)
        };
    }
}
