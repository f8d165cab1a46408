//! As little of the library as the generated code needs, in one process: a call is recorded, and
//! answered at once by what the test put on the wire.
#![expect(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::needless_pass_by_ref_mut,
    clippy::unwrap_used,
    clippy::use_self,
    reason = "a stub"
)]

pub mod wire {
    pub mod __private {
        use std::any::{Any, TypeId};
        use std::collections::VecDeque;
        use std::future::{Ready, ready};
        use std::marker::PhantomData;
        use std::sync::{Arc, Mutex};

        #[derive(Clone, Debug, PartialEq)]
        pub enum Datum {
            Nil,
            Int(i64),
            Str(String),
            Key(String),
            List(Vec<Datum>),
        }

        pub trait ToWire {
            fn datum(&self) -> Datum;
        }
        pub trait FromWire: Sized {
            fn read(datum: Option<Datum>) -> Result<Self, CallError>;
        }
        impl ToWire for i64 {
            fn datum(&self) -> Datum {
                Datum::Int(*self)
            }
        }
        impl ToWire for str {
            fn datum(&self) -> Datum {
                Datum::Str(self.into())
            }
        }
        impl ToWire for String {
            fn datum(&self) -> Datum {
                Datum::Str(self.clone())
            }
        }
        impl<T: ToWire> ToWire for [T] {
            fn datum(&self) -> Datum {
                Datum::List(self.iter().map(|t| t.datum()).collect())
            }
        }
        impl<T: ToWire> ToWire for Vec<T> {
            fn datum(&self) -> Datum {
                self[..].datum()
            }
        }
        impl<T: ToWire + ?Sized> ToWire for &T {
            fn datum(&self) -> Datum {
                (**self).datum()
            }
        }
        impl ToWire for () {
            fn datum(&self) -> Datum {
                Datum::Nil
            }
        }
        impl<A: ToWire, B: ToWire> ToWire for (A, B) {
            fn datum(&self) -> Datum {
                Datum::List(vec![self.0.datum(), self.1.datum()])
            }
        }
        impl FromWire for i64 {
            fn read(d: Option<Datum>) -> Result<Self, CallError> {
                match d {
                    Some(Datum::Int(i)) => Ok(i),
                    _ => Err(CallError("not an integer")),
                }
            }
        }
        impl FromWire for String {
            fn read(d: Option<Datum>) -> Result<Self, CallError> {
                match d {
                    Some(Datum::Str(s)) => Ok(s),
                    _ => Err(CallError("not a string")),
                }
            }
        }
        impl FromWire for () {
            fn read(_: Option<Datum>) -> Result<Self, CallError> {
                Ok(())
            }
        }
        impl<T: FromWire> FromWire for Vec<T> {
            fn read(d: Option<Datum>) -> Result<Self, CallError> {
                match d {
                    Some(Datum::List(l)) => l.into_iter().map(|d| T::read(Some(d))).collect(),
                    _ => Err(CallError("not a list")),
                }
            }
        }

        #[derive(Clone, Debug, PartialEq)]
        pub struct CallError(pub &'static str);
        impl std::fmt::Display for CallError {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0)
            }
        }
        impl std::error::Error for CallError {}

