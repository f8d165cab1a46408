//! What the command line says.

use wire::Limits;

pub(crate) const HELP: &str = "\
tap: a window on the wire

usage: tap [OPTION ..] LISTEN TARGET

Listens on LISTEN, connects each who comes to TARGET, passes on what both say, and prints it as
Lisp. Both are HOST:PORT; with port 0 in LISTEN the system chooses one.

  --full           print long forms to their end
  --object OCTETS  the heaviest object that is read; heavier ones are passed on all the same
                   (Limits::object_weight, 67108864)
  --insecure       let LISTEN be an address that other machines reach
  --help           print this

Each line begins with the seconds since the tap was started and the number of the connection. What
follows → was said by who connected, what follows ← by TARGET:

  #1 (ADD 1 2)                     a call that wants one value
  #2 (DIVIDE 17 5)  wants 2 values
  (NOTE 3)  for effect             a call that wants none
  #1 (ADD 1 2) => 3  0.4 ms        the answer, and the time between both as seen from here
  #2 (DIVIDE 17 0) unwound: SIMPLE-ERROR: 17 cannot be divided by 0  0.2 ms

A call among arguments stands unquoted, ADD in (F (ADD 1 2)); a list of data is '(ADD 1 2). Control
characters are shown as pictures. Colours are for terminals, unless NO_COLOR is set.

Where the octets of a side stop being objects (untagged data, or no wire at all), that is said once,
and no more of this side is read: nobody knows where its next object begins. All is passed on. Lines
that nobody reads in time are left out, which is said too: nothing here may hold up the peers.
";

/// What the command line says.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) listen: String,
    pub(crate) target: String,
    pub(crate) insecure: bool,
    pub(crate) full: bool,
    pub(crate) limits: Limits,
}

impl Options {
    /// Reads the arguments; `None` if they ask for help.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let (mut insecure, mut full, mut limits) = (false, false, Limits::default());
        let (mut addresses, mut rest) = (Vec::new(), arguments);
        while let Some(word) = rest.next() {
            match &*word {
                "--help" => return Ok(None),
                "--insecure" => insecure = true,
                "--full" => full = true,
                "--object" => {
                    let octets = rest.next().and_then(|octets| octets.parse().ok());
                    limits = limits.object_weight(octets.ok_or("--object wants a number")?);
                }
                _ if word.starts_with("--") => {
                    return Err(format!("there is no {word}; --help tells what there is"));
                }
                _ => addresses.push(word),
            }
        }
        match <[String; 2]>::try_from(addresses) {
            Ok([listen, target]) => Ok(Some(Self { listen, target, insecure, full, limits })),
            Err(_) => Err("usage: tap [OPTION ..] LISTEN TARGET; --help tells more".to_owned()),
        }
    }
}
