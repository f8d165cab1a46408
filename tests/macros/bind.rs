//! `remote_value_bind!`: its variables, and its bodies, which are part of the function around.

use std::sync::Mutex;

use wire::{CallError, Wire, functions, remote_fn, remote_value_bind};

use crate::{Tested, pair_with, spawnable};

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
    Ok((a.checked_div(b).ok_or("division by zero")?, a % b))
}

#[remote_fn]
fn one() -> i64 {
    1
}

#[remote_fn]
fn seven() -> (i64, i64, i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5, 6, 7)
}

#[tokio::test]
async fn any_number_of_values_is_bound() -> Tested {
    let (here, _there, log) = pair_with(functions![one, seven])?;
    assert_eq!(remote_value_bind!(here, () = note(0), "at once")?, Some("at once"));
    assert_eq!(remote_value_bind!(here, (a: i64) = one(), a)?, Some(1));
    let five = remote_value_bind!(
        here,
        (a: i64, b: i64, c: i64, d: i64, fifth: i64) = seven(),
        [a, b, c, d, fifth],
    )?;
    assert_eq!(five, Some([1, 2, 3, 4, 5]));
    let all = remote_value_bind!(
        here,
        (a: i64, b: i64, c: i64, d: i64, fifth: i64, sixth: i64, last: i64) = seven(),
        [a, b, c, d, fifth, sixth, last]
    )?;
    assert_eq!(all, Some([1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(log.take(), ["0"]);
    Ok(())
}

#[tokio::test]
async fn missing_values_are_nil_and_extra_ones_are_dropped() -> Tested {
    let (here, _there, _log) = pair_with(functions![one, seven])?;
    let bound = remote_value_bind!(here, (a: i64, b: Option<i64>, c: bool, d: Vec<i64>) = one(), {
        (a, b, c, d)
    })?;
    assert_eq!(bound, Some((1, None, false, Vec::new())));
    let bound = remote_value_bind!(
        here,
        (a: i64, b: (), c: (), d: (), _fifth: (), sixth: Option<String>) = one(),
        (a, b, c, d, sixth)
    )?;
    assert_eq!(bound, Some((1, (), (), (), None)));
    assert_eq!(remote_value_bind!(here, (a: i64, b: i64) = seven(), a + b)?, Some(3));

    let error = remote_value_bind!(here, (_a: i64, b: i64) = one(), b).unwrap_err();
    assert!(error.to_string().contains("value 2"), "{error}");
    Ok(())
}

#[tokio::test]
async fn types_are_inferred_and_variables_may_be_mut() -> Tested {
    let (here, _there, _log) = pair_with(functions![divide])?;
    let text = remote_value_bind!(here, (mut q, r) = divide(17, 5), {
        let both: (i32, i32) = (q, r);
        q += both.1;
        q
    })?;
    assert_eq!(text, Some(5));
    Ok(())
}

#[tokio::test]
async fn a_body_is_skipped_on_unwinding_and_the_other_one_sees_the_reason() -> Tested {
    let (here, _there, _log) = pair_with(functions![divide])?;
    let mut ran = 0;
    for divisor in [0, 5] {
        remote_value_bind!(here, (_q: i64) = divide(17, divisor), ran += divisor)?;
    }
    assert_eq!(ran, 5);
    let told = remote_value_bind!(here, (q: i64) = divide(17, 0), q.to_string() else |unwound| {
        unwound.message().to_owned()
    })?;
    assert_eq!(told, "division by zero");
    let told = remote_value_bind!(here, (q: i64) = divide(17, 5), { q } else |_| 0)?;
    assert_eq!(told, 3);
    Ok(())
}

#[tokio::test]
async fn bodies_are_part_of_the_function_around() -> Tested {
    async fn run(wire: &Wire, divisors: &[i64]) -> Result<i64, CallError> {
        let mut sum = 0;
        for &divisor in divisors {
            let shown = remote_value_bind!(wire, (q: i64, mut r: i64) = divide(17, divisor), {
                if q == 17 {
                    continue;
                }
                if q == 8 {
                    break;
                }
                if q == 5 {
                    return Ok(-r);
                }
                r += remote_value_bind!(wire, (q: i64) = divide(r, async { 1 }.await), q)?
                    .unwrap_or_default();
                r.to_string()
            } else |unwound| {
                if divisor == 0 {
                    return Err(CallError::Unwound(unwound));
                }
                String::new()
            })?;
            sum += i64::try_from(shown.len()).unwrap() + 10;
        }
        Ok(sum)
    }
    let (here, _there, _log) = pair_with(functions![divide])?;
    assert_eq!(spawnable(run(&here, &[1, 5, 2, 3])).await?, 11);
    assert_eq!(run(&here, &[4, 3, 4]).await?, -2);
    assert!(run(&here, &[4, 0]).await.is_err());
    Ok(())
}

#[tokio::test]
async fn bodies_may_leave_without_a_value() -> Tested {
    async fn quotient(wire: &Wire, divisor: i64) -> Result<i64, CallError> {
        remote_value_bind!(wire, (q: i64) = divide(17, divisor), return Ok(q))?;
        Ok(-1)
    }
    async fn either(wire: &Wire, divisor: i64) -> Result<i64, CallError> {
        remote_value_bind!(wire, (q: i64) = divide(17, divisor), { return Ok(q) } else |_| {
            return Ok(-2)
        })?
    }
    async fn total(wire: &Wire) -> Result<i64, CallError> {
        let mut sum = 0;
        for divisor in [0, 1, 2] {
            sum +=
                remote_value_bind!(wire, (q: i64) = divide(4, divisor), { q } else |_| continue)?;
        }
        loop {
            remote_value_bind!(wire, (_q: i64) = divide(4, 1), break)?;
        }
        remote_value_bind!(wire, (_q: i64) = divide(4, 1), {} else |why| panic!("{why}"))?;
        Ok(sum)
    }
    fn forward(wire: &Wire) -> Result<i64, CallError> {
        remote_value_bind!(wire, () = note(1), return Ok(3))?;
        Ok(4)
    }
    let (here, _there, _log) = pair_with(functions![divide])?;
    assert_eq!(quotient(&here, 5).await?, 3);
    assert_eq!(quotient(&here, 0).await?, -1);
    assert_eq!(either(&here, 5).await?, 3);
    assert_eq!(either(&here, 0).await?, -2);
    assert_eq!(total(&here).await?, 6);
    assert_eq!(forward(&here)?, 3);
    Ok(())
}

#[tokio::test]
async fn what_an_argument_locks_is_free_in_the_body() -> Tested {
    async fn count(wire: &Wire, counter: &Mutex<i64>) -> Result<(), CallError> {
        remote_value_bind!(wire, (q: i64) = divide(*counter.lock().unwrap(), 2), {
            *counter.lock().unwrap() = q;
        })?;
        remote_value_bind!(wire, () = note(*counter.lock().unwrap()), {
            *counter.lock().unwrap() += 1;
        })?;
        Ok(())
    }
    let (here, _there, _log) = pair_with(functions![divide])?;
    let counter = Mutex::new(8);
    spawnable(count(&here, &counter)).await?;
    assert_eq!(*counter.lock().unwrap(), 5);
    Ok(())
}
