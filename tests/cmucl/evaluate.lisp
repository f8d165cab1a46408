;;;; Evaluates the form that stands in the environment, prints its value, and ends.

(print (eval (read-from-string (cdr (assoc :form ext:*environment-list*)))))
(ext:quit)
