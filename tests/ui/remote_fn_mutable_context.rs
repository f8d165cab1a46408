use wire::remote_fn;

struct Room;

#[remote_fn]
fn enter(room: &mut Room) {
    let _ = room;
}

fn main() {}
