//! A network of two over a socket.

use capnp_rpc::rpc_twoparty_capnp::Side;
use capnp_rpc::twoparty::VatNetwork;
use contestant::Result;
use futures_util::AsyncReadExt;
use futures_util::io::{BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

type Half = futures_util::io::ReadHalf<Compat<TcpStream>>;

pub(crate) fn over(stream: TcpStream, side: Side) -> Result<Box<VatNetwork<BufReader<Half>>>> {
    stream.set_nodelay(true)?;
    let (input, output) = stream.compat().split();
    let (input, output) = (BufReader::new(input), BufWriter::new(output));
    Ok(Box::new(VatNetwork::new(input, output, side, Default::default())))
}
