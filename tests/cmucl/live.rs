//! Which CMUCL a test runs against, and in which role.

use wire::{Builder, Wire, remote_value};

use crate::lisp::Lisp;

/// What the CMUCL at the other end has loaded, and how the wire to it speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    /// `octets.lisp`: the classic dialect, and an octet for a character.
    Octets,
    /// `wire.lisp` on a classic wire.
    Classic,
    /// `wire.lisp` on a wire whose ends have said hello.
    Extended,
}

/// What CMUCL is in a test: it listens, or it connects to us.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    Server,
    Client,
}

impl Peer {
    /// A wire that connects to it.
    pub(crate) fn builder(self) -> Builder {
        match self {
            Self::Octets => Wire::builder().classic().latin1(),
            Self::Classic => Wire::builder().classic(),
            Self::Extended => Wire::builder().extended(),
        }
    }

    /// A wire that it connects to. A server says hello to everybody, also to those who drop it.
    pub(crate) fn accepting(self) -> Builder {
        match self {
            Self::Octets => Wire::builder().latin1(),
            Self::Classic => Wire::builder().classic(),
            Self::Extended => Wire::builder(),
        }
    }
}

/// Runs each test against each of the peers, in each of the roles of CMUCL:
/// `live!(octets, extended; server, client => [a, b])` makes the tests `octets::server::a` and so
/// on. A test is an `async fn(Lisp)`. A second list for the same peer has a name of its own:
/// `live!(few: octets; server => [c])` makes `few::octets::server::c`.
macro_rules! live {
    (@peer octets) => { $crate::live::Peer::Octets };
    (@peer classic) => { $crate::live::Peer::Classic };
    (@peer extended) => { $crate::live::Peer::Extended };
    (@role server) => { $crate::live::Role::Server };
    (@role client) => { $crate::live::Role::Client };
    (@at ($($up:ident)+) $test:ident) => { $($up::)+ $test };
    (@tests $up:tt $peer:ident $role:ident [$($test:ident),+ $(,)?]) => {
        mod $role {
            $(#[tokio::test]
            async fn $test() {
                let started = $crate::lisp::Lisp::start(live!(@peer $peer), live!(@role $role));
                let Some(lisp) = started else { return };
                $crate::live::in_time(live!(@at $up $test)(lisp)).await;
            })+
        }
    };
    (@roles $up:tt $peer:ident ($($role:ident)+) $tests:tt) => {
        mod $peer {
            $(live!(@tests $up $peer $role $tests);)+
        }
    };
    (@peers $up:tt ($($peer:ident)+) $roles:tt $tests:tt) => {
        $(live!(@roles $up $peer $roles $tests);)+
    };
    ($($peer:ident),+; $($role:ident),+ => $tests:tt) => {
        live!(@peers (super super) ($($peer)+) ($($role)+) $tests);
    };
    ($name:ident: $($peer:ident),+; $($role:ident),+ => $tests:tt) => {
        mod $name {
            live!(@peers (super super super) ($($peer)+) ($($role)+) $tests);
        }
    };
}

/// What `test` gives. A test that hangs fails instead; it says nothing about speed.
pub(crate) async fn in_time<T>(test: impl Future<Output = T>) -> T {
    let limit = std::time::Duration::from_secs(300);
    tokio::time::timeout(limit, test).await.expect("it ends in time")
}

/// The wire works, each way.
pub(crate) async fn check_alive(lisp: &mut Lisp, wire: &Wire) {
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
}
