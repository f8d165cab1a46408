;;;; A client for the live tests: calls the Rust server whose port is in $PORT, and prints what it
;;;; gets, a line a form.

(in-package :cl-user)

(defvar *wire*
  (wire:connect-to-remote-server "127.0.0.1" (parse-integer (cdr (assoc :port ext:*environment-list*)))))

(defmacro show (form)
  `(format t "~&~S~%" (multiple-value-list ,form)))

(show (wire:remote-value *wire* (add 3 4)))
(show (wire:remote-value *wire* (add (expt 2 62) (expt 2 62))))
(show (wire:remote-value *wire* (echo '(1 (2 three) "four" :five nil t (6 . 7)))))
(show (wire:remote-value-bind *wire* (q r) (divide 17 5) (list q r)))
(show (wire:remote-value-bind *wire* (a b c d e f g) (many 7) (list a b c d e f g)))
(show (wire:remote-value *wire* (divide 1 0) :unwound))
(show (wire:remote-value *wire* (no-such-function) :unwound))
(show (wire:remote-value *wire* (add 1 1)))
(show (wire:remote-value *wire* (ascend 10)))
(dotimes (i 1000) (wire:remote *wire* (note i)))
(wire:wire-force-output *wire*)
(show (wire:remote-value *wire* (count-notes)))
(let ((thing (wire:remote-value *wire* (make-thing 42))))
  (show (wire:remote-object-local-p thing))
  (show (wire:remote-value *wire* (thing-value thing))))
(show (length (wire:remote-value *wire* (echo (make-string 3000000 :initial-element #\z)))))
(show (wire:remote-value *wire* (done)))
(ext:quit)
