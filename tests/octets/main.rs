//! What Rust sends is, octet for octet, what CMUCL sends for the same form.
//!
//! `tests/vectors/macros.tsv` has what CMUCL sent, and what CMUCL answered. Here our macros say the
//! same on classic wires, and our functions answer what CMUCL asked.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod answered;
mod calls;
mod names;
mod table;
mod types;

use names::Names;
use table::rows;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use wire::{Builder, Wire};

const TABLE: &str = include_str!("../vectors/macros.tsv");

/// More than any form takes.
const PIPE: usize = 1 << 16;

fn classic() -> Builder {
    Wire::builder().classic().latin1()
}

// Time passes only when nothing else can happen: no silence is met with a nudge.
#[tokio::test(start_paused = true)]
async fn our_macros_send_what_cmucl_sends() {
    let forms = calls::forms();
    for row in rows(TABLE) {
        assert!(forms.iter().any(|(form, _)| *form == row.form), "nothing says {}", row.form);
    }
    for (form, say) in forms {
        let row = rows(TABLE).find(|row| row.form == form);
        let row = row.unwrap_or_else(|| panic!("not recorded: {form}"));
        let (near, mut far) = duplex(PIPE);
        let wire = classic().over(near).await.unwrap();
        // What waits for an answer waits in vain: all was said by then.
        let force = async { wire.force_output().await.unwrap() };
        tokio::select! { biased; () = say(wire.clone()) => {} () = force => {} }
        wire.force_output().await.unwrap();
        wire.abort("it has said all");
        let mut said = Vec::new();
        far.read_to_end(&mut said).await.unwrap();
        assert_eq!(Names::default().number(&said), Names::default().number(&row.sent), "{form}");
    }
}

#[tokio::test(start_paused = true)]
async fn our_functions_answer_what_cmucl_answers() {
    // Where the second question names what the first answer brought, ours would bring another.
    for row in rows(TABLE).filter(|row| !row.form.starts_with("(let ((thing (wire:remote-value")) {
        let (near, mut far) = duplex(PIPE);
        let _wire = classic().functions(answered::functions()).over(near).await.unwrap();
        far.write_all(&row.sent).await.unwrap();
        far.shutdown().await.unwrap();
        let mut said = Vec::new();
        far.read_to_end(&mut said).await.unwrap();
        // An answer goes to the name that was asked for it.
        let (mut ours, mut theirs) = (Names::default(), Names::default());
        assert_eq!(ours.number(&row.sent), theirs.number(&row.sent));
        assert_eq!(ours.number(&said), theirs.number(&row.answered), "{}", row.form);
    }
}
