;;;; What a test says to CMUCL: a form on standard input, whose values go to standard output. Between
;;;; forms, and while one of them waits, CMUCL serves its wires.

(in-package :cl-user)

(setf ext:*gc-verbose* nil
      *print-pretty* nil)

(defvar *port* nil)

(defun serve ()
  "Serves at a free port, and gives that."
  (flet ((accept (wire address)
           (declare (ignore address))
           (setf *wire* wire)))
    (or *port*
        (let ((server (wire:create-request-server 0 #'accept :reuse-address t)))
          (setf *port* (nth-value 1 (ext:get-socket-host-and-port
                                     (wire::request-server-socket server))))))))

(defun connect (port)
  (setf *wire* (wire:connect-to-remote-server "127.0.0.1" port)))

;; With lisp/wire.lisp it is the wire that unwinds, and tells the reason.
(loop for (name value) in `(("*UNWIND-ON-ERROR*" t) ("*UNWINDING-LOG*" ,*standard-output*))
      for variable = (find-symbol name :wire)
      when variable
        do (setf (symbol-value variable) value))

(defvar *form* nil
  "A function of the form that came and was not evaluated yet, if there is one.")

;; It must take in what came, or whoever serves events while it waits would be offered it for ever.
;; It may be called when nothing is there any more: what else the same moment brought ran first, and
;; served this meanwhile.
(defun take-form (descriptor)
  (when (system:wait-until-fd-usable descriptor :input 0)
    (let ((form (read *standard-input* nil *standard-input*)))
      (when (eq form *standard-input*)
        (ext:quit))
      (setf *form* (lambda () (eval form))))))

(defun evaluate-form ()
  (let ((values '(unwound)))
    (with-simple-restart (abort "Unwind this form.")
      (setf values (multiple-value-list (funcall (shiftf *form* nil)))))
    (format t "~&=> ~{~S~^ ~}~%" values)
    (finish-output)))

(system:add-fd-handler 0 :input #'take-form)

;; An error unwinds what was called, as a server without anybody at its debugger would have it.
(handler-bind ((error (lambda (condition)
                        (format t "~&; ~A~%" condition)
                        (abort))))
  (loop
    (with-simple-restart (abort "Unwind the called function.")
      (loop
        (if *form*
            (evaluate-form)
            (system:serve-event))))))
