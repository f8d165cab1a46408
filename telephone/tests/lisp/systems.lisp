;;; Where Debian keeps the sources of Lisp systems, and how they are loaded without a word.
(require :asdf)
(asdf:initialize-source-registry
 '(:source-registry (:tree "/usr/share/common-lisp/source/") :inherit-configuration))
(defun load-quietly (&rest systems)
  (let ((*standard-output* (make-broadcast-stream))
        (*error-output* (make-broadcast-stream))
        (*compile-verbose* nil))
    (handler-bind ((warning #'muffle-warning))
      (mapc #'asdf:load-system systems))))
