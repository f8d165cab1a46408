;;;; What makes CMUCL 21d a whole peer of a wire: its octets put right, strings as UTF-8, errors that
;;;; unwind their callers, and the extended dialect with peers that know it.
;;;;
;;;; Load it into a fresh CMUCL, as source or compiled, and keep it. It needs no other file:
;;;;
;;;;     cmucl -load lisp/wire.lisp
;;;;
;;;; Everything that package WIRE exports means what it meant before: REMOTE, REMOTE-VALUE and
;;;; REMOTE-VALUE-BIND, the functions that read and write raw data, remote objects,
;;;; CREATE-REQUEST-SERVER and CONNECT-TO-REMOTE-SERVER. One thing is as CMUCL's manual has it and
;;;; not as 21d does it: REMOTE-VALUE without a third argument returns NIL and T if the peer unwinds,
;;;; where 21d signals an error. These are new, and exported too:
;;;;
;;;;     (wire:run-server port)          serves at PORT until it is stopped
;;;;     (wire:serve-forever)            serves what CREATE-REQUEST-SERVER has set up
;;;;     (wire:close-wire wire)          sends what is buffered, says goodbye, and ends WIRE
;;;;     (wire:unwound-reason)           why the last call did not return; a condition UNWOUND
;;;;     (wire:wire-extended-p wire)     whether WIRE's peer has said hello
;;;;     (wire:held-objects)             what peers hold of this process's objects
;;;;
;;;;     wire:*unwind-on-error*          whether an error in a called function unwinds its caller
;;;;                                     or waits in the debugger, as it always did
;;;;     wire:*unwinding-log*            where such errors are written down
;;;;     wire:*say-hello*                whether the extended dialect is spoken at all
;;;;     wire:*hello-wait*               how long connecting waits for the peer's hello
;;;;     wire:*object-limit*             the largest object that is read
;;;;
;;;; All of it runs in the one thread of CMUCL, which waits where it reads and where it writes. A peer
;;;; that has sent half an object, or does not read what it is sent, holds up every other wire of this
;;;; process until it goes on or its connection ends. So does a function as long as it runs, but for
;;;; the time in which it waits for a peer's values: then all wires are served.
;;;;
;;;; An object of the peer is read whole before anything of it runs, and one that cannot be read, or
;;;; that unwinds, does no harm to the next. What is sent is sent whole or not at all. Code that was
;;;; compiled with the old macros goes on working, in the old dialect; compile it again to have the
;;;; new one. docs/protocol.md of the project tells what stands on a wire.

(in-package :wire)

;; Locked again at the end of the file.
(eval-when (:compile-toplevel :load-toplevel :execute)
  (setf (ext:package-definition-lock (find-package :wire)) nil
        (ext:package-lock (find-package :wire)) nil)
  (export '(run-server serve-forever close-wire wire-extended-p wire-protocol-error
            held-objects unwound unwound-reason unwound-condition unwound-message
            unwound-function unwound-location unwound-ran unwound-value
            *unwind-on-error* *unwinding-log* *say-hello* *hello-wait* *object-limit*)))

;;;; Settings

