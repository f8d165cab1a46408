use wire::remote_fn;

struct Room;

impl Room {
    #[remote_fn]
    fn enter(&self) {}
}

fn main() {}
