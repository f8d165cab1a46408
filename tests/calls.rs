//! Calls both ways.

use wire::{Wire, functions, remote, remote_fn, remote_value, remote_value_bind};

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
async fn slow_add(a: i64, b: i64) -> i64 {
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    a + b
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    if b == 0 { Err("no".to_owned()) } else { Ok((a / b, a % b)) }
}

#[tokio::test]
async fn smoke() -> Result<(), Box<dyn std::error::Error>> {
    let (here, there) = Wire::pair(functions![add], functions![add, slow_add, divide])?;
    assert_eq!(remote_value!(here, add(2, 3) -> i64).await?, (Some(5), false));
    assert_eq!(remote_value!(there, add(2, 3) -> i64).value().await?, 5);
    assert_eq!(remote_value!(here, <slow_add>(2, 3)).value().await?, 5);
    let shown = remote_value_bind!(here, (q: i64, r: i64) = divide(17, 5), { q * 10 + r })?;
    assert_eq!(shown, Some(32));
    let shown = remote_value_bind!(here, (q: i64, _r: i64) = divide(17, 0), { q })?;
    assert_eq!(shown, None);
    remote!(here, add(1, 2))?;
    here.sync().await?;
    let e = remote_value!(here, ad(2, 3) -> i64).value().await.unwrap_err();
    println!("{e}");
    let e = remote_value!(here, add(2) -> i64).value().await.unwrap_err();
    println!("{e}");
    let e = remote_value!(here, add(2, "x") -> i64).value().await.unwrap_err();
    println!("{e}");
    println!("{:?}", here.stats());
    println!("{}", here.close().await);
    println!("{}", there.closed().await);
    Ok(())
}
