//! Has the service compiled, with octets as `Bytes`, which are not copied.

fn main() -> std::io::Result<()> {
    tonic_prost_build::configure().bytes(".").compile_protos(&["bench.proto"], &["."])
}
