# What `cargo lab` says in English. Both files have the same messages with the same
# variables, which a test checks. Names of errnos, calls and commands stay as they are.

error = error:

## Help

help-usage = Usage:
help-commands = Commands
help-arguments = Arguments
help-options = Options

about-lab = What you can do with the labs of this book.
usage-lab = cargo lab [OPTIONS] <COMMAND>
after-lab = `cargo lab COMMAND --help` says more about a command.
about-compare = Sets the measurements of two machines side by side.
usage-compare = cargo lab compare [OPTIONS] <A.json> <B.json>
after-compare =
    The files are what lab-latency or lab-throughput wrote with --json.

    Exit status: 0 compared, 1 not possible, 2 wrong usage.
about-errno = Says what an errno means, which calls answer it, which lab shows it.
usage-errno = cargo lab errno [OPTIONS] [WORD]...
after-errno =
    Examples:
      cargo lab errno EMFILE
      cargo lab errno 24
      cargo lab errno too many open files
      cargo lab errno qua nhieu tap tin dang mo

    The answer comes from the labs themselves: the first time, and whenever one has
    changed, they are built and run.

    Exit status, as of grep: 0 a lab shows it, 1 none does, 2 wrong usage. It is 1,
    too, where the labs cannot be built.

help-lang =
    vi or en; without it, the language of LC_ALL,
    LC_MESSAGES or LANG
help-color = Colours: auto (default), always or never
value-color = WHEN
help-help = Shows this help
help-version = Shows the version
help-a = The first measurement; - for standard input
help-b = The second measurement
help-json = Prints JSON
help-word =
    A name, a number, a text in either language, or a line with one of
    them; without it, every errno that the labs show
value-word = WORD
value-lang = LANGUAGE
help-fresh = Runs every lab again, even where nothing has changed

## Wrong usage

usage-unknown-command = There is no command "{ $word }".
usage-no-command = A command is missing.
usage-unknown = "{ $word }" does not belong here.
usage-missing = Missing: { $arguments }
usage-no-value = { $option } needs a value.
usage-invalid-value = { $option } cannot be "{ $value }".
usage-value-unwanted = { $option } takes no value ("{ $value }").
usage-twice = { $option } may stand here only once.
usage-not-utf8 = A word on the command line is not valid UTF-8.
usage-other = The command line is not understood.
usage-did-you-mean = Did you mean { $value }?
usage-known-values = Possible: { $value }
usage-more = `cargo lab --help` lists what there is.

## Trouble

trouble-output = The output cannot be written: { $error }
project-none = There is no book.toml beside a labs folder here or above. Run this inside the clone.
file-unreadable = { $file } cannot be read: { $error }
programs-no-cargo = { $file } cannot be started: { $error }
programs-not-built = The labs cannot be built. cargo's own words above say why.

## errno

errno-building = Building the labs
errno-running = Running the labs
errno-mute = `{ $command }` left no record ({ $why }); it is missing from what follows.
errno-not-kept = What the labs showed cannot be kept, so they will run again next time: { $file }: { $error }
errno-unknown = No errno of Linux is called, numbered or described as "{ $word }".
errno-near = Did you mean:
errno-also = also called { $names }
errno-unseen = Linux has it, but no lab of this book shows it.
errno-no-call = a call that is not named
errno-passed = Met on the way, by a program that went on
errno-hidden = It cannot be shown on this machine. { $reason }
errno-missed = The lab promises this, but your kernel has just answered otherwise.
errno-instead = Your kernel has just answered this. The lab promises: { $promise }.
errno-chapter = Chapter: { $page }
errno-all = The errnos that the labs of this book show, with the calls that answer them:
errno-several = These have "{ $word }" in their text:
errno-ask = `cargo lab errno NAME` says more about one.
errno-hidden-here = Cannot be shown on this machine
promise-success = ends well
promise-errno = { $call } answers { $errno }
promise-signal = the kernel ends it by { $signal }
promise-timeout = it is still blocked when its time is up

## compare

compare-same = { $file } cannot be compared with itself. Give the files of two runs.
compare-labs = These measure different things: A is of { $a }, B of { $b }. Compare two files of the same lab.
compare-large = { $file } is too large to be a measurement.
compare-empty = { $file } is empty.
compare-damaged = { $file } is damaged: { $why }
compare-foreign = { $file } is no measurement by lab-latency or lab-throughput.
compare-newer = { $file } has format { $version }, this program knows formats up to { $known }. Update your clone: git pull.
compare-cores =
    { $count ->
        [one] 1 processor
       *[other] { $count } processors
    }
compare-virtual = virtual machine
compare-quick = quick run
compare-raised = limits raised in a private namespace
compare-fair = Compare machines by the last two columns. A multiple of the machine's own floor says what a mechanism costs there; a time alone says how fast the machine is.
compare-no-rows = Neither file has a result.
compare-lent = in place
compare-batch = { $count } at once
compare-size = size
compare-size-rate = size, rate
compare-floor = { $side } ×floor
compare-failed = { $side }: { $mechanism }, { $sizes }: { $what }
compare-limit = *{ $side }: { $mechanism }, { $sizes }: measured with raised limits. With the machine's own: { $what }

floors = Floors
floor-one-line = one cache line, there and back
floor-two-lines = two cache lines, there and back
floor-yield = yielding on one processor
floor-system-call = empty system call
floor-memcpy = copying { $size }
floor-stream = handing over { $size }

kind-round-trip = There and back
kind-says-round-trip = p50 of a round trip. B/A above 1: B is slower.
kind-stream = Stream
kind-says-stream = Messages a second; the multiple is of the time a message takes. B/A above 1: B is faster.
kind-open-loop = At a fixed rate
kind-says-open-loop = p99 one way, counted from when the message was due. B/A above 1: B is slower.

mechanism-mailbox = shared memory: mailbox
mechanism-ring = shared memory: ring
mechanism-semaphore = shared memory: semaphores
mechanism-mutex-condvar = shared memory: mutex and condition variables
mechanism-eventfd = shared memory: ring and eventfd
mechanism-posix-queue = POSIX queue
mechanism-sysv-queue = System V queue
mechanism-pipe = pipe
mechanism-unix-stream = Unix stream socket
mechanism-unix-seqpacket = Unix seqpacket socket

waiting-spin = spinning
waiting-sleep = sleeping
waiting-spin-then-sleep = spinning, then sleeping

remark-one-core = There was one processor, so nothing was measured on two.
remark-busy = The floor varied much: something else took the processors, or the machine was moved.
remark-not-pinned = The processes could not be pinned to processors.
remark-slow-clock = The clock is slow, or not the same on every processor.
remark-not-raised = The limits could not be raised in a private namespace.
remark-interrupted = The run was ended before it was complete.

failed-killed = killed by { $signal }
failed-corrupt = corrupt
failed-corrupt-how = a message was lost or damaged: { $what }
failed-timed-out = time-out
