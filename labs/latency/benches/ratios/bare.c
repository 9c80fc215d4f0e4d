// The same calls as the Rust channels make, in bare loops: what C would cost.
// Each gives 0, or the errno of the call that failed.
#include <errno.h>
#include <mqueue.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/types.h>

static int mq_out(mqd_t queue, const char *message, size_t size) {
    while (mq_send(queue, message, size, 0) == -1)
        if (errno != EAGAIN && errno != EINTR)
            return errno;
    return 0;
}

static int mq_in(mqd_t queue, char *message, size_t size) {
    while (mq_receive(queue, message, size, NULL) == -1)
        if (errno != EAGAIN && errno != EINTR)
            return errno;
    return 0;
}

int posix_ping(mqd_t out, mqd_t back, char *message, size_t size, long count) {
    int error = 0;
    for (long i = 0; i < count && !error; i++) {
        error = mq_out(out, message, size);
        if (!error)
            error = mq_in(back, message, size);
    }
    return error;
}

int posix_pong(mqd_t out, mqd_t back, char *message, size_t size, long count) {
    int error = 0;
    for (long i = 0; i < count && !error; i++) {
        error = mq_in(back, message, size);
        if (!error)
            error = mq_out(out, message, size);
    }
    return error;
}

static int sysv_out(int queue, const long *message, size_t size, int flags) {
    while (msgsnd(queue, message, size, flags) == -1)
        if (errno != EAGAIN && errno != EINTR)
            return errno;
    return 0;
}

static int sysv_in(int queue, long *message, size_t size, int flags) {
    while (msgrcv(queue, message, size, 0, flags) == -1)
        if (errno != ENOMSG && errno != EINTR)
            return errno;
    return 0;
}

int sysv_ping(int out, int back, long *message, size_t size, int flags, long count) {
    int error = 0;
    for (long i = 0; i < count && !error; i++) {
        error = sysv_out(out, message, size, flags);
        if (!error)
            error = sysv_in(back, message, size, flags);
    }
    return error;
}

int sysv_pong(int out, int back, long *message, size_t size, int flags, long count) {
    int error = 0;
    for (long i = 0; i < count && !error; i++) {
        error = sysv_in(back, message, size, flags);
        if (!error)
            error = sysv_out(out, message, size, flags);
    }
    return error;
}
