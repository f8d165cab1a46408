;;;; What the tests of wire.lisp call in CMUCL, beside functions.lisp.

(in-package :cl-user)

(setf wire:*unwind-on-error* t
      wire:*unwinding-log* (make-string-output-stream))

;; What is said of errors that unwound, in a line.
(defun logged () (substitute #\space #\newline (get-output-stream-string wire:*unwinding-log*)))

(defun code-points (string)
  (loop with index = 0
        while (< index (length string))
        collect (multiple-value-bind (code pair) (lisp:codepoint string index)
                  (incf index (if pair 2 1))
                  code)))
(defun units (&rest codes) (map 'string #'code-char codes))
(defun named (name) (intern name :cl-user))

(defun bits-of (float)
  (etypecase float
    (double-float (multiple-value-bind (high low) (kernel:double-float-bits float)
                    (logior (ash (ldb (byte 32 0) high) 32) low)))
    (single-float (ldb (byte 32 0) (kernel:single-float-bits float)))))
(defun double-of (bits)
  (let ((high (ash bits -32)))
    (kernel:make-double-float (if (logbitp 31 high) (- high (ash 1 32)) high)
                              (ldb (byte 32 0) bits))))
(defun floats-of (type)
  (map `(simple-array ,type (*)) (lambda (float) (coerce float type)) '(1.5 -2.5)))

(defun element-type (vector) (prin1-to-string (array-element-type vector)))
(defun ramp (count) (let ((octets (make-array count :element-type '(unsigned-byte 8))))
                      (dotimes (index count octets)
                        (setf (aref octets index) (mod index 251)))))
(defun packed (element-type &rest elements)
  (make-array (length elements) :element-type element-type :initial-contents elements))

(define-condition no-such-line (error)
  ((line :initarg :line))
  (:report (lambda (condition stream)
             (format stream "line ~D is beyond the end" (slot-value condition 'line)))))
(defun turn-to (line) (error 'no-such-line :line line))
(defun fail-saying (control &rest arguments) (apply #'error control arguments))
(defun fall () (error "as asked"))
(defun halt () (break "~A, for ~D" "as asked" 3))
;; Leaves more than the call: what serves the wire, too.
(defun leave-all ()
  (invoke-restart (second (remove 'abort (compute-restarts) :key #'restart-name :test-not #'eq))))
(defun dig (n) (1+ (dig (1+ n))))
(defun hash () (list 1 (make-hash-table)))
(defun hash-and-text () (values "text" (make-hash-table)))
;; Calls its caller, and unwinds for the same reason as that.
(defun pass-on (line)
  (wire:remote-value wire:*current-wire* (turn-to line) (error (wire:unwound-reason))))

(defun count-held () (length (wire:held-objects)))
(defun token-of-kept () (wire:make-remote-object *kept*))
(defun is-kept (token) (eql (wire:remote-object-value token) *kept*))
(defun forget-kept () (wire:forget-remote-translation *kept*))

;; Reads what follows the call untagged.
(defun read-raw ()
  (let ((wire wire:*current-wire*))
    (list (wire:wire-get-byte wire) (wire:wire-get-number wire) (wire:wire-get-string wire)
          (wire:wire-get-bignum wire) (wire:wire-get-object wire))))
(defun deep (depth)
  (let ((list '()))
    (dotimes (count depth list)
      (setf list (list list)))))
(defun depth-of (list) (loop while list do (setf list (car list)) count t))

(do-symbols (symbol :cl-user)
  (when (and (eq (symbol-package symbol) *package*) (fboundp symbol)
             (eval:interpreted-function-p (fdefinition symbol)))
    (compile symbol)))
