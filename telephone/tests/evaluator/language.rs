//! What commands mean: a table, of which SBCL says the same.

use super::{evaluators, limits, outcome, run};

/// Commands and what SBCL prints for them, or the condition that it signals.
const AS_SBCL: &[(&str, &str)] = &[
    // The recorded ones.
    ("(list 1 \"a b\" :k 2.5 (quote foo) (/ 1 3))", "(1 \"a b\" :K 2.5 FOO 1/3)"),
    ("(error \"x\")", "SIMPLE-ERROR"),
    ("(/ 1 0)", "DIVISION-BY-ZERO"),
    ("(+ 1 2)", "3"),
    // Numbers.
    ("(list (+) (+ 1/2 1/3) (* 1.5 2) (- 5) (/ 2) (- 10 1 2))", "(0 5/6 3.0 -5 1/2 7)"),
    ("(expt 2 100)", "1267650600228229401496703205376"),
    ("(list (1+ 1) (1- 1) (mod -7 2) (rem -7 2) (mod 7 -2))", "(2 0 1 -1 -1)"),
    (
        "(list (floor 7 2) (floor -7 2) (ceiling 7 2) (truncate -7 2) (round 5 2) (round 7 2))",
        "(3 -4 4 -3 2 4)",
    ),
    ("(multiple-value-bind (q r) (floor -7 2) (list q r))", "(-4 1)"),
    ("(multiple-value-list (values 1 2 3))", "(1 2 3)"),
    ("(multiple-value-list (+ 1 1))", "(2)"),
    ("(list (abs -3) (min 3 1 2) (max 3 1 2) (gcd 12 18) (lcm 4 6))", "(3 1 3 6 12)"),
    ("(list (isqrt 17) (numerator 6/4) (denominator 6/4))", "(4 3 2)"),
    ("(list (evenp 2) (oddp 2) (zerop 0) (plusp -1) (minusp -1))", "(T NIL T NIL T)"),
    ("(list (= 1 1.0) (< 1 2 3) (< 1 3 2) (/= 1 2 1))", "(T T NIL NIL)"),
    ("(list (numberp 1) (integerp 1.0) (rationalp 1/2) (floatp 1.0))", "(T NIL T T)"),
    ("(list (/ 49.0 49.0) (/ 1 4.0) (/ 2.0) (/ 1.0 2 2))", "(1.0 0.25 0.5 0.25)"),
    ("(multiple-value-list (floor 49.0 49.0))", "(1 0.0)"),
    (
        "(list (round 2.5) (floor -7.5) (mod 7.5 2) (rem -7.5 2) (truncate 7.5 -2.0))",
        "(2 -8 1.5 -1.5 -3)",
    ),
    ("(list (/ 1.0 4.0) (rational 0.75) (rational 3.0) (float 1/4))", "(0.25 3/4 3 0.25)"),
    ("(list (floor 1d20) (round -1d20))", "(100000000000000000000 -100000000000000000000)"),
    ("(= (rational 1d20) 100000000000000000000)", "T"),
    ("(list (< (abs (- (sin 1/2) 0.479425538604203d0)) 1d-7) (exp 0) (log 8 2))", "(T 1.0 3.0)"),
    ("(list (atan 0 1.0) (< 2.356 (atan 1 -1.0) 2.357))", "(0.0 T)"),
    ("(/ 1.0 0.0)", "DIVISION-BY-ZERO"),
    ("(/ 1.0 0)", "DIVISION-BY-ZERO"),
    ("(/ 0.0 0.0)", "FLOATING-POINT-INVALID-OPERATION"),
    ("(mod 5.0 0)", "DIVISION-BY-ZERO"),
    ("(< 1 nil)", "TYPE-ERROR"),
    ("(>= \"a\" 1)", "TYPE-ERROR"),
    ("(= 1 'a)", "TYPE-ERROR"),
    ("(/= 1 'a)", "TYPE-ERROR"),
    ("(max 'a 1)", "TYPE-ERROR"),
    ("(min 'a)", "TYPE-ERROR"),
    ("(abs 'a)", "TYPE-ERROR"),
    ("(plusp nil)", "TYPE-ERROR"),
    ("(zerop nil)", "TYPE-ERROR"),
    ("(sort (list 1 'a) #'<)", "TYPE-ERROR"),
    // Lists.
    (
        "(list (car nil) (cdr nil) (car '(1 2)) (cdr '(1 2)) (cadr '(1 2 3)) (cddr '(1 2 3)))",
        "(NIL NIL 1 (2) 2 (3))",
    ),
    (
        "(list (first '(1)) (second '(1)) (third '(1 2 3)) (fifth '(1 2 3 4 5)) (rest '(1)))",
        "(1 NIL 3 5 NIL)",
    ),
    ("(cons 1 2)", "(1 . 2)"),
    (
        "(list (cons 1 nil) (cons 1 '(2)) '(1 2 . 3) (list* 1 2 '(3)) (list* 1 2 3))",
        "((1) (1 2) (1 2 . 3) (1 2 3) (1 2 . 3))",
    ),
    (
        "(list (nth 1 '(a b c)) (nthcdr 2 '(a b c)) (last '(1 2 3)) (butlast '(1 2 3)))",
        "(B (C) (3) (1 2))",
    ),
    (
        "(list (append '(1) nil '(2 3)) (append) (reverse '(1 2 3)) (length '(1 2)) (length \"abc\"))",
        "((1 2 3) NIL (3 2 1) 2 3)",
    ),
    ("(append '(1) 2)", "(1 . 2)"),
    (
        "(list (member 2 '(1 2 3)) (member 9 '(1)) (assoc 'b '((a . 1) (b . 2))) (getf '(:a 1 :b 2) :b))",
        "((2 3) NIL (B . 2) 2)",
    ),
    (
        "(list (member \"b\" '(\"a\" \"b\") :test #'string=) (assoc 2 '((1 . x) (2 . y))))",
        "((\"b\") (2 . Y))",
    ),
    (
        "(list (union '(1 2) '(2 3)) (intersection '(1 2) '(2 3)) (set-difference '(1 2) '(2 3)))",
        "((1 2 3) (2) (1))",
    ),
    (
        "(list (null nil) (null '()) (consp '(1)) (consp nil) (listp nil) (atom 1))",
        "(T T T NIL T T)",
    ),
    // Functions over sequences.
    ("(mapcar #'1+ '(1 2 3))", "(2 3 4)"),
    ("(mapcar '+ '(1 2 3) '(10 20))", "(11 22)"),
    ("(mapcar (lambda (x) (* x x)) '(1 2 3))", "(1 4 9)"),
    ("(list (map 'list #'1+ '(1 2)) (map 'list '+ '(1 2) #(10 20)))", "((2 3) (11 22))"),
    (
        "(list (map 'vector #'1+ '(1 2)) (map 'string #'char-upcase \"ab\") (map nil #'1+ '(1)))",
        "(#(2 3) \"AB\" NIL)",
    ),
    ("(mapcan (lambda (x) (list x x)) '(1 2))", "(1 1 2 2)"),
    (
        "(list (reduce #'+ '(1 2 3)) (reduce #'+ nil) (reduce #'- '(1 2 3) :initial-value 10))",
        "(6 0 4)",
    ),
    (
        "(list (reduce #'list '(1 2 3) :from-end t) (reduce #'+ '((1) (2)) :key #'car))",
        "((1 (2 3)) 3)",
    ),
    (
        "(list (remove-if #'evenp '(1 2 3)) (remove-if-not #'evenp '(1 2 3)) (remove 2 '(1 2 3)))",
        "((1 3) (2) (1 3))",
    ),
    (
        "(list (find 2 '(1 2)) (find 9 '(1)) (find-if #'evenp '(1 4)) (position 2 '(1 2)) (count 1 '(1 1 2)))",
        "(2 NIL 4 1 2)",
    ),
    ("(list (some #'evenp '(1 2)) (every #'evenp '(2 4)) (notany #'evenp '(1)))", "(T T T)"),
    (
        "(list (sort (list 3 1 2) #'<) (sort (list \"b\" \"a\") #'string<) (sort (list '(2) '(1)) #'< :key #'car))",
        "((1 2 3) (\"a\" \"b\") ((1) (2)))",
    ),
    ("(list (remove-duplicates '(1 2 1)) (substitute 9 1 '(1 2)))", "((2 1) (9 2))"),
    (
        "(list (apply #'+ 1 '(2 3)) (funcall #'+ 1 2) (funcall (lambda (x) x) 3) (funcall 'car '(1)))",
        "(6 3 3 1)",
    ),
    (
        "(list (adjoin '(1 x) '((1 y)) :key #'car) (union '((1 x)) '((1 y)) :key #'car) (subsetp '((1 x)) '((1 y)) :key #'car) (remove-duplicates '((1 x) (1 y)) :key #'car))",
        "(((1 Y)) ((1 Y)) T ((1 Y)))",
    ),
    (
        "(list (intersection '((1 x) (2 z)) '((1 y)) :key #'car) (set-difference '((1 x) (2 z)) '((1 y)) :key #'car))",
        "(((1 X)) ((2 Z)))",
    ),
    // Equality.
    (
        "(list (eq 'a 'a) (eql 1 1) (eql 1 1.0) (equal '(1 (2)) '(1 (2))) (equal \"a\" \"a\") (equalp \"A\" \"a\"))",
        "(T T NIL T T T)",
    ),
    ("(list (eq nil '()) (equal (list nil) (list (< 2 1))) (not nil))", "(T T T)"),
    // Strings and characters.
    (
        "(list (string= \"a\" \"a\") (string-upcase \"abc\") (string-downcase 'abc) (subseq \"hello\" 1 3))",
        "(T \"ABC\" \"abc\" \"el\")",
    ),
    ("(concatenate 'string \"foo\" \"bar\")", "\"foobar\""),
    (
        "(list (char \"abc\" 1) #\\Space (char-code #\\a) (code-char 97) (char-upcase #\\a))",
        "(#\\b #\\  97 #\\a #\\A)",
    ),
    (
        "(list (parse-integer \"42\") (parse-integer \"ff\" :radix 16) (string-trim \" \" \" x \"))",
        "(42 255 \"x\")",
    ),
    ("(format nil \"~a ~s ~d~%\" \"a\" \"b\" 3)", "\"a \\\"b\\\" 3\n\""),
    ("(format nil \"~2,'0d|~3d|~3,'xd|~5d\" 5 7 -1 'ab)", "\"05|  7|x-1|AB\""),
    ("(format nil \"~&a~2&b~%~&c~2%~3~\")", "\"a\n\nb\nc\n\n~~~\""),
    (
        "(format nil \"~8,2f|~,3f|~6f|~3,2f|~4,2f\" 3.14159 2.0 2.5 0.5 123.456)",
        "\"    3.14|2.000|   2.5|.50|123.46\"",
    ),
    ("(format nil \"~5a|~5,,,'*a|~3s|\" 'x \"y\" 'z)", "\"X    |y****|Z  |\""),
    ("(format nil \"a~\n   b\")", "\"ab\""),
    ("(format nil \"~a\")", "FORMAT-ERROR"),
    ("(format nil \"~5\")", "FORMAT-ERROR"),
    (
        "(list (princ-to-string \"a\") (prin1-to-string \"a\") (prin1-to-string 'foo))",
        "(\"a\" \"\\\"a\\\"\" \"FOO\")",
    ),
    (
        "(list (read-from-string \"(1 foo)\") (symbol-name 'foo) (intern \"FOO\"))",
        "((1 FOO) \"FOO\" FOO)",
    ),
    (
        "(list (search \"lo\" \"hello\") (position #\\l \"hello\") (reverse \"abc\"))",
        "(3 2 \"cba\")",
    ),
    // Core forms.
    ("(if nil 1)", "NIL"),
    (
        "(list (if '() 1 2) (when t 1 2) (unless t 1) (and 1 2) (and) (or nil 3) (or) (not 1))",
        "(2 2 NIL 2 T 3 NIL NIL)",
    ),
    ("(cond ((= 1 2) 1) ((+ 1 1)) (t 3))", "2"),
    ("(handler-case (ecase 3 (1 'a)) (type-error () 'none))", "NONE"),
    ("(etypecase 'x (integer 'number) (symbol 'name))", "NAME"),
    ("(list (case 2 (1 'a) ((2 3) 'b) (t 'c)) (case 'x (y 1) (otherwise 2)))", "(B 2)"),
    ("(let ((x 1) (y 2)) (let* ((x y) (z x)) (list x y z)))", "(2 2 2)"),
    ("(let ((list '(1 2))) (list list list))", "((1 2) (1 2))"),
    ("(flet ((f (x) (* 2 x))) (f 4))", "8"),
    ("(labels ((f (n) (if (zerop n) 1 (* n (f (1- n)))))) (f 20))", "2432902008176640000"),
    ("(defun f (x &optional (y 2) &key) (list x y)) (f 1)", "(1 2)"),
    (
        "(defun f (x &optional (y 2 given) &rest more) (list x y given more)) (list (f 1) (f 1 3 4))",
        "((1 2 NIL NIL) (1 3 T (4)))",
    ),
    (
        "(defun f (&key (a 1) b) (list a b)) (list (f) (f :b 2) (f :a nil))",
        "((1 NIL) (1 2) (NIL NIL))",
    ),
    ("(defun f (x) x)", "F"),
    ("(defvar *x* 1) (setq *x* (+ *x* 1)) (incf *x* 5) *x*", "7"),
    ("(let ((l nil)) (dolist (x '(1 2 3) l) (push x l)))", "(3 2 1)"),
    ("(let ((s 0)) (dotimes (i 5 s) (incf s i)))", "10"),
    ("(do ((i 0 (1+ i)) (l nil (cons i l))) ((= i 3) l))", "(2 1 0)"),
    ("(dolist (x '(1 2 3)) (when (= x 2) (return 'found)))", "FOUND"),
    ("(defun f (x) (when (> x 1) (return-from f 'big)) 'small) (list (f 1) (f 2))", "(SMALL BIG)"),
    ("(let ((i 0)) (loop (incf i) (when (= i 4) (return i))))", "4"),
    ("(let ((x 1)) `(a ,x ,@(list 2 3) (b . ,x)))", "(A 1 2 3 (B . 1))"),
    (
        "(mapcar (lambda (v) (setf (aref v 0) 'x) v) (list (copy-seq #(1 2)) (sort (vector 2 1) #'<) (subseq #(1 2) 1) (reverse #(1 2)) (remove 1 #(1 2 3))))",
        "(#(X 2) #(X 2) #(X) #(X 1) #(X 3))",
    ),
    ("(let ((v (vector 1 2 3))) (setf (aref v 1) 'x) v)", "#(1 X 3)"),
    (
        "(let ((h (make-hash-table))) (setf (gethash 'a h) 1) (list (gethash 'a h) (gethash 'b h 9) (hash-table-count h)))",
        "(1 9 1)",
    ),
    (
        "(let ((h (make-hash-table))) (setf (gethash (< 2 1) h) 1 (gethash nil h) 2) (list (hash-table-count h) (gethash '() h) (gethash (= 1 2) h) (remhash (= 1 2) h) (hash-table-count h)))",
        "(1 2 2 T 0)",
    ),
    (
        "(let ((h (make-hash-table :test 'equal))) (setf (gethash (list (< 2 1) 1) h) 1) (gethash (list nil 1) h))",
        "1",
    ),
    ("(let ((p (list 1))) (prog1 (pop p) (push 2 p)))", "1"),
    (
        "(let ((i 0) (v (vector 10 20 30))) (incf (aref v (incf i)) 5) (list i v))",
        "(1 #(10 25 30))",
    ),
    ("(let ((v (vector 1 2)) (i 0)) (incf (aref v i) (setq i 1)) v)", "#(2 2)"),
    ("(let ((x 1)) (decf x (setq x 5)))", "0"),
    (
        "(let ((i 0) (v (vector nil nil))) (push (incf i) (aref v (decf i))) (list i v))",
        "(0 #((1) NIL))",
    ),
    (
        "(let ((i 0) (v (vector '(1 2) '(3 4)))) (list (pop (aref v (1- (incf i)))) i v))",
        "(1 1 #((2) (3 4)))",
    ),
    (
        "(let ((h (make-hash-table)) (n 0)) (incf (gethash (incf n) h 0) 2) (list n (gethash 1 h)))",
        "(1 2)",
    ),
    ("(list 'foo ''foo '#'car :key nil t '|a b|)", "(FOO 'FOO #'CAR :KEY NIL T |a b|)"),
    ("'(quote foo)", "'FOO"),
    ("", "NIL"),
    // Conditions.
    ("(handler-case (/ 1 0) (error (c) (type-of c)))", "DIVISION-BY-ZERO"),
    ("(handler-case (error \"bad ~a\" 3) (error (c) (princ-to-string c)))", "\"bad 3\""),
    ("(handler-case (+ 1 2) (error () 'no))", "3"),
    ("(handler-case (/ 1 0) (type-error () 'no) (division-by-zero () 'yes))", "YES"),
    (
        "(handler-case (handler-case (error \"a\") (error () (error \"b\"))) (error (c) (princ-to-string c)))",
        "\"b\"",
    ),
    ("(handler-case (+ 1 2) (error () 'no) (:no-error (x) (list x 'fine)))", "(3 FINE)"),
    (
        "(list (handler-case (error \"x\") (error () 'no) (:no-error (x) x)) (handler-case (values 1 2) (:no-error (a b) (+ a b))))",
        "(NO 3)",
    ),
    (
        "(handler-case (handler-case 1 (error () 'inner) (:no-error (x) (/ x 0))) (error () 'outer))",
        "OUTER",
    ),
    ("(ignore-errors (car 1))", "NIL"),
    ("(let ((l nil)) (ignore-errors (unwind-protect (error \"x\") (push 1 l))) l)", "(1)"),
    (
        "(mapcar (lambda (x) (handler-case (list :ok (/ 6 x)) (error (c) (list :error (type-of c))))) '(1 0 3))",
        "((:OK 6) (:ERROR DIVISION-BY-ZERO) (:OK 2))",
    ),
    ("(car 1)", "TYPE-ERROR"),
    ("(no-such-function 1)", "UNDEFINED-FUNCTION"),
    ("no-such-variable", "UNBOUND-VARIABLE"),
    ("(car", "END-OF-FILE"),
];

