//! Untagged data behind calls, each way, and objects that are saved on request.

use std::sync::{Arc, Mutex};

use num_bigint::BigInt;
use wire::{
    Cached, CallError, RawError, RawInput, RawOutput, Value, Wire, functions, remote, remote_fn,
    remote_value,
};

use crate::lisp::Lisp;
use crate::offer::{add, offer};

live!(octets, extended; server, client => [
    lisp_reads_what_we_send,
    lisp_reads_long_data,
    we_read_what_lisp_sends,
    we_read_what_comes_in_drops,
    a_function_calls_lisp_when_it_has_read,
    lisp_keeps_what_is_cached,
]);

const KINDS: &str = "(:byte :number :unsigned :string :bignum :bignum :object :object :object)";

async fn lisp_reads_what_we_send(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let kinds = Value::read(KINDS).unwrap();
    let object = Value::read("(1 \"two\" :three)").unwrap();
    let cached = Cached::new(object.clone());
    let (big, small) = (BigInt::from(-7) << 100, BigInt::from(5));
    let mut data = RawOutput::new();
    data.byte(255).number(-2).number(u32::MAX as i32).string("né").bignum(&big).bignum(&small);
    data.object(&cached).object(&cached).object(&object);
    let read = [
        Value::from(255),
        Value::from(-2),
        Value::from(u32::MAX),
        Value::from("né"),
        Value::from(big),
        Value::from(5),
        object.clone(),
        object.clone(),
        object.clone(),
    ];
    for _ in 0..2 {
        let back = remote_value!(wire, read_data(kinds) with data -> Vec<Value>);
        let sum = remote_value!(wire, add(1, 2) -> i64);
        assert_eq!(back.value().await.unwrap(), read);
        assert_eq!(sum.value().await.unwrap(), 3);
    }
    remote!(wire, read_and_note(kinds) with data, note(5), read_and_note(kinds) with data).unwrap();
    let notes = remote_value!(wire, notes() -> Vec<Value>).value().await.unwrap();
    let read = Value::list(read);
    assert_eq!(notes, [read.clone(), Value::from(5), read]);
}

async fn lisp_reads_long_data(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let kinds = Value::read("(:string :string)").unwrap();
    let text = "x".repeat(200_000);
    let mut data = RawOutput::new();
    data.string(&text).string(&text);
    let length = remote_value!(wire, length_of_data(kinds) with data -> usize);
    assert_eq!(length.value().await.unwrap(), 400_000);
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}

/// What raw functions have read.
#[derive(Default)]
struct Read(Mutex<Vec<Value>>);

#[remote_fn(raw)]
async fn read(input: &mut RawInput<'_>, read: &Read, kinds: Vec<Value>) -> Result<(), RawError> {
    for kind in kinds {
        let value = match &*kind.to_string() {
            ":BYTE" => input.byte().await?.into(),
            ":NUMBER" => input.number().await?.into(),
            ":STRING" => input.string().await?.into(),
            ":BIGNUM" => input.bignum().await?.into(),
            _ => input.object::<Value>().await?,
        };
        read.0.lock().unwrap().push(value);
    }
    Ok(())
}

#[remote_fn]
fn take_read(read: &Read) -> Vec<Value> {
    std::mem::take(&mut read.0.lock().unwrap())
}

async fn we_read_what_lisp_sends(mut lisp: Lisp) {
    let functions = functions![read, take_read].state(Arc::<Read>::default()).merge(offer());
    let _wire = lisp.wire(functions).await;
    let form = "(let ((list (list 1 \"two\" 'three)) (big (- (ash 7 100))))
           (wire:remote *wire*
             (read '(:byte :number :string :bignum :bignum :object :object :object :byte)))
           (write-data `((:byte 255) (:number -2) (:string \"abc\") (:bignum ,big) (:bignum 5)
                         (:cached ,list) (:object ,list) (:object sym) (:byte 7)))
           (wire:remote *wire* (read '(:object)))
           (write-data `((:object ,list)))
           (wire:remote-value *wire* (take-read)))";
    let read = "(255 -2 \"abc\" -8873554201597605810476922437632 5 (1 \"two\" THREE) \
                (1 \"two\" THREE) SYM 7 (1 \"two\" THREE))";
    assert_eq!(lisp.eval(form).await, read);
    // What it has cached, it looks up in calls as well.
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 1 2))").await, "3");
}

async fn we_read_what_comes_in_drops(mut lisp: Lisp) {
    let functions = functions![read, take_read].state(Arc::<Read>::default()).merge(offer());
    let _wire = lisp.wire(functions).await;
    let form = "(progn
           (wire:remote *wire* (read '(:string :bignum :object)))
           (dolist (octet '(0 0 0 3 97 98 99  0 0 0 1 0 0 0 5  7 0 0 0 9))
             (write-data `((:byte ,octet)))
             (sleep 1/100))
           (wire:remote-value *wire* (take-read)))";
    assert_eq!(lisp.eval(form).await, "(\"abc\" 5 9)");
}

/// Asks Lisp in vain while it reads, and then not.
#[remote_fn(raw)]
async fn read_and_ask(input: &mut RawInput<'_>, wire: &Wire, read: &Read) -> Result<(), CallError> {
    let early = remote_value!(wire, add(1, 1) -> i64).value().await.unwrap_err();
    assert!(matches!(early, CallError::InputHeld { .. }), "{early}");
    let number = input.number().await.unwrap();
    input.finish();
    let sum = remote_value!(wire, add(number, 1) -> i64).value().await?;
    read.0.lock().unwrap().push(sum.into());
    Ok(())
}

async fn a_function_calls_lisp_when_it_has_read(mut lisp: Lisp) {
    let functions = functions![read_and_ask, take_read, add].state(Arc::<Read>::default());
    let _wire = lisp.wire(functions).await;
    // It serves what it is asked while it waits for the value of a call.
    let form = "(progn
           (wire:remote *wire* (read-and-ask))
           (write-data '((:number 41)))
           (loop for read = (wire:remote-value *wire* (take-read))
                 until read
                 finally (return read)))";
    assert_eq!(lisp.eval(form).await, "(42)");
}

async fn lisp_keeps_what_is_cached(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let list = Cached::new(vec![1, 2, 3]);
    let same = remote_value!(wire, same_object(list, list) -> bool);
    assert!(same.value().await.unwrap(), "it is one object there");
    let other = vec![1, 2, 3];
    let same = remote_value!(wire, same_object(list, other) -> bool);
    assert!(!same.value().await.unwrap());
    for _ in 0..2 {
        // What a call saves that unwinds may be lost at a classic peer, and goes again.
        let fresh = Cached::new(Value::read("(one \"list\")").unwrap());
        assert_eq!(remote_value!(wire, bail_with(fresh) -> i64).await.unwrap(), (None, true));
        let back = remote_value!(wire, echo(fresh) -> Value).value().await.unwrap();
        assert_eq!(back, *fresh);
    }
    assert_eq!(remote_value!(wire, sum(list) -> i64).value().await.unwrap(), 6);
}
