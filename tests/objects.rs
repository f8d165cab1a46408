//! Remote objects: whose they are, who may use them, and how long they live.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
mod support;

use std::process::Stdio;
use std::sync::Arc;

use bytes::BytesMut;
use support::{until, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use wire::codec::{Hello, PeerProfile, Reads};
use wire::{
    Builder, CallError, Encoder, Limits, ObjectError, Remote, ToWire, Token, Unsendable, Wire,
    functions, list_remote_objects, remote, remote_fn, remote_value,
};

#[remote_fn]
fn look_at(object: Remote<String>) -> Result<String, ObjectError> {
    object.value().map(|text| text.to_string())
}

/// A wire to a child process.
async fn child(builder: Builder) -> (Wire, Child) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peer"));
    command.kill_on_drop(true).stderr(Stdio::null());
    within(builder.functions(functions![look_at]).spawn(command)).await.unwrap()
}

fn text(text: &str) -> Arc<String> {
    Arc::new(text.to_owned())
}

#[tokio::test]
async fn an_object_goes_out_as_a_token_and_comes_back_as_itself() {
    let (wire, _child) = child(Wire::builder()).await;
    let value = text("kept here");
    let object = Remote::new(Arc::clone(&value));
    assert_eq!(object, Remote::new(Arc::clone(&value)), "the same Arc, the same token");
    assert_ne!(object, Remote::new(text("kept here")));

    assert!(!remote_value!(wire, is_local(object) -> bool).value().await.unwrap());
    assert!(remote_value!(wire, same(object, object) -> bool).value().await.unwrap());
    let other = Remote::new(text("other"));
    assert!(!remote_value!(wire, same(object, other) -> bool).value().await.unwrap());

    remote!(wire, keep(object)).unwrap();
    let back = remote_value!(wire, last() -> Remote<String>).value().await.unwrap();
    assert!(back == object && back.is_local());
    assert!(Arc::ptr_eq(&back.value().unwrap(), &value));
    let untyped = remote_value!(wire, last() -> Remote).value().await.unwrap();
    assert_eq!(untyped, object);
    assert!(Arc::ptr_eq(&untyped.typed::<String>().value().unwrap(), &value));
    assert_eq!(remote_value!(wire, have_it_looked_at() -> String).value().await.unwrap(), *value);
}

#[tokio::test]
async fn foreign_forgotten_other_type_and_not_given_are_told_apart() {
    let (wire, _child) = child(Wire::builder()).await;
    let theirs = remote_value!(wire, make("theirs") -> Remote<String>).value().await.unwrap();
    assert!(!theirs.is_local() && !theirs.forget() && !theirs.share());
    assert!(matches!(theirs.value(), Err(ObjectError::Foreign { .. })));
    assert_eq!(remote_value!(wire, look(theirs) -> String).value().await.unwrap(), "theirs");

    let looked = async || {
        let error = remote_value!(wire, have_it_looked_at() -> String).value().await.unwrap_err();
        let CallError::Unwound(why) = error else { panic!("{error}") };
        why.message().to_owned()
    };
    let object = Remote::new(text("ours"));
    let error = remote_value!(wire, look(object) -> String).value().await.unwrap_err();
    assert!(error.to_string().contains("lives in another process"), "{error}");
    remote!(wire, keep(object)).unwrap();
    assert!(object.forget() && !object.forget());
    assert!(looked().await.contains("was forgotten"));
    remote!(wire, keep(Remote::new(Arc::new(7_u8)))).unwrap();
    let message = looked().await;
    assert!(message.contains("expected Remote<String>"), "{message}");
    assert!(message.contains("a remote object of type u8"), "{message}");
    let other = remote_value!(wire, last() -> Remote).value().await.unwrap();
    assert!(matches!(other.typed::<String>().value(), Err(ObjectError::WrongType { .. })));
    assert_eq!(*other.typed::<u8>().value().unwrap(), 7);
    // The child's own object is nobody's here.
    remote!(wire, keep(theirs)).unwrap();
    assert!(looked().await.contains("lives in another process"));
}

/// A token that nobody gave its sender.
struct Forged(Token);

impl ToWire for Forged {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.token(self.0)
    }
}

#[remote_fn]
fn take(_object: Remote) {}

