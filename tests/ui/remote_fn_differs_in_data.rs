use wire::{RawInput, remote_fn};

mod shared {
    #[wire::remote_fn]
    pub fn read(count: u8);
    #[wire::remote_fn(raw)]
    pub fn store(count: u8);
}

#[remote_fn(raw, as = shared::read)]
async fn read(_input: &mut RawInput<'_>, _count: u8) {}

#[remote_fn(as = shared::store)]
async fn store(_count: u8) {}

fn main() {}
