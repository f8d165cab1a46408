//! Lists, and what is written as one.

use super::*;

#[test]
fn lists_cross() {
    trip(vec![vec![1_u8], vec![], vec![2, 3]]);
    trip([1.to_string(), 2.to_string()]);
    trip(VecDeque::from([1, 2]));
    trip(BTreeSet::from([1, 2]));
    trip(HashSet::from([1, 2]));
    trip(Box::<[i64]>::from([1, 2]));
    is_lisp(&[1, 2][..], "(1 2)");
    is_lisp([Some(1), None], "(1 nil)");
    wrong::<Vec<i64>>("7", "expected a list, found the integer 7");
    wrong::<Vec<i64>>("(1 . 2)", "expected a proper list, found a dotted list");
    wrong::<Vec<String>>("(\"a\" 2)", "expected String, found the integer 2, in element 1");
    wrong::<[i64; 3]>("(1 2)", "expected a list of 3 elements, found one of 2");
    wrong::<Vec<Vec<i64>>>("((1) (1 nil))", "expected i64, found NIL, in element 1, in element 1");
}

#[test]
fn tuples_are_lists() {
    trip((1_u8, "a".to_owned()));
    trip((1, (2, 3), vec![4]));
    trip((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    is_lisp((1, "a", None::<i64>), "(1 \"a\" nil)");
    wrong::<(i64, i64)>("(1)", "expected i64, found nothing, in element 1");
    wrong::<(i64, i64)>("(1 2 3)", "expected the end of tuple, found the integer 3");
    wrong::<(i64, i64)>("(1 \"b\")", "expected i64, found the string \"b\", in element 1");
    wrong::<(i64, i64)>("7", "expected a list, found the integer 7");
    let value = Value::read("(1)").unwrap();
    assert_eq!(send(&value, &CLASSIC).read::<(i64, Option<i64>)>(), Ok((1, None)));
}

#[test]
fn maps_are_alists() {
    trip(BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]));
    trip(HashMap::from([(1, "a".to_owned()), (2, "b".to_owned())]));
    trip(BTreeMap::from([(1, vec![2, 3]), (2, vec![])]));
    trip(BTreeMap::from([("a".to_owned(), BTreeMap::from([(1, vec!["x".to_owned()])]))]));
    is_lisp(BTreeMap::from([("a", 1), ("b", 2)]), "((\"a\" . 1) (\"b\" . 2))");
    is_lisp(BTreeMap::from([("a", vec![1, 2])]), "((\"a\" 1 2))");
    wrong::<HashMap<i64, i64>>("7", "expected an alist, found the integer 7");
    wrong::<HashMap<i64, i64>>(
        "(7)",
        "expected a pair of key and value, found the integer 7, in element 0",
    );
    wrong::<HashMap<i64, i64>>("((1 2))", "expected i64, found a list, in element 0");
    wrong::<HashMap<String, i64>>(
        "((1 . 2))",
        "expected String, found the integer 1, in element 0",
    );
}

#[test]
fn a_pair_may_come_as_a_list() {
    // As a list, packed, and as a record, where only the extended dialect has these.
    let lists = Value::read("((1 2 3) (4) (5 nil))").unwrap();
    let map = BTreeMap::from([(1, vec![Some(2), Some(3)]), (4, vec![]), (5, vec![None])]);
    assert_eq!(send(&lists, &EXTENDED).read(), Ok(map.clone()));
    assert_eq!(send(&lists, &CLASSIC).read(), Ok(map));
    let packed = vec![vec![1_u8, 2, 3], vec![4]];
    let map = BTreeMap::from([(1, vec![2, 3]), (4, vec![])]);
    assert_eq!(send(&packed, &EXTENDED).read(), Ok(map));
    let twice = Value::read("((1 . 2) (1 . 3))").unwrap();
    assert_eq!(send(&twice, &EXTENDED).read(), Ok(BTreeMap::from([(1, 2)])));
}

/// `(:ID 7 :TAG nil)`, by way of a record if the peer reads that.
struct Job;

impl ToWire for Job {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        static SHAPE: Shape = Shape::new(&["ID", "TAG"]);
        let mut record = out.record(&SHAPE)?;
        for value in [7.into(), Value::Nil] {
            if let Some(out) = record.field(false)? {
                value.to_wire(out)?;
            }
        }
        record.end()
    }
}

#[test]
fn a_record_is_the_property_list_that_it_means() {
    is_lisp(Job, "(:id 7 :tag nil)");
    is_lisp(vec![Job, Job], "((:id 7 :tag nil) (:id 7 :tag nil))");
    let plist = (Symbol::keyword("ID"), 7, Symbol::keyword("TAG"), false);
    assert_eq!(send(&Job, &EXTENDED).read(), Ok(plist));
    let pair = BTreeMap::from([(Symbol::keyword("ID"), (7, Symbol::keyword("TAG"), ()))]);
    assert_eq!(send(&[Job], &EXTENDED).read(), Ok(pair));
}

#[test]
fn a_tail_in_another_form_belongs_to_the_list() {
    struct Cons<T>(i64, T);
    impl<T: ToWire> ToWire for Cons<T> {
        fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
            out.cons()?;
            self.0.to_wire(out)?;
            self.1.to_wire(out)
        }
    }
    is_lisp(Cons(1, Cons(2, vec!["a"])), "(1 2 \"a\")");
    is_lisp(Cons(1, vec![2_u8, 3]), "(1 2 3)");
    is_lisp(Cons(1, Job), "(1 :id 7 :tag nil)");
    is_lisp(Cons(1, Vector(vec![2])), "(1 . #(2))");
    is_lisp(Cons(1, Cons(2, 3)), "(1 2 . 3)");
    is_lisp(vec![Cons(1, vec![2]), Cons(3, vec![])], "((1 2) (3))");
}

/// Each cons is saved and looked up as the tail of the next. To read each tail by itself and put
/// an element before it would move 10^10 elements.
#[test]
fn tails_that_are_looked_up_are_read_in_place() {
    const LEN: u32 = 100_000;
    let mut bytes = Vec::new();
    for index in 0..LEN {
        bytes.extend([&[10][..], &index.to_be_bytes(), &[13, 19, 7]].concat());
        match index {
            0 => bytes.extend([18, 0, 0, 0, 0, 0]),
            _ => bytes.extend([&[11][..], &(index - 1).to_be_bytes()].concat()),
        }
    }
    let last = bytes.len() - 13;
    bytes.extend([19, 8]);
    let sendings = scanned(bytes[..].into());
    let mut input = sendings.input();
    for _ in 1..LEN {
        input.skip().unwrap();
    }
    assert_eq!(input.rest().len(), bytes.len() - last);
    assert_eq!(Value::from_wire(&mut input), Ok(Value::list(vec![7; LEN as usize])));
    assert_eq!(input.integer(), Ok(8));
}
