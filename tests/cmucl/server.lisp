;;;; A server for the live tests: takes the first free port from 42100 on, and prints it.

(in-package :cl-user)

(defun serve-forever ()
  (loop
    (with-simple-restart (abort "Unwind the called function.")
      (loop (system:serve-all-events 1)))))

(loop for port from (+ 42100 (mod (unix:unix-getpid) 10000))
      until (ignore-errors (wire:create-request-server port nil :reuse-address nil))
      finally (format t "~&port ~D~%" port)
              (finish-output))

(serve-forever)
