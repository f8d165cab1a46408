;;; Loads all that the others load, and so compiles it.
(load (merge-pathnames "systems.lisp" *load-truename*))
(load-quietly :hunchentoot :drakma :quri)