#[tokio::test]
async fn a_token_serves_only_the_peer_that_was_given_it_unless_it_is_shared() {
    let api = functions![look_at, take];
    let (here, there) = Wire::pair(api.clone(), api).unwrap();
    let object = Remote::new(text("secret"));
    let forged = Forged(object.token());
    let denied = remote_value!(here, look_at(forged) -> String).value().await.unwrap_err();
    assert!(denied.to_string().contains("was never given to the peer"), "{denied}");

    remote!(there, take(object)).unwrap();
    there.sync().await.unwrap();
    assert_eq!(remote_value!(here, look_at(forged) -> String).value().await.unwrap(), "secret");

    let other = Remote::new(text("for all"));
    let forged = Forged(other.token());
    assert!(remote_value!(here, look_at(forged) -> String).await.unwrap().1);
    assert!(other.share());
    assert_eq!(remote_value!(here, look_at(forged) -> String).value().await.unwrap(), "for all");
}

#[tokio::test]
async fn the_peers_drop_releases_the_object() {
    let (wire, _child) = child(Wire::builder()).await;
    let value = text("held by the child");
    let token = {
        let object = Remote::new(Arc::clone(&value));
        remote!(wire, keep(object), keep(object), ignore(object)).unwrap();
        object.token()
    };
    wire.sync().await.unwrap();
    assert_eq!(Arc::strong_count(&value), 2);
    assert_eq!(wire.exported_objects(), [token]);
    assert_eq!(remote_value!(wire, drop_all() -> i64).value().await.unwrap(), 2);
    until(|| Arc::strong_count(&value) == 1).await;
    assert!(wire.exported_objects().is_empty());
    assert_ne!(Remote::new(value).token(), token, "a released object's token is not used again");
}

#[tokio::test]
async fn our_drop_releases_the_peers_object() {
    let (wire, _child) = child(Wire::builder()).await;
    let first = remote_value!(wire, make("one") -> Remote<String>).value().await.unwrap();
    let second = remote_value!(wire, make("two") -> Remote<String>).value().await.unwrap();
    let living = async || remote_value!(wire, living() -> i64).value().await.unwrap();
    assert_eq!(living().await, 2);
    let again = first.clone();
    drop(first);
    assert_eq!(living().await, 2);
    assert_eq!(wire.imported_objects().len(), 2);
    drop(again);
    within(async { while living().await != 1 {} }).await;
    assert_eq!(wire.imported_objects(), [second.token()]);
    drop(remote_value!(wire, make("nobody takes it") -> Remote<String>));
    drop(second);
    within(async { while living().await != 0 {} }).await;
}

#[tokio::test]
async fn a_release_never_overtakes_a_token_that_is_sent_again() {
    let (wire, _child) = child(Wire::builder()).await;
    for round in 0..200 {
        let value = text("back and forth");
        let object = Remote::new(Arc::clone(&value));
        // The releases of the first ones cross with the last one.
        remote!(wire, keep(object), drop_all()).unwrap();
        drop(wire.force_output());
        remote!(wire, keep(object), drop_all(), ignore(object)).unwrap();
        if round % 2 == 0 {
            tokio::task::yield_now().await;
        }
        remote!(wire, keep(object)).unwrap();
        drop(object);
        wire.sync().await.unwrap();
        wire.sync().await.unwrap();
        assert_eq!(Arc::strong_count(&value), 2, "the child holds it");
        let looked = remote_value!(wire, have_it_looked_at() -> String).value().await.unwrap();
        assert_eq!(looked, *value);
        remote!(wire, drop_all()).unwrap();
        drop(wire.force_output());
        until(|| Arc::strong_count(&value) == 1).await;
    }
}

