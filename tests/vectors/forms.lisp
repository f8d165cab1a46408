;;;; The forms that tests/cmucl/record.lisp records, one on a line.

; For the effect.
(wire:remote w (none))
(wire:remote w (one 1))
(wire:remote w (two 1 2))
(wire:remote w (three 1 2 3))
(wire:remote w (four 1 2 3 4))
(wire:remote w (five 1 2 3 4 5))
(wire:remote w (six 1 2 3 4 5 6))
(wire:remote w (seven 1 2 3 4 5 6 7))
(wire:remote w (many . #.(make-list 255 :initial-element 0)))
(wire:remote w (one 1) (none) (two 1 "x") (one 2))
(wire:remote w (bail) (one 1))
(progn (wire:remote w (one 1)) (wire:wire-force-output w) (wire:remote w (one 2)))

; For one value.
(wire:remote-value w (none))
(wire:remote-value w (one 1))
(wire:remote-value w (two 1 2))
(wire:remote-value w (three 1 2 3))
(wire:remote-value w (four 1 2 3 4))
(wire:remote-value w (five 1 2 3 4 5))
(wire:remote-value w (six 1 2 3 4 5 6))
(wire:remote-value w (seven 1 2 3 4 5 6 7))
(list (wire:remote-value w (one 1)) (wire:remote-value w (one 2)) (wire:remote-value w (two 3 4)))
(progn (wire:remote w (one 1) (one 2)) (wire:remote-value w (one 3)))

; For several values.
(wire:remote-value-bind w () (one 1) :body)
(wire:remote-value-bind w (a) (one 1) (list a))
(wire:remote-value-bind w (a b) (two 1 2) (list a b))
(wire:remote-value-bind w (a b c) (three 1 2 3) (list a b c))
(wire:remote-value-bind w (a b c d) (four 1 2 3 4) (list a b c d))
(wire:remote-value-bind w (a b c d e) (five 1 2 3 4 5) (list a b c d e))
(wire:remote-value-bind w (a b c d e f) (six 1 2 3 4 5 6) (list a b c d e f))
(wire:remote-value-bind w (a b c d e f g) (seven 1 2 3 4 5 6 7) (list a b c d e f g))
(wire:remote-value-bind w (a b c) (none) (list a b c))
(wire:remote-value-bind w (a b c) (one 1) (list a b c))
(wire:remote-value-bind w (a) (three 1 2 3) (list a))
(wire:remote-value-bind w (a b) (seven 1 2 3 4 5 6 7) (list a b))
(wire:remote-value-bind w (a b c d e f) (one 1) (list a b c d e f))
(wire:remote-value-bind w (a b c d e f) (none) (list a b c d e f))
(wire:remote-value-bind w (a b c d e f) (seven 1 2 3 4 5 6 7) (list a b c d e f))

; That do not return.
(wire:remote-value w (bail) :unwound)
(wire:remote-value w (no-such-function 1) :unwound)
(wire:remote-value-bind w (a b) (bail) (list a b))
(wire:remote-value-bind w (a b c d e f) (bail) (list a b c d e f))

; Integers.
(wire:remote-value w (one 0))
(wire:remote-value w (one -1))
(wire:remote-value w (one 2147483647))
(wire:remote-value w (one -2147483648))
(wire:remote-value w (one 2147483648))
(wire:remote-value w (one -2147483649))
(wire:remote-value w (one 4294967295))
(wire:remote-value w (one 4294967296))
(wire:remote-value w (one -4294967295))
(wire:remote-value w (one -4294967296))
(wire:remote-value w (one 9223372036854775807))
(wire:remote-value w (one -9223372036854775808))
(wire:remote-value w (one 18446744073709551615))
(wire:remote-value w (one 18446744073709551616))
(wire:remote-value w (one (expt 2 1000)))
(wire:remote-value w (one (- (expt 2 1000))))
(wire:remote-value w (one (1- (expt 2 1024))))

; Strings.
(wire:remote-value w (one ""))
(wire:remote-value w (one "hello, world"))
(wire:remote-value w (one (coerce (loop for code below 256 collect (code-char code)) 'string)))
(wire:remote-value w (one (make-string 1000 :initial-element #\z)))

; Symbols.
(wire:remote-value w (one 'thing))
(wire:remote-value w (one 'car))
(wire:remote-value w (one :key))
(wire:remote-value w (one '|lower case|))
(wire:remote-value w (one 'elsewhere::thing))
(wire:remote-value w (one 'elsewhere::|Thing|))
(wire:remote-value w (one 'wire::do-1-value-call))
(wire:remote-value w (one t))
(wire:remote-value w (one nil))
(wire:remote-value w (one '(a :b a nil t b :b elsewhere::a a)))
(progn (wire:remote w (two 'a 'b) (two 'b 'a)) (wire:remote w (one 'a)) (wire:remote w (one 'c)))

; Lists.
(wire:remote-value w (one '(1)))
(wire:remote-value w (one '(1 "two" three)))
(wire:remote-value w (one '(1 . 2)))
(wire:remote-value w (one '(1 2 . 3)))
(wire:remote-value w (one '((1 (2 (3))) () ((4)))))
(wire:remote-value w (one '(("a" . 1) ("b" . 2))))
(wire:remote-value w (one '(:id 7 :command "make")))
(wire:remote-value-bind w (a b) (two '(1 2) '((3))) (list a b))

; Remote objects.
(wire:remote w (one (wire:make-remote-object (list 1))))
(wire:remote-value w (one (wire:make-remote-object (list 1))))
(let ((thing (wire:make-remote-object (list 1)))) (wire:remote-value w (two thing thing)))
(wire:remote-value w (one (list (wire:make-remote-object (list 1)) 2)))
(wire:remote-value w (make-thing))
(let ((thing (wire:remote-value w (make-thing)))) (wire:remote-value w (one thing)))

; Names of functions.
(wire:remote-value w (common-lisp:max 1 3 2))
(wire:remote-value w (common-lisp:1+ 41))
(wire:remote-value w (elsewhere::one 1))
(wire:remote-value w (elsewhere::|One| 1))

; Calls among the arguments.
(output-call 'one '(@ one 1))
(output-call 'two '(@ one 1) 2)
(output-call 'two 1 '(@ two 2 (@ one x)))
(output-call 'two '(@ one 1) '(@ one 2))
(output-call 'seven 1 2 3 '(@ seven 1 2 3 4 5 6 (@ none)) 5 6 7)
(output-call-for-value 'one '(@ one 1))
(output-call-for-value 'two '(@ one (@ one a)) 'a)

; Cached on request.
(let ((text "text")) (dotimes (n 2) (output-call-caching 'one text)))
(let ((list '(a "b" a))) (dotimes (n 2) (output-call-caching 'one list)))

; Untagged data behind calls.
(progn (wire:remote w (take)) (output-data))
(progn (wire:remote w (one 'a)) (wire:remote w (take)) (output-data) (wire:remote w (one 'a)))
(progn (output-call-for-value 'take) (output-data))
