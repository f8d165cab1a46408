;;; A Lisp client as the original's users have it: drakma posts a form, quri decodes the answer,
;;; the reader reads it.
;;;
;;;   sbcl --script client.lisp URL COMMAND ...
;;;
;;; It prints each command's id, and then each state that it polled, one a line.
(load (merge-pathnames "systems.lisp" *load-truename*))
(load-quietly :drakma :quri)

(defpackage #:telephone
  (:use #:common-lisp))
(in-package #:telephone)

(defun ask (url path field value)
  (let ((*package* (find-package '#:common-lisp-user)))
    (read-from-string
     (quri:url-decode
      (drakma:http-request (concatenate 'string url path)
                           :method :post
                           :parameters (list (cons field value)))))))

(defun remote-command (url command)
  (ask url "/tcmd" "cmd" command))

(defun remote-result (url id)
  (loop for (state value) = (ask url "/tres" "id" id)
        unless (member state '(running system-down))
          return (list state value)
        do (sleep 0.02)))

(destructuring-bind (url &rest commands) (rest sb-ext:*posix-argv*)
  (let ((*package* (find-package '#:telephone))
        ;; A script's own standard output is Latin-1, whatever the locale.
        (*standard-output* (sb-sys:make-fd-stream 1 :output t :external-format :utf-8))
        (ids (mapcar (lambda (command) (remote-command url command)) commands)))
    (dolist (id ids)
      (format t "~S~%~S~%" id (remote-result url id)))
    (format t "~S~%" (ask url "/tres" "id" "ZZZ"))
    (finish-output)))
