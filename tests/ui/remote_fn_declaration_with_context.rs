use wire::remote_fn;

struct Room;

#[remote_fn]
fn enter(room: &Room);

fn main() {}
