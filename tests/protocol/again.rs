//! Objects that were read, written again by the same constructs.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use bytes::BytesMut;
use wire::codec::{
    Decoder, Element, Encoder, Form, FunctionRef, Head, Item, Name, Number, Packed, Sent, Shape,
};
use wire::{FromWire, Unsendable, Value};

use crate::meaning::Direction;

impl Direction {
    /// The octets of an object whose [`meaning`](Self::meaning) was just told, written again for
    /// the same peer.
    pub(crate) fn again(&mut self, octets: &[u8]) -> Result<Vec<u8>, Unsendable> {
        let mut buffer = BytesMut::new();
        let mut sent = std::mem::replace(&mut self.sent, Sent::new(0));
        let mut out = Encoder::new(&mut buffer, Some(&mut sent), &self.peer);
        let written = self.write(octets, &mut out).and_then(|()| out.finish());
        self.sent = sent;
        written.map(|()| buffer.to_vec())
    }

    fn write(&self, octets: &[u8], out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        let (input, count) = match self.head(octets) {
            Head::Funcall { function, argc, args } => {
                self.named(&function, |name| out.funcall(name, argc.into()))?;
                (args, argc)
            }
            Head::Call { want, id, function, argc, args } => {
                self.named(&function, |name| out.call(want, id, name, argc.into()))?;
                (args, argc)
            }
            Head::Return { id, n, values } => {
                out.return_(id, n.into())?;
                (values, n)
            }
            Head::Unwound { id, reason } => {
                out.unwound(id)?;
                (reason, 1)
            }
            Head::Release { object, count } => return out.release(object, count),
            Head::Cancel { id } => return out.cancel(id),
            Head::Ping { cookie } => return out.ping(cookie),
            Head::Pong { cookie } => return out.pong(cookie),
            Head::Goodbye { reason } => {
                let reason = self.decoder(reason).string().map_err(Unsendable::said)?;
                return out.goodbye(&reason);
            }
            Head::Object(object) => (object, 1),
            other => panic!("{other:?}"),
        };
        let mut input = self.decoder(input);
        (0..count).try_for_each(|_| self.copy(&mut input, out))
    }

    fn named<T>(&self, function: &FunctionRef<'_>, run: impl FnOnce(Name<'_>) -> T) -> T {
        let symbol = self.symbol(function);
        run(Name::Dynamic { name: &symbol.name, package: &symbol.package })
    }

    /// Writes what stands next, in the construct in which it was written.
    fn copy(&self, input: &mut Decoder<'_>, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        if input.is_call() {
            let call = input.call_head().map_err(Unsendable::said)?;
            self.named(&call.function, |name| out.funcall(name, call.argc.into()))?;
            return (0..call.argc).try_for_each(|_| self.copy(input, out));
        }
        let packed = input.clone().list().ok().and_then(|mut list| list.packed());
        match input.item().map_err(Unsendable::said)? {
            Item::Integer(Number::Small(small)) => out.integer(small),
            Item::Integer(number) => out.bignum(&number.to_bigint()),
            Item::String(text) => out.string(&text),
            Item::Symbol(symbol) => out.symbol(&symbol.name, &symbol.package),
            Item::Double(double) => out.double(double),
            Item::Single(single) => out.single(single),
            Item::Octets(octets) => out.octets(octets),
            Item::Remote(remote) => out.token(remote.token()),
            Item::Cons => {
                out.cons()?;
                self.copy(input, out)?;
                self.copy(input, out)
            }
            Item::Sequence { vector, count } => {
                let mut list = out.sequence(form(vector), count)?;
                (0..count).try_for_each(|_| self.copy(input, list.element()?))?;
                list.end()
            }
            Item::Packed { vector, .. } => write_packed(&packed.expect("it is"), form(vector), out),
            Item::Record { fields } => self.record(input, fields, out),
            Item::Lookup(mut entry) => self.copy(&mut entry, out),
            item => panic!("{item:?}"),
        }
    }

    fn record(
        &self,
        input: &mut Decoder<'_>,
        fields: usize,
        out: &mut Encoder<'_>,
    ) -> Result<(), Unsendable> {
        let keys = Value::from_wire(input).map_err(Unsendable::said)?;
        let names = keys.iter().map(|key| key.as_symbol().expect("a keyword").name().to_owned());
        let mut record = out.record(shape(names.collect()))?;
        for _ in 0..fields {
            let value = record.field(false)?.expect("it is not absent");
            self.copy(input, value)?;
        }
        record.end()
    }
}

fn form(vector: bool) -> Form {
    if vector { Form::Vector } else { Form::List }
}

/// The shape of these keys. The encoder tells shapes apart by where they stand, so there is one of
/// each.
fn shape(keys: Vec<String>) -> &'static Shape {
    static SHAPES: LazyLock<Mutex<HashMap<Vec<String>, &'static Shape>>> =
        LazyLock::new(Mutex::default);
    let mut shapes = SHAPES.lock().expect("nothing panics under it");
    shapes.entry(keys.clone()).or_insert_with(|| {
        let keys = keys.into_iter().map(|key| &*key.leak()).collect::<Vec<&str>>();
        Box::leak(Box::new(Shape::new(keys.leak())))
    })
}

fn write_packed(packed: &Packed<'_>, form: Form, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
    fn sized<const N: usize>(octets: &[u8]) -> impl ExactSizeIterator<Item = [u8; N]> {
        octets.chunks_exact(N).map(|number| number.try_into().expect("so many octets"))
    }
    let octets = packed.octets;
    match packed.element {
        1 => out.packed(Element::I8, form, sized::<1>(octets)),
        2 => out.packed(Element::I16, form, sized::<2>(octets)),
        3 => out.packed(Element::I32, form, sized::<4>(octets)),
        4 => out.packed(Element::I64, form, sized::<8>(octets)),
        5 => out.packed(Element::U8, form, sized::<1>(octets)),
        6 => out.packed(Element::U16, form, sized::<2>(octets)),
        7 => out.packed(Element::U32, form, sized::<4>(octets)),
        8 => out.packed(Element::U64, form, sized::<8>(octets)),
        9 => out.packed(Element::F32, form, sized::<4>(octets)),
        10 => out.packed(Element::F64, form, sized::<8>(octets)),
        other => panic!("elements of kind {other}"),
    }
}
