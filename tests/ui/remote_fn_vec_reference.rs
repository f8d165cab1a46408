use wire::remote_fn;

#[remote_fn]
fn sum(numbers: &Vec<i64>) -> i64 {
    numbers.iter().sum()
}

fn main() {}