        pub struct SymbolSite {
            pub name: &'static str,
            pub package: &'static str,
        }
        impl SymbolSite {
            pub const fn new(name: &'static str, package: &'static str) -> Self {
                Self { name, package }
            }
        }
        pub enum Name<'a> {
            Site(&'static SymbolSite),
            Dynamic(&'a str),
        }
        pub struct Call<'a> {
            name: Name<'a>,
            arguments: &'a [&'a dyn ToWire],
        }
        impl<'a> Call<'a> {
            pub fn new(name: Name<'a>, arguments: &'a [&'a dyn ToWire]) -> Self {
                Self { name, arguments }
            }
            fn show(&self) -> String {
                let Name::Site(site) = self.name else { unreachable!() };
                let arguments: Vec<_> =
                    self.arguments.iter().map(|a| format!(" {:?}", a.datum())).collect();
                format!("({}::{}{})", site.package, site.name, arguments.concat())
            }
        }

        #[derive(Clone, Default)]
        pub struct Wire {
            pub sent: Arc<Mutex<Vec<String>>>,
            pub answers: Arc<Mutex<VecDeque<Option<Vec<Datum>>>>>,
        }
        impl Wire {
            pub fn log(&self) -> Vec<String> {
                std::mem::take(&mut *self.sent.lock().unwrap())
            }
            pub fn answer(&self, datums: &[Datum]) {
                self.answers.lock().unwrap().push_back(Some(datums.to_vec()))
            }
            pub fn unwind(&self) {
                self.answers.lock().unwrap().push_back(None)
            }
            fn next(&self, call: Call<'_>) -> Option<Vec<Datum>> {
                self.sent.lock().unwrap().push(call.show());
                self.answers.lock().unwrap().pop_front().expect("an answer")
            }
        }
        pub fn notify(wire: &Wire, calls: &[Call<'_>]) -> Result<(), CallError> {
            let shown: Vec<_> = calls.iter().map(Call::show).collect();
            wire.sent.lock().unwrap().push(shown.join(" "));
            Ok(())
        }
        #[must_use]
        pub struct Pending<T>(Result<(Option<T>, bool), CallError>);
        impl<T> Pending<T> {
            pub fn value(self) -> Ready<Result<T, CallError>> {
                ready(self.0.and_then(|(v, _)| v.ok_or(CallError("unwound"))))
            }
            pub fn or_else(self, f: impl FnOnce() -> T) -> Ready<Result<T, CallError>> {
                ready(self.0.map(|(v, _)| v.unwrap_or_else(f)))
            }
        }
        pub fn value<T: FromWire>(wire: &Wire, call: Call<'_>) -> Pending<T> {
            Pending(match wire.next(call) {
                Some(d) => T::read(d.into_iter().next()).map(|v| (Some(v), false)),
                None => Ok((None, true)),
            })
        }
        pub fn value_as<T: FromWire>(_: PhantomData<T>, wire: &Wire, call: Call<'_>) -> Pending<T> {
            value(wire, call)
        }
        pub trait FromValues: Sized {
            fn read_all(d: Vec<Datum>) -> Result<Self, CallError>;
        }
        impl<A: FromWire> FromValues for (A,) {
            fn read_all(d: Vec<Datum>) -> Result<Self, CallError> {
                Ok((A::read(d.into_iter().next())?,))
            }
        }
        impl<A: FromWire, B: FromWire> FromValues for (A, B) {
            fn read_all(d: Vec<Datum>) -> Result<Self, CallError> {
                let mut d = d.into_iter();
                Ok((A::read(d.next())?, B::read(d.next())?))
            }
        }
        pub struct Unwound;
        pub enum Bound<V> {
            Values(V),
            Unwound(Unwound),
        }
        pub fn values<V: FromValues>(
            wire: &Wire,
            call: Call<'_>,
            _count: u8,
        ) -> Ready<Result<Bound<V>, CallError>> {
            ready(match wire.next(call) {
                Some(d) => V::read_all(d).map(Bound::Values),
                None => Ok(Bound::Unwound(Unwound)),
            })
        }
        pub fn values_as<V: FromValues>(
            _: PhantomData<V>,
            wire: &Wire,
            call: Call<'_>,
            count: u8,
        ) -> Ready<Result<Bound<V>, CallError>> {
            values(wire, call, count)
        }

        pub trait Declared {
            const NAME: &'static str;
            const PACKAGE: Option<&'static str>;
            const COUNT: u8;
            fn site() -> &'static SymbolSite;
        }
        pub fn declared<T>(_: PhantomData<T>) -> T {
            unreachable!()
        }
        pub trait Same<T> {}
        impl<T> Same<T> for T {}
        pub fn same<Ours, Theirs: Same<Ours>>(_: Theirs) {}

        pub trait RemoteFn {
            const DEFINITION: &'static Definition;
        }
        pub struct Parameter {
            pub name: &'static str,
            pub ty: &'static str,
        }
        pub struct Need {
            pub type_name: &'static str,
            pub id: fn() -> TypeId,
        }
        #[derive(Debug, PartialEq)]
        pub enum FunctionKind {
            Plain,
            Async,
            Blocking,
        }
        pub struct Definition {
            pub name: &'static str,
            pub package: Option<&'static str>,
            pub docs: &'static str,
            pub file: &'static str,
            pub line: u32,
            pub parameters: &'static [Parameter],
            pub returns: &'static str,
            pub kind: FunctionKind,
            pub needs: &'static [Need],
            pub run: fn(&mut Invocation<'_>) -> Result<Work, CallError>,
        }
        pub struct Invocation<'a> {
            pub arguments: VecDeque<Datum>,
            pub wire: &'a Wire,
            pub state: Arc<dyn Any + Send + Sync>,
        }
        pub enum Work {
            Done(Result<Datum, String>),
            Future(std::pin::Pin<Box<dyn Future<Output = Result<Datum, String>> + Send>>),
            Blocking(Box<dyn FnOnce() -> Result<Datum, String> + Send>),
        }
        pub trait Answer {
            fn answer(self) -> Result<Datum, String>;
        }
        impl<T: ToWire> Answer for T {
            fn answer(self) -> Result<Datum, String> {
                Ok(self.datum())
            }
        }
        impl<T: ToWire, E: std::fmt::Display> Answer for Result<T, E> {
            fn answer(self) -> Result<Datum, String> {
                self.map(|v| v.datum()).map_err(|e| e.to_string())
            }
        }
        impl Invocation<'_> {
            pub fn wire(&self) -> &Wire {
                self.wire
            }
            pub fn context<T: Any + Send + Sync>(
                &self,
                name: &'static str,
            ) -> Result<Arc<T>, CallError> {
                let _ = name;
                self.state.clone().downcast().map_err(|_| CallError("no state"))
            }
            pub fn argument<T: FromWire>(&mut self, name: &'static str) -> Result<T, CallError> {
                let _ = name;
                T::read(self.arguments.pop_front())
            }
            pub fn done<R: Answer>(&mut self, value: R) -> Result<Work, CallError> {
                Ok(Work::Done(value.answer()))
            }
            pub fn done_unwinds<T: ToWire, E: ToWire>(
                &mut self,
                value: Result<T, E>,
            ) -> Result<Work, CallError> {
                Ok(Work::Done(value.map(|v| v.datum()).map_err(|e| format!("{:?}", e.datum()))))
            }
            pub fn reply(&mut self) -> Reply {
                Reply
            }
        }
        pub struct Reply;
        impl Reply {
            pub fn future<R: Answer, F: Future<Output = R> + Send + 'static>(
                self,
                future: F,
            ) -> Work {
                Work::Future(Box::pin(async { future.await.answer() }))
            }
            pub fn blocking_unwinds<T: ToWire, E: ToWire>(
                self,
                run: impl FnOnce() -> Result<T, E> + Send + 'static,
            ) -> Work {
                Work::Blocking(Box::new(|| {
                    run().map(|v| v.datum()).map_err(|e| format!("{:?}", e.datum()))
                }))
            }
            pub fn blocking<R: Answer, F: FnOnce() -> R + Send + 'static>(self, run: F) -> Work {
                Work::Blocking(Box::new(|| run().answer()))
            }
        }
        #[derive(Default)]
        pub struct Functions(pub Vec<&'static Definition>);
        impl Functions {
            pub fn new() -> Self {
                Self::default()
            }
            pub fn with<F: RemoteFn>(mut self) -> Self {
                self.0.push(F::DEFINITION);
                self
            }
        }
    }
}

/// Polls to the end; nothing in these tests waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

#[macro_export]
macro_rules! remote { ($($t:tt)*) => { ::wire_macros::__remote! { [$crate::support::wire] $($t)* } } }
#[macro_export]
macro_rules! remote_value { ($($t:tt)*) => { ::wire_macros::__remote_value! { [$crate::support::wire] $($t)* } } }
#[macro_export]
macro_rules! remote_value_bind { ($($t:tt)*) => { ::wire_macros::__remote_value_bind! { [$crate::support::wire] $($t)* } } }
#[macro_export]
macro_rules! functions { ($($t:tt)*) => { ::wire_macros::__functions! { [$crate::support::wire] $($t)* } } }
