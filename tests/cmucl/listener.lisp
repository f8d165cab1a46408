;;;; What a test says to CMUCL: a form on standard input, whose values go to standard output. While
;;;; it waits for the next form CMUCL serves its wires.

(in-package :cl-user)

(setf ext:*gc-verbose* nil
      *print-pretty* nil)

(defun serve ()
  "Serves at a free port, and gives that."
  (flet ((accept (wire address)
           (declare (ignore address))
           (setf *wire* wire)))
    (let ((server (wire:create-request-server 0 #'accept :reuse-address t)))
      (nth-value 1 (ext:get-socket-host-and-port (wire::request-server-socket server))))))

(defun connect (port)
  (setf *wire* (wire:connect-to-remote-server "127.0.0.1" port)))

(defun evaluate-forms ()
  (loop for form = (read *standard-input* nil *standard-input*)
        until (eq form *standard-input*)
        do (let ((values '(unwound)))
             (with-simple-restart (abort "Unwind this form.")
               (setf values (multiple-value-list (eval form))))
             (format t "~&=> ~{~S~^ ~}~%" values)
             (finish-output))))

;; An error unwinds what was called, as a server without anybody at its debugger would have it.
(handler-bind ((error (lambda (condition)
                        (format t "~&; ~A~%" condition)
                        (abort))))
  (loop
    (with-simple-restart (abort "Unwind the called function.")
      (evaluate-forms)
      (ext:quit))))
