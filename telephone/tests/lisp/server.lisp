;;; A Lisp that answers as the original does: POST /tcmd files a command and gives an id,
;;; POST /tres tells what became of it. One thread takes the commands in their order.
;;;
;;;   sbcl --script server.lisp
;;;
;;; It prints the port that it listens at once it can be spoken to, then each command as it is
;;; filed, and ends when its standard input does.
(load (merge-pathnames "systems.lisp" *load-truename*))
(load-quietly :hunchentoot :quri)

(defpackage #:telephone
  (:use #:common-lisp))
(in-package #:telephone)

(defvar *lock* (sb-thread:make-mutex))
(defvar *arrived* (sb-thread:make-waitqueue))
(defvar *queue* '())
(defvar *states* (make-hash-table :test 'equal))

(defun state (id)
  (sb-thread:with-mutex (*lock*)
    (gethash id *states* '(id-not-found nil))))

(defun (setf state) (state id)
  (sb-thread:with-mutex (*lock*)
    (setf (gethash id *states*) state)))

(defun file-command (text)
  (let ((id (symbol-name (gensym))))
    (format t "~A remote request: ~A~%" id text)
    (finish-output)
    (sb-thread:with-mutex (*lock*)
      (setf (gethash id *states*) '(system-down nil)
            *queue* (append *queue* (list (cons id text))))
      (sb-thread:condition-notify *arrived*))
    id))

(defun next-command ()
  (sb-thread:with-mutex (*lock*)
    (loop until *queue* do (sb-thread:condition-wait *arrived* *lock*))
    (pop *queue*)))

(defun evaluate (text)
  (let ((*package* (find-package '#:common-lisp-user)))
    (handler-case (eval (read-from-string text))
      (error (condition) (list 'error (type-of condition))))))

(defun run-queue ()
  (loop
    (destructuring-bind (id . text) (next-command)
      (setf (state id) '(running nil))
      (setf (state id) (list 'finished (evaluate text))))))

(defun printed (value)
  (let ((*package* (find-package '#:common-lisp-user)))
    (quri:url-encode (prin1-to-string value))))

(hunchentoot:define-easy-handler (command :uri "/tcmd") (cmd)
  (if cmd (printed (file-command cmd)) ""))

(hunchentoot:define-easy-handler (result :uri "/tres") (id)
  (if id (printed (state id)) ""))

(sb-thread:make-thread #'run-queue :name "queue")
(let ((acceptor (make-instance 'hunchentoot:easy-acceptor
                               :address "127.0.0.1"
                               :port 0
                               :access-log-destination nil
                               :message-log-destination nil)))
  (hunchentoot:start acceptor)
  (format t "listening at ~D~%" (hunchentoot:acceptor-port acceptor))
  (finish-output))
(loop while (read-line *standard-input* nil))
(sb-ext:exit :code 0 :abort t)