(defvar *unwind-on-error* nil
  "If true, an error in a function that a peer calls unwinds the call: the peer is told why, if it
  can read that, and the error is written to *UNWINDING-LOG*. So does whatever else would enter the
  debugger: BREAK, and an interrupt from the keyboard while the function runs. If false they enter
  it.")

(defvar *unwinding-log* t
  "Where errors are written down that unwind, and objects that are refused: a stream, T for the
  *ERROR-OUTPUT* of the moment, or NIL for nowhere.")

(defvar *say-hello* t
  "If true, connecting says hello, and a hello is answered: whoever knows it speaks the extended
  dialect with us. If false every wire is of the classic dialect, to the octet.")

(defvar *hello-wait* 1/5
  "For how many seconds connecting waits for the peer's hello. A peer of the classic dialect lets all
  of them pass.")

(defvar *object-limit* (ash 64 20)
  "The weight of the largest object that is read: 16 for each object in it and the octets that they
  have. A peer is told it in the hello. What is larger is refused, and the wire goes on.")

;;;; Conditions

(define-condition wire-protocol-error (wire-error)
  ((rule :initarg :rule :reader wire-protocol-error-rule))
  (:documentation "The peer broke a rule of the protocol, after which nobody knows where its next
  object begins. It ends the wire.")
  (:report (lambda (condition stream)
             (format stream "The peer of ~S broke the protocol: ~A."
                     (wire-error-wire condition) (wire-protocol-error-rule condition)))))

(define-condition unwound (error)
  ((condition :initarg :condition :initform nil :reader unwound-condition
              :documentation "A symbol for the kind of error, if the peer told it.")
   (message :initarg :message :initform "" :reader unwound-message
            :documentation "A text for people.")
   (function :initarg :function :initform nil :reader unwound-function
             :documentation "The name of the function that unwound, a string.")
   (location :initarg :location :initform nil :reader unwound-location
             :documentation "Where in the peer's program it happened, a string.")
   (ran :initarg :ran :initform :unknown :reader unwound-ran
        :documentation "Whether any function was run: T, NIL or :UNKNOWN.")
   (value :initarg :value :initform nil :reader unwound-value
          :documentation "The error itself, if the peer's function tells it."))
  (:documentation "Why a call did not return. It can be signalled, and a caller of ours is then told
  the same reason.")
  (:report (lambda (unwound stream)
             (with-accessors ((condition unwound-condition) (message unwound-message)
                              (function unwound-function) (location unwound-location))
                 unwound
               (format stream "The peer unwound~@[ from ~A~]" function)
               (format stream "~:[, and gave no reason~;~:*: ~A~]~@[: ~A~]~@[ (at ~A)~]"
                       condition (if (equal message "") nil message) location)))))

(define-condition refused (simple-error)
  ()
  (:documentation "Why an object of the peer is not run. Its caller is told, in either mode."))

(define-condition not-sendable (simple-error)
  ()
  (:documentation "Why something cannot go over a wire. Nothing of it has been sent."))

(defun not-sendable (control &rest arguments)
  (error 'not-sendable :format-control control :format-arguments arguments))

(defun break-off (wire control &rest arguments)
  "Signals that WIRE's peer broke a rule."
  (error 'wire-protocol-error :wire wire :rule (apply #'format nil control arguments)))

(defun note (control &rest arguments)
  "Writes a line to the log."
  (let ((stream (if (eq *unwinding-log* t) *error-output* *unwinding-log*)))
    (when stream
      (format stream "~&; wire: ~?~%" control arguments)
      (force-output stream))))

;;;; Wires

(deftype octets () '(simple-array (unsigned-byte 8) (*)))

(declaim (inline make-octets))
(defun make-octets (size)
  (make-array size :element-type '(unsigned-byte 8)))

;; The reading functions of CMUCL fill this many octets at a time.
(defconstant input-size buffer-size)
(defconstant output-size 4096)
;; From here on, output does not wait for WIRE-FORCE-OUTPUT.
(defconstant high-water 65536)

(defstruct (full-wire (:include wire
                       (ibuf (make-octets input-size))
                       (obuf (make-octets output-size)))
                      (:conc-name wire-)
                      (:constructor make-full-wire (fd)))
  "A wire, and what is known of its peer."
  ;; What the peer reads beyond the classic dialect, a bit for each op; and its limits.
  (reads 0 :type unsigned-byte)
  (weight-limit nil :type (or null unsigned-byte))
  (depth-limit nil :type (or null unsigned-byte))
  (entry-limit nil :type (or null unsigned-byte))
  (cache-limit nil :type (or null unsigned-byte))
  ;; Whether we have said hello.
  (greeted nil)
  ;; The octets of what we saved at the peer; whether any of it is more than a symbol.
  (cache-octets 0 :type unsigned-byte)
  (caches-objects nil)
  ;; How many objects the peer has saved here.
  (saved 0 :type fixnum)
  ;; An object is being written, none of which may go out yet.
  (drafting nil)
  ;; How often the tokens of our objects were sent, by id.
  (given (make-hash-table :test 'eql))
  ;; Ids of the peer's objects whose tokens are garbage here.
  (dropped '() :type list)
  ;; What is called when the wire ends, and whether it has.
  (on-death nil)
  (dead nil))

(defvar *wires* (make-hash-table :test 'eq :weak-p :key)
  "The wires that have not ended.")

(defun make-wire (fd)
  "A wire over a file descriptor."
  (let ((wire (make-full-wire fd)))
    (setf (gethash wire *wires*) t)
    wire))

(declaim (inline reads-p))
(defun reads-p (wire op)
  "Whether WIRE's peer has said that it reads OP."
  (logbitp op (wire-reads wire)))

(defun wire-extended-p (wire)
  "Whether the peer of WIRE has said hello, so that more than the classic dialect goes over it."
  (plusp (wire-reads wire)))

(defun check-alive (wire)
  (when (wire-dead wire)
    (error 'wire-io-error :wire wire :when "using" :msg "the wire has ended")))

;;;; Ops beyond those of CMUCL

(eval-when (:compile-toplevel :load-toplevel :execute)
  (macrolet ((define (&rest names)
               `(progn ,@(loop for name in names
                               for op from (1+ bignum-op)
                               collect `(defconstant ,name ,op)))))
    (define double-op single-op octets-op sequence-op small-op short-lookup-op record-op
      ;; From here on, at top level only.
      call-op return-op unwound-op release-op cancel-op ping-op pong-op goodbye-op)))

(defconstant all-values 6
  "What a call wants that wants all values, however many.")

;; What the elements of a sequence are, by kind: their octets, their type, and the type of a vector
;; of them here.
(defparameter *element-kinds*
  #((0 t t)
    (1 (signed-byte 8) (signed-byte 8)) (2 (signed-byte 16) (signed-byte 16))
    (4 (signed-byte 32) (signed-byte 32)) (8 (signed-byte 64) t)
    (1 (unsigned-byte 8) (unsigned-byte 8)) (2 (unsigned-byte 16) (unsigned-byte 16))
    (4 (unsigned-byte 32) (unsigned-byte 32)) (8 (unsigned-byte 64) t)
    (4 single-float single-float) (8 double-float double-float)))

(defconstant octet-kind 5)
;; The bit of a sequence's kind that makes it a vector.
(defconstant vector-bit #x80)

;;;; UTF-8. CMUCL keeps strings as UTF-16.

(defconstant replacement-code #xFFFD)

(declaim (inline code-at))
(defun code-at (string index)
  "The code point of STRING at INDEX, and where the next begins. Half of a pair is no character."
  (declare (type simple-string string) (type fixnum index))
  (let ((code (char-code (schar string index)))
        (next (1+ index)))
    (flet ((low-half ()
             (and (< next (length string))
                  (let ((low (char-code (schar string next))))
                    (and (<= #xDC00 low #xDFFF) low)))))
      (cond ((not (<= #xD800 code #xDFFF))
             (values code next))
            ((and (< code #xDC00) (low-half))
             (values (+ #x10000 (ash (- code #xD800) 10) (- (low-half) #xDC00)) (1+ next)))
            (t
             (values replacement-code next))))))

(declaim (inline more-octets))
(defun more-octets (code)
  "How many octets UTF-8 has for CODE after the first."
  (cond ((< code #x80) 0) ((< code #x800) 1) ((< code #x10000) 2) (t 3)))

(defun utf-8-length (string)
  "How many octets STRING is in UTF-8."
  (declare (type simple-string string))
  (let ((length 0)
        (index 0))
    (declare (type fixnum length index))
    (loop while (< index (length string))
          do (multiple-value-bind (code next) (code-at string index)
               (incf length (1+ (more-octets code)))
               (setf index next)))
    length))

(defun utf-8-lead (octet)
  "How many octets follow OCTET in UTF-8, and between which bounds the first of them is; 0 if OCTET
  begins nothing."
  (cond ((<= #xC2 octet #xDF) (values 1 #x80 #xBF))
        ((= octet #xE0) (values 2 #xA0 #xBF))
        ((= octet #xED) (values 2 #x80 #x9F))
        ((<= #xE1 octet #xEF) (values 2 #x80 #xBF))
        ((= octet #xF0) (values 3 #x90 #xBF))
        ((<= #xF1 octet #xF3) (values 3 #x80 #xBF))
        ((= octet #xF4) (values 3 #x80 #x8F))
        (t (values 0 0 0))))

(defun utf-8-code (octets index)
  "The code point of OCTETS at INDEX, where no ASCII stands, and where the next begins. For what is
  no character, as far as it could have become one, the replacement character."
  (declare (type octets octets) (type fixnum index))
  (let ((lead (aref octets index))
        (at (1+ index)))
    (declare (type fixnum at))
    (multiple-value-bind (more low high) (utf-8-lead lead)
      (declare (type (integer 0 3) more))
      (when (zerop more)
        (return-from utf-8-code (values replacement-code at)))
      (let ((code (logand lead (ash #x3F (- more)))))
        (dotimes (count more (values code at))
          (unless (and (< at (length octets)) (<= low (aref octets at) high))
            (return (values replacement-code at)))
          (setf code (logior (ash code 6) (logand (aref octets at) #x3F))
                low #x80
                high #xBF)
          (incf at))))))

(defun utf-8-string (octets)
  "The text of OCTETS."
  (declare (type octets octets))
  ;; A character has at least as many octets as units.
  (let ((string (make-string (length octets)))
        (end 0)
        (index 0))
    (declare (type fixnum end index))
    (flet ((add (unit)
             (setf (schar string end) (code-char unit))
             (incf end)))
      (declare (inline add))
      (loop while (< index (length octets))
            do (let ((octet (aref octets index)))
                 (if (< octet #x80)
                     (progn (add octet) (incf index))
                     (multiple-value-bind (code next) (utf-8-code octets index)
                       (declare (type (integer 0 #x10FFFF) code))
                       (if (< code #x10000)
                           (add code)
                           (let ((rest (- code #x10000)))
                             (add (+ #xD800 (ash rest -10)))
                             (add (+ #xDC00 (logand rest #x3FF)))))
                       (setf index next))))))
    (if (= end (length string)) string (subseq string 0 end))))

;;;; Raw input

(declaim (inline buffered-p))
(defun buffered-p (wire)
  "Whether octets of the peer are here that nobody has read."
  (< (wire-ibuf-offset wire) (wire-ibuf-end wire)))

(defun wire-get-byte (wire)
  "The next octet of WIRE, waiting for it if need be."
  (unless (buffered-p wire)
    (fill-input-buffer wire))
  (prog1 (aref (the octets (wire-ibuf wire)) (the fixnum (wire-ibuf-offset wire)))
    (incf (the fixnum (wire-ibuf-offset wire)))))

(defun pass-octets (wire count take)
  "Reads COUNT octets, and hands them to TAKE as they come: a buffer, a start and an end."
  (loop while (plusp count)
        do (unless (buffered-p wire)
             (fill-input-buffer wire))
           (let* ((start (wire-ibuf-offset wire))
                  (end (min (wire-ibuf-end wire) (+ start count))))
             (funcall take (wire-ibuf wire) start end)
             (decf count (- end start))
             (setf (wire-ibuf-offset wire) end))))

(defun get-octets (wire count)
  (let ((octets (make-octets count))
        (filled 0))
    (declare (type fixnum filled))
    (pass-octets wire count
                 (lambda (buffer start end)
                   (declare (type octets buffer) (type fixnum start end))
                   (replace octets buffer :start1 filled :start2 start :end2 end)
                   (incf filled (- end start))))
    octets))

(defun skip-octets (wire count)
  (pass-octets wire count (constantly nil)))

(defun get-count (wire)
  "A length or an index: four octets, of which the first bit is not set."
  (let ((count (wire-get-number wire nil)))
    (if (< count (ash 1 31))
        count
        (break-off wire "a negative length or index, ~D" (- count (ash 1 32))))))

(defun wire-get-string (wire)
  "The next string of WIRE, without its op."
  (utf-8-string (get-octets wire (get-count wire))))

(defun get-integer (wire size signed)
  "An integer of SIZE octets."
  (let ((integer 0))
    (dotimes (count size)
      (setf integer (logior (ash integer 8) (wire-get-byte wire))))
    (if (and signed (logbitp (1- (* 8 size)) integer))
        (- integer (ash 1 (* 8 size)))
        integer)))

(defun get-varint (wire)
  "A number of 32 bits, seven to an octet, the low ones first."
  (loop for shift from 0 to 28 by 7
        for octet = (wire-get-byte wire)
        sum (ash (logand octet #x7F) shift) into number
        while (logbitp 7 octet)
        finally (if (or (logbitp 7 octet) (>= number (ash 1 32)))
                    (break-off wire "a varint beyond 32 bits")
                    (return number))))

(defun get-magnitude (wire words)
  "A number of so many words of 32 bits, read by halves: word after word, each would copy all that
  were before it."
  (if (<= words 8)
      (get-integer wire (* 4 words) nil)
      (let* ((low (floor words 2))
             (high (get-magnitude wire (- words low))))
        (logior (ash high (* 32 low)) (get-magnitude wire low)))))

(defun wire-get-bignum (wire)
  "The next bignum of WIRE, without its op."
  (let* ((count (wire-get-number wire))
         (magnitude (get-magnitude wire (abs count))))
    (if (minusp count) (- magnitude) magnitude)))

(defun get-single (wire)
  (kernel:make-single-float (get-integer wire 4 t)))

(defun get-double (wire)
  (let ((high (get-integer wire 4 t)))
    (kernel:make-double-float high (get-integer wire 4 nil))))

;;;; Raw output

(defun make-room (wire count)
  "Has the output buffer take COUNT octets more."
  (let* ((old (wire-obuf wire))
         (size (length (the octets old)))
         (needed (+ (wire-obuf-end wire) count)))
    (when (> needed size)
      (setf (wire-obuf wire) (replace (make-octets (max needed (* 2 size))) (the octets old))))))

(defun put-octet (wire octet)
  (let ((end (wire-obuf-end wire)))
    (declare (type fixnum end))
    (unless (< end (length (the octets (wire-obuf wire))))
      (make-room wire 1))
    (setf (aref (the octets (wire-obuf wire)) end) octet
          (wire-obuf-end wire) (1+ end))))

(defun put-octets (wire octets)
  (let ((end (wire-obuf-end wire))
        (count (length octets)))
    (make-room wire count)
    (replace (the octets (wire-obuf wire)) (the octets octets) :start1 end)
    (setf (wire-obuf-end wire) (+ end count))
    nil))

(defun relieve (wire)
  "Sends what is buffered if it is much, and may go."
  (when (and (>= (wire-obuf-end wire) high-water) (not (wire-drafting wire)))
    (wire-force-output wire)))

(defun wire-output-byte (wire byte)
  "Buffer one octet for the other side."
  (check-alive wire)
  (put-octet wire byte)
  (relieve wire)
  (values))

(defun put-bare-string (wire string &optional (length (utf-8-length string)))
  "The LENGTH octets of STRING, and before them their number."
  (declare (type simple-string string))
  (put-integer wire length 4)
  (make-room wire length)
  (let ((buffer (wire-obuf wire))
        (end (wire-obuf-end wire))
        (index 0))
    (declare (type octets buffer) (type fixnum end index))
    (flet ((add (octet)
             (setf (aref buffer end) octet)
             (incf end)))
      (declare (inline add))
      (loop while (< index (length string))
            do (multiple-value-bind (code next) (code-at string index)
                 (declare (type (integer 0 #x10FFFF) code))
                 (let ((more (more-octets code)))
                   (add (logior (svref #(0 #xC0 #xE0 #xF0) more) (ash code (* -6 more))))
                   (loop for shift from (* 6 (1- more)) downto 0 by 6
                         do (add (logior #x80 (logand #x3F (ash code (- shift)))))))
                 (setf index next))))
    (setf (wire-obuf-end wire) end)))

(defun wire-output-string (wire string)
  "Buffer a string for the other side, without an op."
  (check-alive wire)
  (put-bare-string wire (coerce string 'simple-string))
  (relieve wire)
  (values))

(defun put-integer (wire integer size)
  (loop for position from (* 8 (1- size)) downto 0 by 8
        do (put-octet wire (ldb (byte 8 position) integer))))

(defun put-varint (wire number)
  (loop while (> number #x7F)
        do (put-octet wire (logior #x80 (logand number #x7F)))
           (setf number (ash number -7)))
  (put-octet wire number))

(defun put-magnitude (wire magnitude words)
  "What GET-MAGNITUDE reads."
  (if (<= words 8)
      (put-integer wire magnitude (* 4 words))
      (let ((low (floor words 2)))
        (put-magnitude wire (ash magnitude (* -32 low)) (- words low))
        (put-magnitude wire (ldb (byte (* 32 low) 0) magnitude) low))))

(defun put-bare-bignum (wire integer)
  (let* ((magnitude (abs integer))
         (words (ceiling (integer-length magnitude) 32)))
    (put-integer wire (if (minusp integer) (- words) words) 4)
    (put-magnitude wire magnitude words)))

(defun wire-output-bignum (wire integer)
  "Buffer an integer of any size for the other side, without an op."
  (check-alive wire)
  (put-bare-bignum wire integer)
  (relieve wire)
  (values))

(defun put-single (wire float)
  (put-integer wire (kernel:single-float-bits float) 4))

(defun put-double (wire float)
  (multiple-value-bind (high low) (kernel:double-float-bits float)
    (put-integer wire high 4)
    (put-integer wire low 4)))

(defun wire-force-output (wire)
  "Send what is buffered. Nothing happens if nothing is."
  (let ((start 0))
    (loop while (< start (wire-obuf-end wire))
          do (check-alive wire)
             (multiple-value-bind (count errno)
                 (unix:unix-write (wire-fd wire) (wire-obuf wire) start
                                  (- (wire-obuf-end wire) start))
               (cond (count
                      (incf start count))
                     ((/= errno unix:eintr)
                      (error 'wire-io-error :wire wire :when "writing"
                                            :msg (unix:get-unix-error-msg errno)))))))
  (forget-output wire)
  (values))

(defun forget-output (wire)
  (setf (wire-obuf-end wire) 0)
  ;; What one large object needed is not kept for good.
  (when (> (length (the octets (wire-obuf wire))) (* 2 high-water))
    (setf (wire-obuf wire) (make-octets output-size))))

;;;; Remote objects. A peer of the extended dialect tells when it needs an object no more.

(defstruct (own-object (:include remote-object)
                       (:constructor make-own-object (host pid id thing)))
  "A token of an object of this process. It keeps the object, as long as it is there itself."
  thing)

(defstruct (holding (:constructor make-holding (thing)))
  "An object that peers hold, and how often its token was sent to them."
  thing
  (count 0 :type unsigned-byte))

(defvar *holdings* (make-hash-table :test 'eql)
  "What peers hold, by id. Nothing else here keeps an object for the sake of its token.")

(defvar *pointers* (make-hash-table :test 'eql)
  "Weak pointers to the objects that have ids.")

(defvar *ids* (make-hash-table :test 'eq :weak-p :key)
  "The ids of objects.")

(defvar *sweep-at* 1000
  "At so many pointers those to garbage are taken out.")

(defun sweep ()
  (maphash (lambda (id pointer)
             (unless (nth-value 1 (ext:weak-pointer-value pointer))
               (remhash id *pointers*)))
           *pointers*)
  (setf *sweep-at* (* 2 (max 500 (hash-table-count *pointers*)))))

(defun object-of (id)
  "The object of this process that has ID, and whether there is one."
  (let ((pointer (gethash id *pointers*)))
    (if pointer (ext:weak-pointer-value pointer) (values nil nil))))

(defun id-of (object)
  "The id of OBJECT, which it is given if it has none."
  (or (gethash object *ids*)
      (let ((id *next-id*))
        (when (>= (hash-table-count *pointers*) *sweep-at*)
          (sweep))
        (incf *next-id*)
        (setf (gethash id *pointers*) (ext:make-weak-pointer object)
              (gethash object *ids*) id))))

(defun this-host ()
  (or *this-host* (setf *this-host* (unix:unix-gethostid))))

(defun this-pid ()
  (or *this-pid* (setf *this-pid* (unix:unix-getpid))))

(defun make-remote-object (local)
  "Convert the given local object to a remote object."
  (make-own-object (this-host) (this-pid) (id-of local) local))

(defun remote-object-value (remote)
  "Return the associated value for the given remote object. It is an error if the remote object was
  not created in this process, or if FORGET-REMOTE-TRANSLATION has been called on its value."
  (unless (remote-object-local-p remote)
    (error "~S is defined in a different process." remote))
  (multiple-value-bind (object found) (object-of (remote-object-id remote))
    (unless found
      (cerror "Use the value of NIL"
              "No value for ~S: FORGET-REMOTE-TRANSLATION was called too early." remote))
    object))

(defun forget-remote-translation (local)
  "Forget the translation from the given local to the corresponding remote object."
  (let ((id (gethash local *ids*)))
    (when id
      (remhash local *ids*)
      (remhash id *pointers*)
      (remhash id *holdings*)))
  (values))

(defun give (wire id)
  "Counts that the token of ID went to WIRE's peer, which holds its object from now on."
  (multiple-value-bind (object found) (object-of id)
    (when (and found (not (remote-wait-p object)))
      (let ((holding (or (gethash id *holdings*)
                         (setf (gethash id *holdings*) (make-holding object)))))
        (incf (holding-count holding))
        (incf (gethash id (wire-given wire) 0))))))

(defun take-back (wire id count)
  "WIRE's peer dropped what it had received as the token of ID, COUNT times."
  (let* ((given (gethash id (wire-given wire) 0))
         (count (min count given))
         (holding (gethash id *holdings*)))
    (if (= count given)
        (remhash id (wire-given wire))
        (decf (gethash id (wire-given wire)) count))
    (when holding
      (decf (holding-count holding) (min count (holding-count holding)))
      (when (zerop (holding-count holding))
        (remhash id *holdings*)))))

(defun take-all-back (wire)
  "WIRE's peer is gone."
  (maphash (lambda (id count) (take-back wire id count)) (wire-given wire)))

(defun held-objects ()
  "The objects of this process that peers hold."
  (loop for holding being the hash-values of *holdings*
        collect (holding-thing holding)))

(defun token (wire host pid id)
  "What the peer named by HOST, PID and ID: an object of this process, or one of another that is
  given back when it is garbage here."
  (if (and (= host (this-host)) (= pid (this-pid)))
      (make-own-object host pid id (object-of id))
      (let ((remote (%make-remote-object host pid id)))
        (when (reads-p wire release-op)
          (ext:finalize remote (lambda () (push id (wire-dropped wire)))))
        remote)))

;;;; Writing objects: whole, as the peer reads them, or not at all

(defconstant node-weight 16
  "The weight of each object beside its octets.")

(defstruct (draft (:constructor make-draft (wire &aux (start (wire-obuf-end wire))
                                                      (start-index (wire-cache-index wire))
                                                      (start-octets (wire-cache-octets wire)))))
  "Output that is not there yet, and how things were before it."
  wire start start-index start-octets
  ;; The weight of the object that is being written, and how deep it nests.
  (weight 0 :type unsigned-byte)
  (deepest 0 :type unsigned-byte)
  ;; What was saved at the peer, and the ids of our own objects that are given to it.
  (saved '() :type list)
  (given '() :type list))

(defstruct (entry (:constructor make-entry (index weight depth)))
  "What is saved at the peer, and what it costs to look it up."
  (index 0 :type unsigned-byte)
  (weight 0 :type unsigned-byte)
  (depth 0 :type unsigned-byte))

(defun call-with-draft (wire write)
  (check-alive wire)
  (let ((draft (make-draft wire))
        (whole nil))
    (setf (wire-drafting wire) t)
    (unwind-protect
         (progn (funcall write draft)
                (setf whole t))
      (setf (wire-drafting wire) nil)
      (if whole (keep-draft draft) (discard-draft draft)))
    draft))

(defmacro drafting ((draft wire) &body body)
  "Runs BODY. What it writes to DRAFT is appended to the output of WIRE if BODY ends, else nothing."
  `(call-with-draft ,wire (lambda (,draft) ,@body)))

(defun keep-draft (draft)
  (let ((wire (draft-wire draft)))
    (dolist (id (draft-given draft))
      (give wire id))
    (relieve wire)))

(defun discard-draft (draft)
  (let ((wire (draft-wire draft)))
    (setf (wire-obuf-end wire) (draft-start draft)
          (wire-cache-index wire) (draft-start-index draft)
          (wire-cache-octets wire) (draft-start-octets draft))
    (forget-saved draft)))

(defun forget-saved (draft)
  "Looks up no more what DRAFT was the first to save."
  (dolist (object (draft-saved draft))
    (remhash object (wire-object-hash (draft-wire draft)))))

(defun weigh (draft octets)
  "Charges an object of so many octets, as its reader does."
  (let ((limit (wire-weight-limit (draft-wire draft)))
        (weight (incf (draft-weight draft) (+ node-weight octets))))
    (when (and limit (> weight limit))
      (not-sendable "The object weighs ~D octets or more, and the peer reads ~D." weight limit))))

(defun charge-depth (draft depth)
  (let ((limit (wire-depth-limit (draft-wire draft))))
    (when (and limit (> depth limit))
      (not-sendable "The object nests deeper than the ~D levels that the peer reads." limit))
    (setf (draft-deepest draft) (max depth (draft-deepest draft)))))

(defun begin-object (draft)
  "What is written next stands at top level."
  (setf (draft-weight draft) 0
        (draft-deepest draft) 0))

(defun put-op (draft op &optional (octets 0))
  "Begins an object that has so many octets."
  (weigh draft octets)
  (put-octet (draft-wire draft) op))

(defun put-object (draft object &key (depth 0) (save (symbolp object)))
  "Writes OBJECT, which stands inside of DEPTH others, and saves it at the peer if SAVE is true."
  (unless (put-saved draft object depth)
    (if save
        (put-and-save draft object depth)
        (put-parts draft object depth))))

(defun put-saved (draft object depth)
  "Writes OBJECT by its index, if it has one, and says whether it has."
  (let* ((wire (draft-wire draft))
         (entry (and (or (symbolp object) (wire-caches-objects wire))
                     (gethash object (wire-object-hash wire)))))
    (when entry
      (charge-depth draft (+ depth (entry-depth entry)))
      (weigh draft (- (entry-weight entry) node-weight))
      (put-lookup wire (entry-index entry))
      t)))

(defun put-lookup (wire index)
  (cond ((reads-p wire short-lookup-op)
         (put-octet wire short-lookup-op)
         (put-varint wire index))
        (t
         (put-octet wire lookup-op)
         (put-integer wire index 4))))

(defun put-and-save (draft object depth)
  "Writes OBJECT, and what keeps it at the peer, as long as the peer keeps more."
  (let* ((wire (draft-wire draft))
         (index (wire-cache-index wire))
         (weight (draft-weight draft))
         (deepest (draft-deepest draft)))
    (if (>= index (or (wire-entry-limit wire) (ash 1 31)))
        (put-parts draft object depth)
        (let ((start (wire-obuf-end wire)))
          (put-octet wire save-op)
          (put-integer wire index 4)
          (setf (wire-cache-index wire) (1+ index)
                (draft-deepest draft) depth)
          (put-parts draft object depth)
          (enter draft object (- (wire-obuf-end wire) start)
                 (make-entry index (- (draft-weight draft) weight) (- (draft-deepest draft) depth)))
          (setf (draft-deepest draft) (max deepest (draft-deepest draft)))))))

(defun enter (draft object octets entry)
  "OBJECT can be looked up from now on, if the peer has room for its octets."
  (let ((wire (draft-wire draft))
        (limit (wire-cache-limit (draft-wire draft))))
    (incf (wire-cache-octets wire) octets)
    (unless (and limit (> (wire-cache-octets wire) limit))
      (unless (symbolp object)
        (setf (wire-caches-objects wire) t))
      (setf (gethash object (wire-object-hash wire)) entry)
      (push object (draft-saved draft)))))

(defstruct (due (:constructor make-due (object depth)))
  "A cons or a vector that has begun, and the number of its next part."
  object
  (depth 0 :type unsigned-byte)
  (index 0 :type fixnum))

(defun next-part (due)
  "The next part of what is due, how deep it stands, and whether it is the last."
  (let ((object (due-object due))
        (depth (due-depth due))
        (index (due-index due)))
    (setf (due-index due) (1+ index))
    (cond ((vectorp object)
           (values (aref object index) (1+ depth) (= (1+ index) (length object))))
          ;; The cdr stands no deeper than the cons, so that long lists do not nest.
          ((= index 0) (values (car object) (1+ depth) nil))
          (t (values (cdr object) depth t)))))

(defun put-parts (draft object depth)
  "Writes OBJECT, whatever its length and depth: what has begun waits on a list, not on the stack."
  (let ((due '()))
    (flet ((begin (part depth)
             (let ((begun (put-part draft part depth)))
               (when begun
                 (push begun due)))))
      (begin object depth)
      (loop while due
            do (multiple-value-bind (part depth last) (next-part (first due))
                 (when last
                   (pop due))
                 (cond ((symbolp part) (put-object draft part :depth depth))
                       ((put-saved draft part depth))
                       (t (begin part depth))))))))

(defun put-part (draft object depth)
  "Writes OBJECT if it has no parts, else what comes before them, and returns what is due."
  (typecase object
    (cons (charge-depth draft (1+ depth))
          (put-op draft cons-op)
          (make-due object depth))
    ((and vector (not string)) (put-vector draft object depth))
    (t (put-atom draft object)
       nil)))

(defun put-atom (draft object)
  (let ((wire (draft-wire draft)))
    (typecase object
      (symbol (put-symbol draft object))
      (integer (put-number draft object))
      (string (put-string draft (coerce object 'simple-string)))
      (remote-object (put-remote draft object))
      (double-float (need draft object double-op)
                    (put-op draft double-op)
                    (put-double wire object))
      (single-float (need draft object single-op)
                    (put-op draft single-op)
                    (put-single wire object))
      (t (need draft object nil)))))

(defun need (draft object op)
  "Fails unless the peer reads OP, which OBJECT goes by, if there is one."
  (unless (and op (reads-p (draft-wire draft) op))
    (error 'not-sendable
           :format-control "Cannot output objects of type ~S across ~:[a wire~;this wire, whose ~
                            peer has not said that it reads them~]."
           :format-arguments (list (type-of object) op))))

(defun put-symbol (draft symbol)
  (let ((wire (draft-wire draft))
        (name (symbol-name symbol))
        (package (symbol-package symbol)))
    (unless package
      (not-sendable "Cannot output ~S, which is in no package." symbol))
    (put-op draft symbol-op (+ (utf-8-length name) (utf-8-length (package-name package))))
    (put-bare-string wire name)
    (put-bare-string wire (package-name package))))

(defun put-string (draft string)
  (let ((length (utf-8-length string)))
    (put-op draft string-op length)
    (put-bare-string (draft-wire draft) string length)))

(defun put-number (draft integer)
  (let ((wire (draft-wire draft)))
    (cond ((and (typep integer '(signed-byte 8)) (reads-p wire small-op))
           (put-op draft small-op)
           (put-integer wire integer 1))
          ((typep integer '(signed-byte 32))
           (put-op draft number-op)
           (put-integer wire integer 4))
          (t
           (put-op draft bignum-op (* 4 (ceiling (integer-length (abs integer)) 32)))
           (put-bare-bignum wire integer)))))

(defun put-remote (draft remote)
  (let ((wire (draft-wire draft)))
    (put-op draft remote-op)
    (put-integer wire (remote-object-host remote) 4)
    (put-integer wire (remote-object-pid remote) 4)
    (put-integer wire (remote-object-id remote) 4)
    (when (remote-object-local-p remote)
      (push (remote-object-id remote) (draft-given draft)))))

(defun put-vector (draft vector depth)
  (let ((wire (draft-wire draft))
        (length (length vector))
        (kind (or (position (array-element-type vector) *element-kinds*
                            :key #'third :test #'equal)
                  0)))
    (cond ((and (= kind octet-kind) (reads-p wire octets-op))
           (put-op draft octets-op length)
           (put-integer wire length 4)
           (put-octets wire (coerce vector 'octets)))
          (t
           (need draft vector sequence-op)
           (put-op draft sequence-op (* length (first (svref *element-kinds* kind))))
           (put-octet wire (logior kind vector-bit))
           (put-integer wire length 4)
           (cond ((plusp kind)
                  (map nil (element-writer wire kind) vector))
                 ((plusp length)
                  (charge-depth draft (1+ depth))
                  (make-due vector depth)))))))

(defun element-writer (wire kind)
  (destructuring-bind (size type vector-type) (svref *element-kinds* kind)
    (declare (ignore vector-type))
    (case type
      (single-float (lambda (float) (put-single wire float)))
      (double-float (lambda (float) (put-double wire float)))
      (t (lambda (integer) (put-integer wire integer size))))))

(defun wire-output-object (wire object &optional (cache-it (symbolp object)))
  "Output the given object on the given wire, whole or, with an error, not at all. If cache-it is
  true, the peer keeps the object for future reference."
  (drafting (draft wire)
    (put-object draft object :save cache-it))
  (values))

;;;; Writing calls

(defun put-funcall (draft function arguments)
  "Writes a call as CMUCL does."
  (let ((count (length arguments)))
    (check-count count)
    (charge-depth draft 1)
    (put-op draft (min count funcall-op))
    (when (> count 5)
      (put-octet (draft-wire draft) count))
    (put-all draft (cons function arguments))))

(defun put-call (draft want id function arguments)
  "Writes a call of the extended dialect, whose answer names ID."
  (let* ((wire (draft-wire draft))
         (count (length arguments))
         (entry (gethash function (wire-object-hash wire))))
    (check-count count)
    (charge-depth draft 1)
    (put-op draft call-op (if entry (entry-weight entry) 0))
    (put-octet wire want)
    (put-varint wire id)
    (put-varint wire (if entry (1+ (entry-index entry)) 0))
    (put-octet wire count)
    (put-all draft (if entry arguments (cons function arguments)))))

(defun put-all (draft objects)
  "Writes the parts of a call or of an answer."
  (dolist (object objects)
    (put-object draft object :depth 1)))

(defun check-count (count)
  (when (> count 255)
    (not-sendable "~D arguments or values, where 255 are the most." count)))

(defun output-funcall (wire function &rest arguments)
  (drafting (draft wire)
    (put-funcall draft function arguments))
  (values))

(defmacro wire-output-funcall (wire function &rest arguments)
  "Send the function and args down the wire as a funcall, once all of them are evaluated."
  `(output-funcall ,wire ,function ,@arguments))

;;;; Reading objects: whole, before anything of them runs

(defstruct (reading (:constructor make-reading (wire)))
  "One object of the peer, and what becomes of it."
  wire
  (weight 0 :type unsigned-byte)
  (too-heavy nil)
  ;; Why it is not run, a condition, if it is not. The rest of it is read and dropped.
  (refusal nil)
  ;; What has begun and not ended, the innermost first.
  (open '() :type list)
  ;; What is to be run, the last first.
  (steps '() :type list)
  ;; Tokens that nobody is going to answer.
  (orphans '() :type list)
  ;; The function that was called last, else the outermost, and whether any has begun.
  (function nil)
  (ran nil))

(defstruct (construct (:constructor make-construct
                          (kind owed finish &optional (parts (make-array owed)))))
  "An object of several parts that has begun."
  (kind :data :type (member :call :save :data))
  (owed 0 :type fixnum)
  ;; Makes the object of its parts, which are dropped if there is no vector for them.
  (finish nil :type function)
  (parts nil :type (or null simple-vector))
  (next 0 :type fixnum))

(defstruct (chain (:constructor make-chain ()))
  "Conses that have begun, those of their cdrs in one, so that long lists do not nest."
  (head nil)
  (tail nil :type list)
  (cdr-next nil)
  (later nil))

(defstruct (later (:constructor make-later (construct)))
  "An object that exists once a call has run: the call's value, or what has it as a part."
  construct
  (values '() :type list))

(defstruct (lost (:constructor make-lost (&optional name package)))
  "What stands where something was refused. It has a name if that was a symbol."
  (name nil :type (or null string))
  (package nil :type (or null string)))

(defvar *lost* (make-lost))

(defun refuse (reading control &rest arguments)
  (unless (reading-refusal reading)
    (setf (reading-refusal reading)
          (make-condition 'refused :format-control control :format-arguments arguments)))
  *lost*)

(defun charge (reading weight)
  "Adds WEIGHT to the object's. Says whether it is not too heavy yet."
  (incf (reading-weight reading) weight)
  (room-for-p reading 0))

(defun room-for-p (reading weight)
  "Whether WEIGHT more would not be too much. If it is, nothing more of the object is kept."
  (when (> (+ (reading-weight reading) weight) *object-limit*)
    (refuse reading "The object weighs more than ~D octets." *object-limit*)
    (setf (reading-too-heavy reading) t))
  (not (reading-too-heavy reading)))

(defun read-object (reading &optional (op (wire-get-byte (reading-wire reading))))
  "The next object, which OP begins. What has begun waits on a list, not on the stack."
  (let ((part (read-part reading op)))
    (loop
      (if (typep part '(or construct chain))
          (unless (eq part (first (reading-open reading)))
            (push part (reading-open reading)))
          (multiple-value-bind (object whole) (hand-over reading part)
            (when whole
              (return object))))
      (setf part (read-part reading (wire-get-byte (reading-wire reading)))))))

(defun hand-over (reading part)
  "Gives PART to the innermost construct, and that, if it ends, to the next. Returns the object that
  has ended at last, and T, if nothing is open any more."
  (loop
    (let ((open (first (reading-open reading))))
      (cond ((null open)
             (return (values part t)))
            ((take reading open part)
             (pop (reading-open reading))
             (setf part (complete reading open)))
            (t
             (return (values nil nil)))))))

(defun take (reading open part)
  "Puts PART where it belongs. Says whether it was the last."
  (if (chain-p open)
      (link reading open part)
      (let ((next (construct-next open)))
        (when (construct-parts open)
          (setf (svref (construct-parts open) next) part))
        (when (and (= next 0) (eq (construct-kind open) :call) (null (reading-function reading)))
          (setf (reading-function reading) part))
        (= (setf (construct-next open) (1+ next)) (construct-owed open)))))

(defun link (reading chain part)
  (when (later-p part)
    (setf (chain-later chain) t))
  (cond ((chain-cdr-next chain)
         (when (chain-tail chain)
           (setf (cdr (chain-tail chain)) part))
         t)
        (t
         (setf (chain-cdr-next chain) t)
         (unless (reading-too-heavy reading)
           (let ((cell (list part)))
             (if (chain-tail chain)
                 (setf (cdr (chain-tail chain)) cell)
                 (setf (chain-head chain) cell))
             (setf (chain-tail chain) cell)))
         nil)))

(defun complete (reading open)
  "The object of all parts, or what stands for it until the calls in it have run."
  (let ((construct (if (chain-p open) (chain-construct open) open)))
    (when (eq (construct-kind construct) :call)
      (check-call reading construct))
    (cond ((and (reading-refusal reading) (not (eq (construct-kind construct) :save)))
           *lost*)
          ((or (eq (construct-kind construct) :call)
               (find-if #'later-p (construct-parts construct))
               (and (chain-p open) (chain-later open)))
           (let ((later (make-later construct)))
             (push later (reading-steps reading))
             later))
          (t
           (funcall (construct-finish construct) (construct-parts construct))))))

(defun chain-construct (chain)
  (make-construct :data 1 #'finish-chain (vector (chain-head chain))))

(defun finish-chain (parts)
  (let ((head (svref parts 0)))
    (loop for cell = head then (cdr cell)
          while (consp cell)
          do (setf (car cell) (value-of (car cell))
                   (cdr cell) (value-of (cdr cell))))
    head))

(defun value-of (part)
  (if (later-p part) (first (later-values part)) part))

(defun read-part (reading op)
  "The object that OP begins if it has no parts, else the construct of them."
  (let ((wire (reading-wire reading)))
    (unless (= op save-op)
      (charge reading node-weight))
    (case op
      (#.number-op (wire-get-number wire))
      (#.small-op (get-integer wire 1 t))
      (#.bignum-op (read-bignum reading))
      (#.double-op (get-double wire))
      (#.single-op (get-single wire))
      (#.string-op (read-string reading))
      (#.octets-op (read-octets reading))
      (#.symbol-op (read-symbol reading))
      (#.remote-op (read-remote reading))
      (#.lookup-op (read-saved reading (get-count wire)))
      (#.short-lookup-op (read-saved reading (get-varint wire)))
      (#.save-op (begin-save reading))
      (#.cons-op (begin-cons reading))
      (#.sequence-op (begin-sequence reading))
      (#.record-op (begin-record reading))
      (#.funcall-op (make-construct :call (1+ (wire-get-byte wire)) #'call-parts))
      (t (cond ((< op funcall-op) (make-construct :call (1+ op) #'call-parts))
               ((<= op goodbye-op) (break-off wire "op ~D inside another object" op))
               (t (break-off wire "unknown op ~D" op)))))))

(defun call-parts (parts)
  (apply #'funcall (coerce parts 'list)))

(defun read-bignum (reading)
  (let* ((wire (reading-wire reading))
         (count (wire-get-number wire))
         (words (abs count)))
    (if (charge reading (* 4 words))
        (let ((magnitude (get-magnitude wire words)))
          (if (minusp count) (- magnitude) magnitude))
        (drop reading (* 4 words)))))

(defun drop (reading octets)
  (skip-octets (reading-wire reading) octets)
  *lost*)

(defun read-octets (reading)
  (let* ((wire (reading-wire reading))
         (count (get-count wire)))
    (if (charge reading count)
        (get-octets wire count)
        (drop reading count))))

(defun read-string (reading)
  (let ((octets (read-octets reading)))
    (if (lost-p octets) octets (utf-8-string octets))))

(defun read-name (reading)
  "A name of a symbol, which is read in an object too heavy as well: the peer may look it up."
  (let* ((wire (reading-wire reading))
         (count (get-count wire)))
    (charge reading count)
    (if (<= count *object-limit*)
        (utf-8-string (get-octets wire count))
        (drop reading count))))

(defun read-symbol (reading)
  (let* ((name (read-name reading))
         (package (read-name reading)))
    (if (and (stringp name) (stringp package))
        (recover reading (make-lost name package))
        *lost*)))

(defun recover (reading lost)
  "The symbol that LOST has the name of, if its package is here, else LOST and a refusal."
  (let ((package (and (lost-name lost) (find-package (lost-package lost)))))
    (cond (package
           (values (intern (lost-name lost) package)))
          ((lost-name lost)
           (refuse reading "There is no package ~A here, and so no symbol ~A of it."
                   (lost-package lost) (lost-name lost))
           lost)
          (t
           (refuse reading "The object looks up another, which was refused.")))))

(defun read-remote (reading)
  (let* ((wire (reading-wire reading))
         (host (wire-get-number wire nil))
         (pid (wire-get-number wire nil)))
    (token wire host pid (wire-get-number wire nil))))

(defun read-saved (reading index)
  (let* ((wire (reading-wire reading))
         (cache (wire-object-cache wire)))
    (unless (< index (wire-saved wire))
      (break-off wire "a lookup of index ~D, where ~D objects were saved" index (wire-saved wire)))
    (let ((object (svref cache index)))
      (if (lost-p object)
          (setf (svref cache index) (recover reading object))
          object))))

(defun begin-save (reading)
  (let* ((wire (reading-wire reading))
         (index (get-count wire)))
    (unless (= index (wire-saved wire))
      (break-off wire "a save at index ~D, where ~D is next" index (wire-saved wire)))
    (incf (wire-saved wire))
    (keep wire index *lost*)
    (make-construct :save 1 (lambda (parts) (keep wire index (svref parts 0))))))

(defun keep (wire index object)
  (let ((size (length (wire-object-cache wire))))
    (unless (< index size)
      (setf (wire-object-cache wire)
            (replace (make-array (* 2 size)) (wire-object-cache wire))))
    (setf (svref (wire-object-cache wire) index) object)))

(defun begin-cons (reading)
  "A new chain, or, where a cdr is due, the one that it belongs to."
  (let ((open (first (reading-open reading))))
    (cond ((and (chain-p open) (chain-cdr-next open))
           (setf (chain-cdr-next open) nil)
           open)
          (t
           (make-chain)))))

(defun begin-sequence (reading)
  (let* ((wire (reading-wire reading))
         (kind (wire-get-byte wire))
         (count (get-count wire))
         (type (if (logtest kind vector-bit) 'vector 'list))
         (kind (logandc2 kind vector-bit)))
    (unless (< kind (length *element-kinds*))
      (break-off wire "a sequence of unknown kind ~D" kind))
    (cond ((plusp kind) (read-packed reading kind type count))
          ((= count 0) (coerce '() type))
          (t (make-construct :data count (lambda (parts) (coerce parts type))
                             (and (room-for-p reading (* count node-weight))
                                  (make-array count)))))))

(defun read-packed (reading kind type count)
  (destructuring-bind (size element-type vector-type) (svref *element-kinds* kind)
    (let ((next (element-reader (reading-wire reading) size element-type)))
      (cond ((not (charge reading (* size count)))
             (drop reading (* size count)))
            ((eq type 'list)
             (loop repeat count collect (funcall next)))
            (t
             (map-into (make-array count :element-type vector-type) next))))))

(defun element-reader (wire size type)
  (case type
    (single-float (lambda () (get-single wire)))
    (double-float (lambda () (get-double wire)))
    (t (let ((signed (eq (first type) 'signed-byte)))
         (lambda () (get-integer wire size signed))))))

(defun begin-record (reading)
  (let ((count (wire-get-byte (reading-wire reading))))
    (when (= count 0)
      (break-off (reading-wire reading) "a record without fields"))
    (make-construct :data (1+ count) (lambda (parts) (finish-record reading parts)))))

(defun finish-record (reading parts)
  "The property list of a shape, which is a list of keywords, and their values."
  (let ((shape (svref parts 0)))
    (if (and (consp shape) (null (cdr (last shape))))
        (loop for key in shape
              for value across (subseq parts 1)
              collect key
              collect value)
        (refuse reading "A record has something else than a list of keywords."))))

;;;; Running what was read

(defparameter *do-functions*
  #(nil do-1-value-call do-2-value-call do-3-value-call do-4-value-call do-5-value-call
    do-n-value-call)
  "The functions that ask for so many values of the next object; the last, for all.")

(defparameter *return-functions*
  #(remote-return-abort return-1-value return-2-values return-3-values return-4-values
    return-5-values return-1-value)
  "The functions that answer them.")

(defun check-call (reading construct)
  "Sees to those who wait for a call of the protocol itself that cannot be run."
  (let ((function (svref (construct-parts construct) 0))
        (token (and (> (construct-owed construct) 1) (svref (construct-parts construct) 1))))
    (when (and (reading-open reading) (find function *do-functions*) function)
      (refuse reading "A call that wants values stands inside of another object.")
      (when (remote-object-p token)
        (push token (reading-orphans reading))))
    (when (and (reading-refusal reading) (find function *return-functions*))
      (abandon (wait-of-token token) (explain reading (reading-refusal reading))))))

(defun evaluate (reading object)
  "The values of OBJECT, a list, once the calls in it have run."
  (dolist (later (reverse (reading-steps reading)))
    (check-refusal reading)
    (run-step reading (later-construct later) later))
  (check-refusal reading)
  (if (later-p object) (later-values object) (list object)))

(defun check-refusal (reading)
  (let ((refusal (reading-refusal reading)))
    (when refusal
      (loop while (reading-orphans reading)
            do (send-unwinding (reading-wire reading) (pop (reading-orphans reading))
                               (explain reading refusal)))
      (error refusal))))

(defun run-step (reading construct later)
  (let ((parts (map 'simple-vector #'value-of (construct-parts construct))))
    (when (eq (construct-kind construct) :call)
      (begin-function reading (svref parts 0)))
    (setf (later-values later)
          (multiple-value-list (funcall (construct-finish construct) parts)))))

(defun begin-function (reading function)
  (setf (reading-function reading) function)
  (when (or (functionp function) (and (symbolp function) (fboundp function)))
    (setf (reading-ran reading) t)))

(defun run (reading object)
  "Evaluates OBJECT. Returns its values as a list; or NIL and a condition UNWOUND, if it unwound as
  far as here: by an error, if errors unwind, or by the restart ABORT."
  (block run
    (with-simple-restart (abort "Unwind ~S, which a peer has called." (reading-function reading))
      (let ((condition
              (block caught
                (flet ((unwind (condition &optional hook)
                         (declare (ignore hook))
                         (when (unwinds-p reading condition)
                           (return-from caught condition))))
                  (handler-bind ((serious-condition #'unwind))
                    ;; What no handler sees, as BREAK, goes straight to the debugger.
                    (let ((*debugger-hook* (if *unwind-on-error* #'unwind *debugger-hook*)))
                      (return-from run (values (evaluate reading object) nil))))))))
        (when (typep condition 'storage-condition)
          ;; The guard at the end of the stack stands again; else a second overflow would be fatal.
          (system:scrub-control-stack))
        (return-from run (values nil (record (explain reading condition))))))
    (values nil (explain reading 'abort))))

(defun unwinds-p (reading condition)
  (cond ((eq condition (reading-refusal reading)) t)
        ;; The end of the wire itself is not an error of the function.
        ((typep condition 'wire-error)
         (and *unwind-on-error* (not (eq (wire-error-wire condition) (reading-wire reading)))))
        (t *unwind-on-error*)))

(defun explain (reading condition)
  "The condition UNWOUND that tells of CONDITION, or of a way of unwinding without one."
  (make-condition 'unwound
                  :condition (kind-of condition)
                  :message (text-of condition)
                  :function (function-name (reading-function reading))
                  :ran (reading-ran reading)))

(defun kind-of (condition)
  "The symbol for CONDITION: that of the peer which told us, or its type."
  (typecase condition
    (symbol condition)
    (unwound (unwound-condition condition))
    (t (let ((type (type-of condition)))
         (if (symbolp type) type 'error)))))

(defun text-of (condition)
  "The text of CONDITION, not beyond what people read."
  (let* ((*print-length* 20)
         (*print-level* 5)
         (text (case condition
                 (abort "The call was aborted.")
                 (throw "The function was left without returning.")
                 (t (or (ignore-errors (message-of condition)) "")))))
    (subseq text 0 (min (length text) 1000))))

(defun message-of (condition)
  (if (typep condition 'simple-condition)
      ;; Printed as a whole it would begin with the name of the function, on a line of its own.
      (apply #'format nil (simple-condition-format-control condition)
             (simple-condition-format-arguments condition))
      (princ-to-string condition)))

(defun function-name (function)
  (and function (symbolp function) (symbol-name function)))

(defun record (reason)
  (note "~@[~A: ~]~@[~A: ~]~A" (unwound-function reason) (unwound-condition reason)
        (unwound-message reason))
  reason)

;;;; Answers

(defun answer (reading object to want)
  "Runs what was read, and sends as many of its values as are wanted, or why there are none. They go
  to a token of the peer, or to a number in the extended dialect."
  ;; What is left to be told if neither of both ends, because the function threw past us.
  (let ((reason (explain reading 'throw)))
    (unwind-protect
         (multiple-value-bind (values unwound) (run reading object)
           (setf reason (or unwound (send-values reading values to want))))
      (when reason
        (send-unwinding (reading-wire reading) to reason)))))

(defun send-values (reading values to want)
  "Sends VALUES; or nothing, and returns why they cannot be sent."
  (let ((wire (reading-wire reading)))
    (unless (wire-dead wire)
      (handler-case (drafting (draft wire)
                      (put-values draft values to want))
        (not-sendable (condition)
          (return-from send-values (record (explain reading condition)))))
      (wire-force-output wire)))
  nil)

(defun put-values (draft values to want)
  (let ((wire (draft-wire draft))
        (most (min (length values) want)))
    (cond ((integerp to)
           (let ((values (if (= want all-values) values (subseq values 0 most))))
             (check-count (length values))
             (put-op draft return-op)
             (put-varint wire to)
             (put-octet wire (length values))
             (put-all draft values)))
          (t
           (put-funcall draft (svref *return-functions* want)
                        (cons to (if (= want all-values)
                                     (list values)
                                     (replace (make-list want) values))))))))

(defun send-unwinding (wire to reason)
  (unless (wire-dead wire)
    (handler-case (drafting (draft wire)
                    (put-unwinding draft to (reason-list reason)))
      ;; There is always room for the fact.
      (not-sendable ()
        (drafting (draft wire)
          (put-unwinding draft to '()))))
    (wire-force-output wire)))

(defun put-unwinding (draft to reason)
  (cond ((integerp to)
         (put-op draft unwound-op)
         (put-varint (draft-wire draft) to)
         (put-all draft (list reason)))
        (t
         (put-funcall draft 'remote-return-abort (list to)))))

(defun reason-list (reason)
  "The property list that the protocol has for REASON."
  (with-accessors ((condition unwound-condition) (message unwound-message)
                   (function unwound-function) (location unwound-location)
                   (ran unwound-ran) (value unwound-value))
      reason
    `(,@(and condition `(:condition ,condition))
      :message ,message
      ,@(and function `(:function ,function))
      ,@(and location `(:location ,location))
      ,@(and (typep ran 'boolean) `(:ran ,ran))
      ,@(and value `(:value ,value)))))

(defun read-reason (list)
  "The condition that a peer's property list tells of, of which it may know more or fewer keys."
  (flet ((told (key type default)
           (let ((value (ignore-errors (getf list key default))))
             (if (typep value type) value default))))
    (make-condition 'unwound
                    :condition (told :condition 'symbol nil)
                    :message (told :message 'string "")
                    :function (told :function '(or string null) nil)
                    :location (told :location '(or string null) nil)
                    :ran (told :ran 'boolean :unknown)
                    :value (told :value t nil))))

(defun answer-next (token want)
  "Answers TOKEN with values of the next object."
  (let ((reading (make-reading *current-wire*)))
    (answer reading (read-object reading) token want)
    t))

(defun do-1-value-call (token) (answer-next token 1))
(defun do-2-value-call (token) (answer-next token 2))
(defun do-3-value-call (token) (answer-next token 3))
(defun do-4-value-call (token) (answer-next token 4))
(defun do-5-value-call (token) (answer-next token 5))
(defun do-n-value-call (token) (answer-next token all-values))

;;;; Waits

(defun wait-of-id (id)
  "The call of ours that ID names, unless nobody waits for it any more."
  (let ((object (object-of id)))
    (and (remote-wait-p object) object)))

(defun wait-of-token (token)
  (and (remote-object-p token)
       (remote-object-local-p token)
       (wait-of-id (remote-object-id token))))

(defun deliver (wait value1 &optional value2 value3 value4 value5)
  (when (and wait (not (maybe-nuke-remote-wait wait)))
    (setf (remote-wait-value1 wait) value1
          (remote-wait-value2 wait) value2
          (remote-wait-value3 wait) value3
          (remote-wait-value4 wait) value4
          (remote-wait-value5 wait) value5))
  nil)

(defun abandon (wait reason)
  (when (and wait (not (maybe-nuke-remote-wait wait)))
    (setf (remote-wait-abort wait) reason))
  nil)

(defun return-1-value (token value)
  (deliver (wait-of-token token) value))
(defun return-2-values (token one two)
  (deliver (wait-of-token token) one two))
(defun return-3-values (token one two three)
  (deliver (wait-of-token token) one two three))
(defun return-4-values (token one two three four)
  (deliver (wait-of-token token) one two three four))
(defun return-5-values (token one two three four five)
  (deliver (wait-of-token token) one two three four five))

(defun remote-return-abort (token)
  (abandon (wait-of-token token) (make-condition 'unwound)))

;;;; What stands at top level only

(defun serve-op (wire op)
  (case op
    (#.call-op (serve-call wire))
    (#.return-op (serve-return wire))
    (#.unwound-op (serve-unwinding wire))
    (#.release-op (let ((id (wire-get-number wire nil)))
                    (take-back wire id (get-varint wire))))
    ;; What could be cancelled has run: a call is run as soon as it is read.
    (#.cancel-op (get-varint wire))
    (#.ping-op (pong wire (wire-get-number wire nil)))
    (#.pong-op (wire-get-number wire nil))
    (#.goodbye-op (read-object (make-reading wire)))
    (t (break-off wire "unknown op ~D" op))))

(defun serve-call (wire)
  (let* ((reading (make-reading wire))
         (want (wire-get-byte wire))
         (id (and (plusp want) (get-varint wire)))
         (function (get-varint wire))
         (construct (make-construct :call (1+ (wire-get-byte wire)) #'call-parts)))
    (when (> want all-values)
      (break-off wire "a call that wants ~D" want))
    (charge reading node-weight)
    (let ((object (if (plusp function)
                      (read-parts reading construct (read-saved reading (1- function)))
                      (read-parts reading construct))))
      (if id
          (answer reading object id want)
          (run reading object)))))

(defun read-parts (reading construct &rest first)
  "The object of CONSTRUCT, of whose parts the FIRST are there already."
  (push construct (reading-open reading))
  (loop for part in first
        do (multiple-value-bind (object whole) (hand-over reading part)
             (when whole
               (return-from read-parts object))))
  (read-object reading))

(defun serve-return (wire)
  (let* ((reading (make-reading wire))
         (wait (wait-of-id (get-varint wire)))
         (count (wire-get-byte wire))
         (object (if (= count 0)
                     '()
                     (read-parts reading
                                 (make-construct :data count
                                                 (lambda (parts) (coerce parts 'list)))))))
    (multiple-value-bind (values unwound) (run reading object)
      (if unwound
          (abandon wait unwound)
          (deliver wait (first values))))))

(defun serve-unwinding (wire)
  (let* ((reading (make-reading wire))
         (wait (wait-of-id (get-varint wire)))
         (values (run reading (read-object reading))))
    (abandon wait (read-reason (first values)))))

(defun pong (wire cookie)
  (when (reads-p wire pong-op)
    (drafting (draft wire)
      (put-op draft pong-op)
      (put-integer wire cookie 4))
    (wire-force-output wire)))

;;;; Calls

(defvar *unwound-reason* nil)

(defun unwound-reason ()
  "Why the last call of this process that wanted values did not return, a condition UNWOUND; NIL if
  it returned. To be asked in the third argument of REMOTE-VALUE, or right after a call."
  *unwound-reason*)

(defun request (wire want function &rest arguments)
  "Has WIRE's peer call FUNCTION, and waits. Returns so many of its values as a list; or NIL and T if
  the peer unwound, or the wire has ended."
  (let* ((wait (make-remote-wait))
         (compact (reads-p wire call-op))
         (*pending-returns* (acons wire wait *pending-returns*))
         (draft nil))
    (return-tokens wire)
    (unwind-protect
         (progn
           (setf draft (if compact
                           (request-compactly wire wait want function arguments)
                           (request-classically wire wait want function arguments)))
           (wire-force-output wire)
           (await wait))
      (give-up wire wait (and compact draft)))
    (setf *unwound-reason* (remote-wait-abort wait))
    (cond ((null *unwound-reason*)
           (values (wanted-values wait (if compact all-values want)) nil))
          (t
           ;; A classic peer that lacks the package of a symbol reads its index as 0 from now on.
           (unless compact
             (forget-saved draft))
           (values nil t)))))

(defun request-compactly (wire wait want function arguments)
  (drafting (draft wire)
    (put-call draft want (id-of wait) function arguments)))

(defun request-classically (wire wait want function arguments)
  (drafting (draft wire)
    (put-funcall draft (svref *do-functions* want) (list (make-remote-object wait)))
    (begin-object draft)
    (put-funcall draft function arguments)))

(defun wanted-values (wait want)
  (if (= want all-values)
      (remote-wait-value1 wait)
      (subseq (list (remote-wait-value1 wait) (remote-wait-value2 wait) (remote-wait-value3 wait)
                    (remote-wait-value4 wait) (remote-wait-value5 wait))
              0 want)))

(defun give-up (wire wait cancellable)
  "Nobody waits any more. If that is before the answer, the peer may stop working on it."
  (when (and cancellable (not (remote-wait-finished wait)) (not (wire-dead wire))
             (reads-p wire cancel-op))
    (drafting (draft wire)
      (put-op draft cancel-op)
      (put-varint wire (id-of wait)))
    (wire-force-output wire))
  (maybe-nuke-remote-wait wait))

(defun return-tokens (wire)
  "Tells the peer which of its objects are garbage here."
  (loop while (wire-dropped wire)
        do (drafting (draft wire)
             (put-op draft release-op)
             (put-integer wire (pop (wire-dropped wire)) 4)
             (put-varint wire 1))))

(defmacro remote (wire-form &body forms)
  "Evaluates the given forms remotely, for their effect: a list of a function, which is not
  evaluated, and its arguments, which are, here. Returns nothing, and does not wait."
  (let ((wire (gensym "WIRE")))
    `(let ((,wire ,wire-form))
       ,@(loop for (function . arguments) in forms
               collect `(output-funcall ,wire ',function ,@arguments))
       (values))))

(declaim (ftype (function () (values t t)) no-value))
(defun no-value ()
  "What a call gives that unwound. The compiler need not know that it is no number."
  (values nil t))

(defmacro remote-value (wire-form form &optional (on-server-unwind '(no-value)))
  "Executes the form remotely, and returns its value. If it unwinds there, returns NIL and T, or the
  values of ON-SERVER-UNWIND, evaluated here; (UNWOUND-REASON) says why."
  (let ((values (gensym "VALUES"))
        (unwound (gensym "UNWOUND")))
    `(multiple-value-bind (,values ,unwound)
         (request ,wire-form 1 ',(first form) ,@(rest form))
       (if ,unwound ,on-server-unwind (first ,values)))))

(defmacro remote-value-bind (wire-form vars form &body body)
  "Binds vars to the values of the form, executed remotely, and evaluates the body, unless the form
  unwinds: then the body is skipped, and the value is NIL."
  (if (null vars)
      `(progn (remote ,wire-form ,form) ,@body)
      (let ((values (gensym "VALUES"))
            (unwound (gensym "UNWOUND"))
            (want (if (<= (length vars) 5) (length vars) all-values)))
        `(multiple-value-bind (,values ,unwound)
             (request ,wire-form ,want ',(first form) ,@(rest form))
           (unless ,unwound
             (multiple-value-bind ,vars (values-list ,values) ,@body))))))

;;;; Hello

(defconstant longest-hello 512)
(defparameter *hello-beginning* "wire-hello/1 ")

(defun hello ()
  "What we read, and within which limits. Those that CMUCL does not have are far away."
  (format nil "~Aops=~D-~D object=~D depth=~D calls=~D entries=~D cache=~D"
          *hello-beginning* double-op goodbye-op *object-limit* (floor *object-limit* node-weight)
          most-positive-fixnum most-positive-fixnum (ash 1 50)))

(defun hello-p (object)
  (and (stringp object)
       (<= (length *hello-beginning*) (length object) longest-hello)
       (string= *hello-beginning* object :end2 (length *hello-beginning*))))

(defun say-hello (wire)
  (setf (wire-greeted wire) t)
  (wire-output-object wire (hello))
  (wire-force-output wire))

(defun hear (wire hello)
  "Takes note of what WIRE's peer says that it reads, and answers. What it does not say is as the
  protocol has it; a hello that cannot be read is like none."
  (let* ((words (split #\Space (subseq hello (length *hello-beginning*))))
         (ops (ops-of (or (word "ops" words) "")))
         (limits (loop for (name default) in '(("object" #.(ash 64 20)) ("depth" 128)
                                               ("entries" 65536) ("cache" #.(ash 4 20)))
                       for value = (word name words)
                       collect (if value (number-of value) default))))
    (when (and *say-hello* ops (notany #'null limits)
               ;; A peer that reads less could not be told that a call of it unwound.
               (every #'>= limits (list longest-hello 1)))
      (setf (wire-reads wire) ops
            (values (wire-weight-limit wire) (wire-depth-limit wire)
                    (wire-entry-limit wire) (wire-cache-limit wire))
            (values-list limits))
      (forget-beyond-limits wire)
      (unless (wire-greeted wire)
        (say-hello wire)))))

(defun split (separator text)
  (loop for start = 0 then (1+ end)
        for end = (position separator text :start start)
        collect (subseq text start end)
        while end))

(defun word (name words)
  "What follows NAME= in one of WORDS."
  (let ((word (find-if (lambda (word)
                         (let ((end (position #\= word)))
                           (and end (string= name word :end2 end))))
                       words)))
    (and word (subseq word (1+ (length name))))))

(defun number-of (text)
  (and (plusp (length text))
       (every #'digit-char-p text)
       (parse-integer text)))

(defun ops-of (text)
  "The ops that TEXT lists as numbers and ranges, a bit for each; NIL if it is no such list. Those
  that we do not know are those of a later version."
  (let ((ops 0))
    (dolist (range (remove "" (split #\, text) :test #'string=) ops)
      (let* ((ends (mapcar #'number-of (split #\- range)))
             (first (first ends))
             (last (first (last ends))))
        (unless (and (<= (length ends) 2) first last (<= first last 255))
          (return nil))
        (loop for op from (max first double-op) to (min last goodbye-op)
              do (setf ops (logior ops (ash 1 op))))))))

(defun forget-beyond-limits (wire)
  "What we saved before we knew how much the peer keeps may be more than that."
  (let ((all (> (wire-cache-octets wire) (wire-cache-limit wire))))
    (maphash (lambda (object entry)
               (when (or all (>= (entry-index entry) (wire-entry-limit wire)))
                 (remhash object (wire-object-hash wire))))
             (wire-object-hash wire))))

;;;; The life of a wire

(defvar *served* '()
  "The wires whose objects are being served, the innermost first.")

(defun serve-object (wire)
  "Reads the next object and does what it asks for. Unwinding ends here."
  (let ((*current-wire* wire)
        (op (wire-get-byte wire)))
    (if (>= op call-op)
        (serve-op wire op)
        (let* ((reading (make-reading wire))
               (object (read-object reading op)))
          (if (hello-p object)
              (hear wire object)
              (run reading object))))))

(defun wire-get-object (wire)
  "Reads the next object from the wire, whole; runs the calls in it, and returns its value."
  (check-alive wire)
  (let ((*current-wire* wire)
        (op (wire-get-byte wire)))
    (if (>= op call-op)
        (serve-op wire op)
        (let ((reading (make-reading wire)))
          (values (first (evaluate reading (read-object reading op))))))))

(defun serve-requests (wire on-death)
  "Serves what has come. If somebody throws out of it, the rest is served with the next event."
  (setf (wire-on-death wire) on-death)
  (let ((*served* (cons wire *served*))
        (served nil))
    (unwind-protect
         (progn
           (handler-bind ((wire-error (lambda (condition)
                                        (when (eq (wire-error-wire condition) wire)
                                          (end-of-wire wire condition)
                                          (setf served t)
                                          (return-from serve-requests (values))))))
             (loop until (wire-dead wire)
                   while (wire-listen wire)
                   do (serve-object wire))
             (unless (wire-dead wire)
               (return-tokens wire)
               (wire-force-output wire)))
           (setf served t))
      (unless (or served (wire-dead wire) (not (buffered-p wire)))
        (serve-soon wire)))
    (values)))

(defun end-of-wire (wire condition)
  "Ends WIRE because of CONDITION. That its peer is gone is no surprise; that it broke the protocol is
  written down or, as an error in a called function would, enters the debugger."
  (cond ((typep condition 'wire-protocol-error)
         (ignore-errors (say-goodbye wire (text-of condition)))
         (bury wire)
         (if *unwind-on-error*
             (note "~A" condition)
             (error condition)))
        (t
         (bury wire))))

(defun serve-soon (wire)
  "Has what is buffered of WIRE served by the next SYSTEM:SERVE-EVENT, which looks at sockets only:
  by a pipe whose other end is closed."
  (multiple-value-bind (out in) (unix:unix-pipe)
    (let (handler)
      (unix:unix-close in)
      (flet ((serve (fd)
               (system:remove-fd-handler handler)
               (unix:unix-close fd)
               (unless (wire-dead wire)
                 (serve-requests wire (wire-on-death wire)))))
        (setf handler (system:add-fd-handler out :input #'serve))))))

(defun serve-buffered ()
  "Serves what came together with a call that runs now and waits. Says whether there was anything."
  (let ((wire (find-if (lambda (wire) (and (buffered-p wire) (not (wire-dead wire)))) *served*)))
    (when wire
      (serve-requests wire (wire-on-death wire))
      t)))

(defun await (wait)
  ;; SERVE-ALL-EVENTS would not return as long as something is to be read that nobody here reads: the
  ;; next line at a terminal, if a call runs while Lisp waits for that.
  (loop until (remote-wait-finished wait)
        do (or (serve-buffered) (system:serve-event))))

(defun bury (wire)
  "Ends WIRE here: its calls do not return, its peer holds nothing any more."
  (unless (wire-dead wire)
    (setf (wire-dead wire) t)
    (system:invalidate-descriptor (wire-fd wire))
    (unix:unix-close (wire-fd wire))
    (remhash wire *wires*)
    (forget-output wire)
    ;; A classic peer may come again, and has never learnt to give back what it holds.
    (when (reads-p wire release-op)
      (take-all-back wire))
    (loop for (waiting . wait) in *pending-returns*
          when (eq waiting wire)
            do (abandon wait (make-condition 'unwound :condition 'wire-eof
                                                      :message "The wire has ended.")))
    (when (wire-on-death wire)
      (funcall (wire-on-death wire)))))

(defun say-goodbye (wire reason)
  (when (reads-p wire goodbye-op)
    (drafting (draft wire)
      (put-op draft goodbye-op)
      (put-all draft (list reason))))
  (wire-force-output wire))

(defun close-wire (wire &optional (reason ""))
  "Sends what is buffered, tells the peer that WIRE ends on purpose, and for what reason, and ends it.
  What is called at its death is called."
  (unless (wire-dead wire)
    (unwind-protect (say-goodbye wire reason)
      (bury wire))))

(defun say-farewells ()
  "This process ends."
  (loop for wire being the hash-keys of *wires*
        do (ignore-errors (say-goodbye wire "The process ends."))))

(pushnew 'say-farewells lisp::*cleanup-functions*)

(defun connect-to-remote-server (hostname port &optional on-death)
  "Connect to a remote request server addressed with the given host and port, say hello, and wait
  *HELLO-WAIT* seconds at the most for its hello. This returns the created wire."
  (let* ((socket (ext:connect-to-inet-socket hostname port))
         (wire (make-wire socket)))
    (setf (wire-on-death wire) on-death)
    (when *say-hello*
      (say-hello wire)
      (await-hello wire))
    (system:add-fd-handler socket :input
                           (lambda (socket)
                             (declare (ignore socket))
                             (serve-requests wire on-death)))
    wire))

(defun await-hello (wire)
  "Reads the peer's hello, if that comes first. Anything else is left for later."
  (when (system:wait-until-fd-usable (wire-fd wire) :input *hello-wait*)
    ;; The end of the stream will come again.
    (ignore-errors (fill-input-buffer wire))
    (when (hello-next-p wire)
      (serve-object wire))
    (when (buffered-p wire)
      (serve-soon wire))))

(defun hello-next-p (wire)
  (let* ((start (wire-ibuf-offset wire))
         (text (+ start 5))
         (end (+ text (length *hello-beginning*))))
    (and (<= end (wire-ibuf-end wire))
         (= (aref (wire-ibuf wire) start) string-op)
         (string= (map 'string #'code-char (subseq (wire-ibuf wire) text end))
                  *hello-beginning*))))

(defun create-request-server (port &optional on-connect &key (reuse-address t) (host 0))
  "Create a request server on the given port, of all addresses of this machine or of HOST alone.
  Whenever anyone connects to it, call the given function with the newly created wire and the address
  of the connector. If the function returns NIL, the connection is destroyed; otherwise, it is
  accepted. This returns a manifestation of the server that DESTROY-REQUEST-SERVER accepts to kill
  the request server."
  (let ((socket (ext:create-inet-listener port :stream :reuse-address reuse-address :host host)))
    (flet ((accept (socket)
             ;; Who was there when events were looked for may have been let in since, by a handler
             ;; that ran while another waited.
             (when (readable-p socket)
               (multiple-value-bind (connected address) (ext:accept-tcp-connection socket)
                 (new-connection connected address on-connect)))))
      (make-request-server :socket socket
                           :handler (system:add-fd-handler socket :input #'accept)))))

(defun readable-p (fd)
  (let ((count (unix:unix-select (1+ fd) (ash 1 fd) 0 0 0)))
    ;; An interrupted call says nothing.
    (and count (plusp count))))

(defun serve-forever (&key (unwind-on-error *unwind-on-error*))
  "Serves all wires of this process, and does not return. UNWIND-ON-ERROR says what an error in a
  called function does meanwhile: see *UNWIND-ON-ERROR*."
  (let ((*unwind-on-error* unwind-on-error))
    (loop
      (with-simple-restart (abort "Go on serving.")
        (loop (system:serve-all-events))))))

(defun run-server (port &key on-connect (host "127.0.0.1") (reuse-address t) (unwind-on-error t))
  "Creates a request server, as CREATE-REQUEST-SERVER does but for this machine alone unless HOST says
  otherwise, and serves until somebody throws out of it. Whoever reaches the port can call every
  function of this process; and can hold up all others, by half an object or by reading nothing."
  (let ((server (create-request-server port on-connect :reuse-address reuse-address :host host)))
    (note "serving port ~D"
          (nth-value 1 (ext:get-socket-host-and-port (request-server-socket server))))
    (unwind-protect (serve-forever :unwind-on-error unwind-on-error)
      (destroy-request-server server))))

;;;; Loaded as source all of it would be interpreted, a hundred times slower.

(let ((*compile-verbose* nil)
      (*compile-print* nil)
      (ext:*compile-progress* nil))
  (do-symbols (symbol :wire)
    (when (and (fboundp symbol) (eval:interpreted-function-p (fdefinition symbol)))
      (compile symbol))))

(setf (ext:package-definition-lock (find-package :wire)) t
      (ext:package-lock (find-package :wire)) t)
