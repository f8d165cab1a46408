;;;; What the live tests call in CMUCL.

(in-package :cl-user)

(defvar *notes* ())

(defun add (a b) (+ a b))
(defun echo (object) object)
(defun divide (a b) (floor a b))
(defun many (n) (values-list (loop for i from 1 to n collect i)))
(defun note (thing) (push thing *notes*))
(defun notes () (prog1 (reverse *notes*) (setf *notes* ())))
(defun bail () (abort))
(defun make-thing (n) (wire:make-remote-object (list n)))
(defun thing-value (remote) (first (wire:remote-object-value remote)))
(defun same-thing (one other) (wire:remote-object-eq one other))
;; Calls back its caller, which calls back, until N is 0.
(defun descend (n)
  (if (zerop n)
      0
      (1+ (wire:remote-value wire:*current-wire* (ascend (1- n))))))

;; Calls for their effect, which the test counts.
(defun note-in-test (count)
  (dotimes (n count)
    (wire:remote *wire* (note n))))
(defun up-to (count) (loop for n below count collect n))

;; Loaded as source they would be interpreted, a hundred times slower.
(do-symbols (symbol :cl-user)
  (when (and (eq (symbol-package symbol) *package*) (fboundp symbol))
    (compile symbol)))
