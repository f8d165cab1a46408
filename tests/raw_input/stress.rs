//! Many functions one after the other on several threads, with reads that are given up at any time.

use tokio::io::AsyncWriteExt;
use wire::{RawError, RawInput, Value, Wire, functions, remote_fn};

use crate::raw::{RawPeer, Said, ask, call};
use crate::within;

/// The next number of a simple sequence.
fn next(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 16
}

/// Reads so many strings, each with its length behind it, and gives up every third read unless all
/// of it is there.
#[remote_fn(raw)]
async fn hesitate(input: &mut RawInput<'_>, count: u32) -> Result<i64, RawError> {
    let (mut sum, mut seed) = (0, count);
    for _ in 0..count {
        let text = loop {
            if next(&mut seed) % 3 > 0 {
                break input.string().await?;
            }
            tokio::select! {
                biased;
                text = input.string() => break text?,
                () = tokio::task::yield_now() => {}
            }
            input.listen().await?;
        };
        let length = input.number().await?;
        assert_eq!(text.len(), length as usize);
        sum += i64::from(length);
    }
    Ok(sum)
}

const CALLS: u32 = 200;

/// All the calls, and what each returns.
fn calls() -> (Vec<u8>, Vec<i64>) {
    let (mut octets, mut sums, mut seed) = (Vec::new(), Vec::new(), 1);
    for id in 0..CALLS {
        let count = next(&mut seed) % 20;
        octets.extend(ask(id, 1));
        octets.extend(call("HESITATE", &[&count]));
        let mut sum = 0;
        for _ in 0..count {
            let length = next(&mut seed) % 700;
            let text = vec![b'x'; length as usize];
            octets.extend([&length.to_be_bytes()[..], &text, &length.to_be_bytes()].concat());
            sum += i64::from(length);
        }
        sums.push(sum);
    }
    (octets, sums)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reads_that_are_given_up_on_any_thread_lose_nothing() {
    let (octets, sums) = calls();
    let (near, far) = tokio::io::duplex(97);
    let builder = Wire::builder().functions(functions![hesitate]).classic();
    let _wire = builder.over(near).await.unwrap();
    let (from, mut to) = tokio::io::split(far);
    let writing = tokio::spawn(async move {
        let (mut rest, mut seed) = (&octets[..], 7);
        while !rest.is_empty() {
            let length = (next(&mut seed) as usize % 150 + 1).min(rest.len());
            to.write_all(&rest[..length]).await.unwrap();
            rest = &rest[length..];
            if seed % 5 == 0 {
                tokio::task::yield_now().await;
            }
        }
        to
    });
    let mut peer = RawPeer::new(tokio::io::join(from, tokio::io::sink()));
    for (id, sum) in (0..).zip(sums) {
        assert_eq!(within(peer.answer(id)).await, Said::Return(id, vec![Value::from(sum)]));
    }
    within(writing).await.unwrap();
}
