;;;; What the live tests call in CMUCL.

(in-package :cl-user)

(defpackage "ELSEWHERE"
  (:use))

(defvar *wire* nil
  "The wire to the test, whoever of the two connected.")
(defvar *notes* ())
(defvar *kept* nil)

(defun add (a b) (+ a b))
(defun echo (object) object)
(defun divide (a b) (floor a b))
(defun many (n) (values-list (loop for i from 1 to n collect i)))
;; Whether the reader here makes the same of TEXT.
(defun reads-as (object text) (equal object (read-from-string text)))
(defun codes (string) (map 'list #'char-code string))
(defun every-octet ()
  (let ((string (make-string 256)))
    (dotimes (code 256 string)
      (setf (char string code) (code-char code)))))
(defun package-of (symbol) (package-name (symbol-package symbol)))
(defun elsewhere::twice (n) (* 2 n))
(defun elsewhere::|Lower case| () 'elsewhere::|a symbol|)
(defun sum (list) (reduce #'+ list))
(defun alphabets (length)
  (let ((string (make-string length)))
    (dotimes (index length string)
      (setf (char string index) (code-char (+ (char-code #\a) (mod index 26)))))))
(defun note (thing) (push thing *notes*))
(defun notes () (prog1 (reverse *notes*) (setf *notes* ())))
(defun bail () (abort))
(defun fail () (error "As asked."))
(defun a-float () 1.5)
(defun a-float-inside (depth)
  (if (zerop depth) (list 1 2.5 3) (list 1 (a-float-inside (1- depth)) 2)))
(defun float-among-values () (values 1 2.5 3))
(defun call-back-and-bail () (wire:remote-value wire:*current-wire* (have-lisp-bail) t))
(defun throw-out () (throw 'out :thrown))
(defun sleep-ms (milliseconds) (sleep (/ milliseconds 1000)))
(defun make-thing (n) (wire:make-remote-object (list n)))
(defun thing-value (remote) (first (wire:remote-object-value remote)))
(defun forget-thing (remote) (wire:forget-remote-translation (wire:remote-object-value remote)))
(defun keep-thing (remote) (setf *kept* remote) nil)
(defun same-thing (one other) (wire:remote-object-eq one other))
;; Calls back its caller, which calls back, until N is 0.
(defun descend (n)
  (if (zerop n)
      0
      (1+ (wire:remote-value wire:*current-wire* (ascend (1- n))))))

(defun wait-for-you () (wire:remote-value wire:*current-wire* (never)))
;; Calls for their effect, which the test counts.
(defun note-in-test (count)
  (dotimes (n count)
    (wire:remote *wire* (note n))))
(defun up-to (count) (loop for n below count collect n))

;; As DESCEND, and at the bottom it unwinds.
(defun descend-and-bail (n)
  (if (zerop n)
      (bail)
      (1+ (wire:remote-value wire:*current-wire* (ascend-and-bail (1- n))))))

;; Untagged data behind the call.
(defun read-data (kinds)
  (let ((wire wire:*current-wire*))
    (loop for kind in kinds
          collect (ecase kind
                    (:byte (wire:wire-get-byte wire))
                    (:number (wire:wire-get-number wire))
                    (:unsigned (wire:wire-get-number wire nil))
                    (:string (wire:wire-get-string wire))
                    (:bignum (wire:wire-get-bignum wire))
                    (:object (wire:wire-get-object wire))))))
(defun read-and-note (kinds) (note (read-data kinds)))
(defun length-of-data (kinds) (reduce #'+ (read-data kinds) :key #'length))
(defun same-object (one other) (eq one other))
(defun bail-with (object) (declare (ignore object)) (abort))
;; Each of DATA is a kind and what is written as it.
(defun write-data (data)
  (loop for (kind thing) in data
        do (ecase kind
             (:byte (wire:wire-output-byte *wire* thing))
             (:number (wire:wire-output-number *wire* thing))
             (:string (wire:wire-output-string *wire* thing))
             (:bignum (wire:wire-output-bignum *wire* thing))
             (:object (wire:wire-output-object *wire* thing))
             (:cached (wire:wire-output-object *wire* thing t))))
  (wire:wire-force-output *wire*))

;; Loaded as source they would be interpreted, a hundred times slower.
(do-symbols (symbol :cl-user)
  (when (and (eq (symbol-package symbol) *package*) (fboundp symbol))
    (compile symbol)))
