//! Which objects a peer may use: those that were given to it, however it learns of others.

use std::sync::Arc;

use wire::{CallError, ObjectError, Remote, Wire, functions, remote_fn, remote_value};

#[remote_fn]
fn pass_back(object: Remote) -> Remote {
    object
}

#[remote_fn]
fn read(object: Remote<String>) -> Result<String, ObjectError> {
    Ok(object.value()?.to_string())
}

/// Both ends are one process here, so `here` can name an object that `there` never gave to it.
#[tokio::test]
async fn a_token_that_was_guessed_stays_useless_when_it_is_echoed() {
    let (here, _there) = Wire::pair(functions![], functions![pass_back, read]).unwrap();
    let guessed = Remote::new(Arc::new("secret".to_owned()));

    let echoed = remote_value!(here, pass_back(guessed) -> Remote).value().await.unwrap();
    assert_eq!(echoed, guessed);

    let error = remote_value!(here, read(guessed) -> String).value().await.unwrap_err();
    let CallError::Unwound(unwound) = error else { panic!("{error}") };
    assert!(unwound.message().contains("was never given"), "{unwound}");

    // Nor is its end a release: as at every peer, what was sent is held.
    here.sync().await.unwrap();
    assert_eq!(here.exported_objects(), [guessed.token()]);
}
