@0xd6f1a4e1c2b09a37;

interface Bench {
  add @0 (a :Int32, b :Int32) -> (sum :Int32);
  note @1 (text :Text) -> ();
  told @2 () -> (octets :UInt64);
  echo @3 (octets :Data) -> (octets :Data);
  echoRecords @4 (records :List(Record)) -> (records :List(Record));
  # What the server calls back.
  introduce @5 (doubler :Doubler) -> ();
  callBack @6 (number :Int32) -> (result :Int32);
}

interface Doubler {
  double @0 (number :Int32) -> (doubled :Int32);
}

struct Record {
  number @0 :UInt64;
  text @1 :Text;
  ratio @2 :Float64;
}
