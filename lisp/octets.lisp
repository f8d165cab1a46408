;;;; The least that CMUCL 21d needs to talk over a wire: the repair of its octets.
;;;;
;;;; Since CMUCL keeps strings as 16-bit units, its wire package takes the buffers that it reads and
;;;; writes for twice as wide as they are: what it sends is cut to half, what it receives it
;;;; misreads, and two processes of it cannot talk to each other. Load this file into each:
;;;;
;;;;     cmucl -load lisp/octets.lisp
;;;;
;;;; The buffers themselves, and the functions that fill and force them, work as they are. A
;;;; character is one octet from then on; a wire to a Rust program says `.classic().latin1()` there.

(in-package :wire)

(ext:without-package-locks

(defun wire-get-byte (wire)
  "The next octet of WIRE, waiting for it if need be."
  (unless (< (wire-ibuf-offset wire) (wire-ibuf-end wire))
    (fill-input-buffer wire))
  ;; The buffer's address holds only as long as nothing is collected.
  (sys:without-gcing
    (prog1 (sys:sap-ref-8 (sys:vector-sap (wire-ibuf wire)) (wire-ibuf-offset wire))
      (incf (wire-ibuf-offset wire)))))

(defun wire-get-string (wire)
  "The next string of WIRE: its length, then an octet for each character."
  (let* ((length (wire-get-number wire))
         (string (make-string length)))
    (dotimes (index length string)
      (setf (schar string index) (code-char (wire-get-byte wire))))))

(defun wire-output-byte (wire byte)
  "Buffer one octet for the other side."
  (unless (< (wire-obuf-end wire) buffer-size)
    (wire-force-output wire))
  (sys:without-gcing
    (setf (sys:sap-ref-8 (sys:vector-sap (wire-obuf wire)) (wire-obuf-end wire)) byte))
  (incf (wire-obuf-end wire))
  (values))

(defun wire-output-string (wire string)
  "Buffer a string for the other side: its length, then an octet for each character."
  (wire-output-number wire (length string))
  (dotimes (index (length string) (values))
    (let ((code (char-code (char string index))))
      (unless (< code 256)
        (error "~S cannot cross the wire: it is more than an octet." (char string index)))
      (wire-output-byte wire code))))

)

;; Loaded as source they would be interpreted, a hundred times slower.
(ext:without-package-locks
  (mapc #'compile '(wire-get-byte wire-get-string wire-output-byte wire-output-string)))