#[tokio::test]
async fn commands_give_what_sbcl_gives() {
    let evaluators = evaluators(wire::functions![], limits());
    let mut wrong = Vec::new();
    for (command, expected) in AS_SBCL {
        let got = match run(&evaluators, command).await {
            Ok(value) => value,
            Err(hint) if hint.condition == *expected => hint.condition,
            Err(hint) => hint.to_string(),
        };
        if got != *expected {
            wrong.push(format!("{command}\n    gives {got}\n    SBCL  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_format_does_not_cover_it_refuses() {
    let evaluators = evaluators(wire::functions![], limits());
    for control in ["~:d", "~@a", "~vd", "~,,5f", "~r", "~{~a~}", "~1001d"] {
        let command = format!("(format nil \"{control}\" 1)");
        let hint = run(&evaluators, &command).await.expect_err(control);
        assert_eq!(hint.condition, "FORMAT-ERROR", "{control}");
    }
}

#[tokio::test]
async fn an_option_that_is_not_covered_is_refused_by_name() {
    let evaluators = evaluators(wire::functions![], limits());
    for (command, option) in [
        ("(remove 1 '(1 1) :count 1)", ":COUNT"),
        ("(find-if #'evenp '(2 4) :from-end t)", ":FROM-END"),
        ("(position 1 '(1 1) :start 1)", ":START"),
        ("(reduce #'+ '(1 2) :end 1)", ":END"),
        ("(parse-integer \"a1\" :start 1)", ":START"),
        ("(sort (list 2 1) #'< :test)", ":TEST"),
        ("(member 1 '(1) :key)", ":KEY"),
        ("(make-array 2 :fill-pointer 0)", ":FILL-POINTER"),
        ("(string= \"ab\" \"b\" :start1 1)", ":START1"),
    ] {
        let hint = run(&evaluators, command).await.expect_err(command);
        assert_eq!(hint.condition, "PROGRAM-ERROR", "{command}");
        assert!(hint.to_string().contains(option), "{hint}");
    }
}

/// What only Scheme says so, and what is this language's own.
#[tokio::test]
async fn scheme_spellings_work_as_well() {
    let evaluators = evaluators(wire::functions![], limits());
    for (command, expected) in [
        ("(define (f x) (* x x)) (map f (list 1 2 3))", "(1 4 9)"),
        ("(define f (lambda (x . rest) (list x rest))) (f 1 2 3)", "(1 (2 3))"),
        ("(define x 1) (set! x (+ x 1)) x", "2"),
        ("(let loop ((i 0) (l '())) (if (= i 3) l (loop (+ i 1) (cons i l))))", "(2 1 0)"),
        (
            "(letrec ((even? (lambda (n) (if (= n 0) #t (odd? (- n 1))))) (odd? (lambda (n) (if (= n 0) #f (even? (- n 1)))))) (even? 1000))",
            "T",
        ),
        ("(define (f) (define a 1) (define (g x) (+ x a)) (g 1)) (f)", "2"),
        ("(list #t #f '() (begin 1 2) (if #f 1 2) (if '() 1 2))", "(T NIL NIL 2 2 2)"),
        ("(cond (#f 1) (else 2))", "2"),
        ("((lambda args args) 1 2)", "(1 2)"),
        ("(apply max '(1 3 2))", "3"),
        (
            "(list (even? 2) (null? '()) (pair? '()) (string-append \"a\" \"b\") (vector-ref #(1 2) 1))",
            "(T T NIL \"ab\" 2)",
        ),
        ("(map + '(1 2) '(10 20))", "(11 22)"),
        ("(list (map '+ '(1 2) '(10 20)) (map (lambda (x) (* x x)) '(1 2)))", "((11 22) (1 4))"),
        ("(filter odd? (range 0 5))", "(1 3)"),
        ("(iota 3)", "(0 1 2)"),
    ] {
        assert_eq!(outcome(&evaluators, command).await, expected, "{command}");
    }
}
