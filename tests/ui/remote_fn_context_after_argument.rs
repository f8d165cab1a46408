use wire::remote_fn;

struct Room;

#[remote_fn]
fn enter(name: String, room: &Room) {
    let _ = (name, room);
}

fn main() {}