#[tokio::test]
async fn a_release_gives_back_as_often_as_it_says() {
    let (near, mut far) = tokio::io::duplex(1 << 16);
    let profile = PeerProfile::extended();
    let octets = |write: &dyn Fn(&mut Encoder<'_>) -> Result<(), Unsendable>| {
        let mut buffer = BytesMut::new();
        write(&mut Encoder::new(&mut buffer, None, &profile)).unwrap();
        buffer
    };
    let hello = Hello::new(Reads::ALL, &Limits::default()).to_string();
    far.write_all(&octets(&|out| out.string(&hello))).await.unwrap();
    let wire = within(Wire::builder().extended().over(near)).await.unwrap();
    let drain = tokio::spawn(async move {
        let (mut read, mut write) = tokio::io::split(far);
        let reading = async move {
            let mut sink = Vec::new();
            let _ = read.read_to_end(&mut sink).await;
        };
        (tokio::spawn(reading), write.write_all(&[]).await.map(|()| write).unwrap())
    });
    let (_reading, mut far) = within(drain).await.unwrap();

    let value = text("counted");
    let id = {
        let object = Remote::new(Arc::clone(&value));
        remote!(wire, take(object), take(object), take(object)).unwrap();
        object.token().id()
    };
    let mut release = async |count| {
        far.write_all(&octets(&|out| out.release(id, count))).await.unwrap();
    };
    for (count, holds) in [(1, 2), (1, 2), (1, 1), (5, 1)] {
        let before = wire.stats().octets_received;
        release(count).await;
        until(|| wire.stats().octets_received > before).await;
        until(|| Arc::strong_count(&value) == holds).await;
    }
    assert!(wire.is_open(), "a release too many does no harm");
}

#[tokio::test]
async fn a_classic_peers_share_ends_with_forget_or_with_the_wire() {
    let (wire, _child) = child(Wire::builder().classic()).await;
    let (first, second) = (text("first"), text("second"));
    let forgotten = Remote::new(Arc::clone(&first));
    remote!(wire, keep(forgotten), keep(Remote::new(Arc::clone(&second))), drop_all()).unwrap();
    wire.sync().await.unwrap();
    assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (2, 2));
    assert!(forgotten.forget());
    assert_eq!(Arc::strong_count(&first), 1);
    within(wire.close()).await;
    until(|| Arc::strong_count(&second) == 1).await;
}

#[tokio::test]
async fn what_a_peer_holds_is_let_go_when_its_wire_ends() {
    let (wire, mut child) = child(Wire::builder()).await;
    let value = text("held by the child");
    remote!(wire, keep(Remote::new(Arc::clone(&value)))).unwrap();
    wire.sync().await.unwrap();
    assert_eq!(Arc::strong_count(&value), 2);
    child.kill().await.unwrap();
    within(wire.closed()).await;
    until(|| Arc::strong_count(&value) == 1).await;
}

#[tokio::test]
async fn a_peer_holds_as_many_objects_as_the_limit_allows() {
    let (wire, _child) = child(Wire::builder().limits(Limits::default().remote_objects(2))).await;
    let objects: Vec<_> = (0..3).map(|n| Remote::new(Arc::new(n))).collect();
    remote!(wire, keep(objects[0]), keep(objects[1]), keep(objects[1])).unwrap();
    let error = remote!(wire, add(1, 2), keep(objects[2])).unwrap_err();
    assert!(matches!(error, CallError::TooManyObjects { limit: 2, .. }), "{error}");
    assert!(error.to_string().contains("remote_objects"), "{error}");
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    assert_eq!(wire.exported_objects().len(), 2);
    remote!(wire, drop_all()).unwrap();
    drop(wire.force_output());
    until(|| wire.exported_objects().is_empty()).await;
    remote!(wire, keep(objects[2])).unwrap();
}

#[tokio::test]
async fn objects_can_be_listed_and_counted() {
    let (wire, _child) = child(Wire::builder()).await;
    let object = Remote::new(text("listed"));
    let info = |object: &Remote<String>| {
        list_remote_objects().into_iter().find(|info| info.token == object.token())
    };
    let before = info(&object).unwrap();
    assert_eq!(
        (before.type_name, before.holds, before.shared),
        ("alloc::string::String", 1, false)
    );
    remote!(wire, keep(object)).unwrap();
    assert!(object.share());
    let after = info(&object).unwrap();
    assert_eq!((after.holds, after.shared), (2, true));
    let theirs = remote_value!(wire, make("theirs") -> Remote<String>).value().await.unwrap();
    let stats = wire.stats();
    assert_eq!((stats.objects_exported, stats.objects_imported), (1, 1));
    assert_eq!(wire.imported_objects(), [theirs.token()]);
    object.forget();
    assert!(info(&object).is_none());
}
