;;;; Writes down what two ends of CMUCL send each other, octet for octet:
;;;;
;;;;     cmucl -noinit -quiet -load lisp/octets.lisp -load tests/cmucl/record.lisp
;;;;
;;;; writes the table tests/vectors/macros.tsv, or that which $TABLE names. Each form in
;;;; tests/vectors/forms.lisp, one on a line, is evaluated with W bound to a fresh wire. It leads to
;;;; a server in the same process, through a relay that keeps what passes. Whoever reads blocks, and
;;;; the relay with it: what a form sends must fit into the buffer of a wire, and go out in one piece.

(in-package :cl-user)

(defpackage "ELSEWHERE"
  (:use))

(defvar w)

;;; What the forms call.

(defun none () nil)
(defun one (a) a)
(defun two (a b) (values a b))
(defun three (a b c) (values a b c))
(defun four (a b c d) (values a b c d))
(defun five (a b c d e) (values a b c d e))
(defun six (a b c d e f) (values a b c d e f))
(defun seven (a b c d e f g) (values a b c d e f g))
(defun many (&rest arguments) (length arguments))
(defun bail () (abort))
(defun make-thing () (wire:make-remote-object (list 42)))
(defun take ()
  (let ((wire wire:*current-wire*))
    (list (wire:wire-get-byte wire) (wire:wire-get-number wire) (wire:wire-get-string wire)
          (wire:wire-get-bignum wire) (wire:wire-get-bignum wire)
          (wire:wire-get-object wire) (wire:wire-get-object wire))))
(defun elsewhere::one (a) a)
(defun elsewhere::|One| (a) a)

;;; Calls among the arguments of calls, for which CMUCL has no macro: an argument (@ G X) is a call
;;; that the other side evaluates.

(defun output-call (function &rest arguments)
  (let ((count (length arguments)))
    (wire:wire-output-byte w (min count wire::funcall-op))
    (when (>= count wire::funcall-op)
      (wire:wire-output-byte w count))
    (wire:wire-output-object w function)
    (dolist (argument arguments)
      (if (and (consp argument) (eq (first argument) '@))
          (apply #'output-call (rest argument))
          (wire:wire-output-object w argument)))))

(defun output-call-for-value (&rest call)
  (wire:remote w (wire::do-1-value-call (wire:make-remote-object (wire::make-remote-wait))))
  (apply #'output-call call))

;; Objects that are saved the first time, as WIRE-OUTPUT-OBJECT does if it is asked to.
(defun output-call-caching (function argument)
  (wire:wire-output-byte w wire::funcall1-op)
  (wire:wire-output-object w function)
  (wire:wire-output-object w argument t))

;; What TAKE reads. The first octet is no op.
(defun output-data ()
  (wire:wire-output-byte w 200)
  (wire:wire-output-number w -2)
  (wire:wire-output-string w "raw")
  (wire:wire-output-bignum w (expt 10 30))
  (wire:wire-output-bignum w (- (expt 10 30)))
  (wire:wire-output-object w '(a "b" a))
  (wire:wire-output-object w "cached" t))

;;; The relay.

(defvar *open* 0
  "How many directions may still bring something.")

(defun port-of (socket)
  (nth-value 1 (ext:get-socket-host-and-port socket)))

(defun relay (from to record)
  "Hands on what comes, and adds it to the octets in RECORD."
  (let ((buffer (make-array 4096 :element-type '(unsigned-byte 8)))
        handler)
    (flet ((hand-on (descriptor)
             (let ((count (sys:without-gcing
                            (unix:unix-read descriptor (sys:vector-sap buffer) 4096))))
               (cond ((plusp count)
                      (loop for index below count
                            do (vector-push-extend (aref buffer index) record))
                      (unix:unix-write to buffer 0 count))
                     (t
                      (system:remove-fd-handler handler)
                      (ext:inet-shutdown to ext:shut-wr)
                      (decf *open*))))))
      (incf *open*)
      (setf handler (system:add-fd-handler from :input #'hand-on)))))

(defun record (form server)
  "What FORM sends, and what is answered."
  ;; Names of objects are the same in every recording.
  (clrhash wire::*object-to-id*)
  (clrhash wire::*id-to-object*)
  (setf wire::*next-id* 0)
  (let* ((listener (ext:create-inet-listener 0))
         (w (wire:connect-to-remote-server "127.0.0.1" (port-of listener)))
         (near (ext:accept-tcp-connection listener))
         (far (ext:connect-to-inet-socket "127.0.0.1" server))
         (sent (make-array 0 :adjustable t :fill-pointer t))
         (answered (make-array 0 :adjustable t :fill-pointer t)))
    (unix:unix-close listener)
    (relay near far sent)
    (relay far near answered)
    ;; Who unwinds unwinds this form too: both ends are on one stack.
    (with-simple-restart (abort "Unwind the form.")
      (eval form))
    (wire:wire-force-output w)
    (ext:inet-shutdown (wire:wire-fd w) ext:shut-wr)
    (loop until (zerop *open*)
          do (with-simple-restart (abort "Unwind the called function.")
               (system:serve-event)))
    (unix:unix-close near)
    (unix:unix-close far)
    (list sent answered)))

;;; The table.

(defun record-all (forms table)
  (let ((server (port-of (wire::request-server-socket (wire:create-request-server 0)))))
    (with-open-file (in forms)
      (with-open-file (out table :direction :output :if-exists :supersede)
        (loop for line = (read-line in nil)
              while line
              unless (or (string= line "") (char= (char line 0) #\;))
                do (format out "~A~{	~(~{~2,'0X~}~)~}~%" line
                           (mapcar (lambda (octets) (coerce octets 'list))
                                   (record (read-from-string line) server))))))))

(setf ext:*gc-verbose* nil
      wire::*this-host* #x7f000001
      wire::*this-pid* 1)

;; With lisp/wire.lisp in the place of octets.lisp, the classic dialect is recorded all the same.
(let ((hello (find-symbol "*SAY-HELLO*" :wire)))
  (when hello
    (set hello nil)))

(handler-bind ((error (lambda (condition)
                        (format t "~&; ~A~%" condition)
                        (abort))))
  (record-all "tests/vectors/forms.lisp"
              (or (cdr (assoc :table ext:*environment-list*)) "tests/vectors/macros.tsv")))

(ext:quit)
