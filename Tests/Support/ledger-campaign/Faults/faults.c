// What a campaign has happen to the system calls of a child, whose ledger is its only concern. Loaded before liblmdb and libc
// (LD_PRELOAD) into processes of ledger-campaign, never linked into anything.
//
// CAMPAIGN_LEDGER   the ledger's directory: only files in it count
// CAMPAIGN_REPORT   a file of `struct report`, which outlives the process
// CAMPAIGN_KILL     KIND:MOMENT:N       SIGKILL at the nth time that a transaction of a kind reaches a moment
// CAMPAIGN_FAIL     CALL:ERROR:N:COUNT  COUNT calls from the nth on fail; all of them for 0. An ERROR that ends in `-done` is
//                   told of a call that was made all the same: a write that reached the page cache, a sync the disk
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct report {
    uint64_t isKilled, injected, calls, isWaiting;
};

// Of a process that is interrupted without end this many are enough to say that it waits.
#define ENDLESS 100000

static struct report fallback, *report = &fallback;
static char directory[4096];
static char kill_kind[32], kill_moment[32], fail_call[32];
static uint64_t kill_place, fail_first, fail_count;
static int fail_error; // -1 for a short write or read
static int fails_done;
static uint64_t moments;

// What a descriptor is of.
enum { OTHER, DIRECTORY, DATA, WITNESS, OWN };
#define DESCRIPTORS 4096
static unsigned char files[DESCRIPTORS];

static int kind_of_file(int fd) { return fd >= 0 && fd < DESCRIPTORS ? files[fd] : OTHER; }

static void die(void) {
    for (;;) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

__attribute__((constructor)) static void start(void) {
    const char *text = getenv("CAMPAIGN_LEDGER");
    if (text) snprintf(directory, sizeof directory, "%s", text);
    if ((text = getenv("CAMPAIGN_KILL"))) sscanf(text, "%31[^:]:%31[^:]:%lu", kill_kind, kill_moment, &kill_place);
    if ((text = getenv("CAMPAIGN_FAIL"))) {
        char error[32] = "";
        sscanf(text, "%31[^:]:%31[^:]:%lu:%lu", fail_call, error, &fail_first, &fail_count);
        char *done = strstr(error, "-done");
        if (done) fails_done = 1, *done = 0;
        fail_error = !strcmp(error, "EIO") ? EIO : !strcmp(error, "ENOSPC") ? ENOSPC : !strcmp(error, "EINTR") ? EINTR : -1;
    }
    if ((text = getenv("CAMPAIGN_REPORT"))) {
        int fd = syscall(SYS_openat, AT_FDCWD, text, O_RDWR);
        void *shared = (void *)syscall(SYS_mmap, 0L, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
        if (shared != MAP_FAILED) report = shared;
        syscall(SYS_close, fd);
    }
}

// MARK: Transactions

static __thread int is_committing;
static unsigned log_rows, view_rows, merged_rows, dropped, has_generation, has_format;
// 0 outside of a rebuild, 1 before the swap, 2 behind it.
static int phase;
static unsigned char tables[1024];
enum { TABLE, LOG_TABLE, META_TABLE, VIEW_TABLE, ID_TABLE };

static const char *kind_of_transaction(void) {
    if (has_format) return "create";
    if (has_generation) return "swap";
    if (log_rows > 1) return "segments";
    if (log_rows) return "record";
    if (phase == 2 && dropped) return "discard";
    if (phase == 1) return "rebuild";
    if (merged_rows) return "merge";
    return view_rows ? "flush" : "tables";
}

static void reach(const char *kind, const char *moment) {
    if (!kill_place || strcmp(moment, kill_moment) || strcmp(kind, kill_kind)) return;
    if (__atomic_add_fetch(&moments, 1, __ATOMIC_SEQ_CST) != kill_place) return;
    report->isKilled = 1;
    die();
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(next))dlsym(RTLD_NEXT, #name)

typedef struct { size_t size; const char *data; } value;

int mdb_txn_begin(void *environment, void *parent, unsigned flags, void **transaction) {
    NEXT(mdb_txn_begin);
    int status = next(environment, parent, flags, transaction);
    if (!status && !(flags & 0x20000)) log_rows = view_rows = merged_rows = dropped = has_generation = has_format = 0;
    return status;
}

int mdb_dbi_open(void *transaction, const char *name, unsigned flags, unsigned *table) {
    NEXT(mdb_dbi_open);
    int status = next(transaction, name, flags, table);
    if (!status && name && *table < sizeof tables) {
        tables[*table] = !strcmp(name, "log") ? LOG_TABLE
            : !strcmp(name, "meta") ? META_TABLE
            : strstr(name, ".event-ids") ? ID_TABLE
            : !strncmp(name, "views", 5) ? VIEW_TABLE : TABLE;
    }
    return status;
}

int mdb_put(void *transaction, unsigned table, value *key, value *row, unsigned flags) {
    NEXT(mdb_put);
    switch (tables[table % sizeof tables]) {
    case LOG_TABLE: log_rows++; break;
    case META_TABLE:
        has_format |= key->size == 6 && !memcmp(key->data, "format", 6);
        has_generation |= key->size == 10 && !memcmp(key->data, "generation", 10);
        break;
    case VIEW_TABLE: case ID_TABLE: view_rows++; break;
    }
    reach(kind_of_transaction(), "change");
    return next(transaction, table, key, row, flags);
}

int mdb_del(void *transaction, unsigned table, value *key, value *row) {
    NEXT(mdb_del);
    // Nothing but a merge takes rows from the index of ids.
    if (tables[table % sizeof tables] == ID_TABLE) merged_rows++;
    view_rows++;
    reach(kind_of_transaction(), "change");
    return next(transaction, table, key, row);
}

int mdb_drop(void *transaction, unsigned table, int deletes) {
    NEXT(mdb_drop);
    dropped++;
    if (phase == 0) phase = 1;
    reach(kind_of_transaction(), "change");
    return next(transaction, table, deletes);
}

int mdb_txn_commit(void *transaction) {
    NEXT(mdb_txn_commit);
    // A transaction that reads is committed, too, for the handles of tables: it writes nothing.
    is_committing = 1;
    const char *kind = kind_of_transaction();
    int status = next(transaction);
    if (!status && is_committing == 2) {
        reach(kind, "committed");
        if (has_generation && !has_format) phase = 2;
        else if (!dropped && phase == 2) phase = 0;
    }
    is_committing = 0;
    return status;
}

// MARK: System calls

// Of a call that is made, and fails all the same.
enum { LESS = -1, DONE = -2 };

// Whether a call fails, errno being set; LESS where it is to do less than asked.
static int fails(const char *call) {
    if (strcmp(call, fail_call)) return 0;
    uint64_t number = __atomic_add_fetch(&report->calls, 1, __ATOMIC_SEQ_CST);
    if (number < fail_first || (fail_count && number >= fail_first + fail_count)) return 0;
    report->injected++;
    if (fail_error < 0) return LESS;
    if (fails_done) return DONE;
    if (fail_error == EINTR && !fail_count && number >= fail_first + ENDLESS) {
        report->isWaiting = 1;
        die();
    }
    errno = fail_error;
    return 1;
}

static size_t shorter(size_t count) { return count > 1 ? count / 2 : count; }

static void will_write(int fd, off_t offset) {
    if (!is_committing || kind_of_file(fd) != DATA) return;
    is_committing = 2;
    reach(kind_of_transaction(), offset < 8192 ? "meta" : "pages");
}

#define FAIL(call, fd) int failure = kind_of_file(fd) ? fails(call) : 0; if (failure > 0) return -1

// What a call that was made tells.
static ssize_t told(int failure, ssize_t result) {
    if (failure != DONE) return result;
    errno = fail_error;
    return -1;
}

static ssize_t own_pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    will_write(fd, offset);
    FAIL("pwrite64", fd);
    return told(failure, syscall(SYS_pwrite64, fd, bytes, failure == LESS ? shorter(count) : count, offset));
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return own_pwrite(fd, bytes, count, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return own_pwrite(fd, bytes, count, offset); }

// The first half of the bytes, in as many vectors as they take.
static ssize_t write_vectors(int fd, const struct iovec *vectors, int count, int failure, off_t offset) {
    struct iovec some[1024];
    size_t total = 0;
    for (int i = 0; i < count; i++) total += vectors[i].iov_len;
    if (failure == LESS) {
        size_t left = shorter(total);
        int taken = 0;
        while (left && taken < 1024) {
            some[taken] = vectors[taken];
            if (some[taken].iov_len > left) some[taken].iov_len = left;
            left -= some[taken++].iov_len;
        }
        vectors = some, count = taken;
    }
    return told(
        failure, offset < 0 ? syscall(SYS_writev, fd, vectors, count) : syscall(SYS_pwritev, fd, vectors, count, offset, 0L));
}
ssize_t writev(int fd, const struct iovec *vectors, int count) {
    will_write(fd, 8192);
    FAIL("writev", fd);
    return write_vectors(fd, vectors, count, failure, -1);
}
ssize_t pwritev(int fd, const struct iovec *vectors, int count, off_t offset) {
    will_write(fd, offset);
    FAIL("pwritev", fd);
    return write_vectors(fd, vectors, count, failure, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (fd == STDOUT_FILENO) reach("record", "acknowledgement");
    if (kind_of_file(fd) == WITNESS) reach("record", "witness");
    FAIL("write", fd);
    return told(failure, syscall(SYS_write, fd, bytes, failure == LESS ? shorter(count) : count));
}

ssize_t read(int fd, void *bytes, size_t count) {
    FAIL("read", fd);
    return syscall(SYS_read, fd, bytes, failure == LESS ? shorter(count) : count);
}

static ssize_t own_pread(int fd, void *bytes, size_t count, off_t offset) {
    FAIL("pread64", fd);
    return syscall(SYS_pread64, fd, bytes, failure == LESS ? shorter(count) : count, offset);
}
ssize_t pread(int fd, void *bytes, size_t count, off_t offset) { return own_pread(fd, bytes, count, offset); }
ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) { return own_pread(fd, bytes, count, offset); }

static off_t own_lseek(int fd, off_t offset, int whence) {
    FAIL("lseek", fd);
    return syscall(SYS_lseek, fd, offset, whence);
}
off_t lseek(int fd, off_t offset, int whence) { return own_lseek(fd, offset, whence); }
off64_t lseek64(int fd, off64_t offset, int whence) { return own_lseek(fd, offset, whence); }

int fdatasync(int fd) {
    if (is_committing && kind_of_file(fd) == DATA) reach(kind_of_transaction(), "sync");
    FAIL("fdatasync", fd);
    return told(failure, syscall(SYS_fdatasync, fd));
}

int fsync(int fd) {
    FAIL("fsync", fd);
    return told(failure, syscall(SYS_fsync, fd));
}

static int own_ftruncate(int fd, off_t length) {
    FAIL("ftruncate", fd);
    return told(failure, syscall(SYS_ftruncate, fd, length));
}
int ftruncate(int fd, off_t length) { return own_ftruncate(fd, length); }
int ftruncate64(int fd, off64_t length) { return own_ftruncate(fd, length); }

int flock(int fd, int operation) {
    FAIL("flock", fd);
    return syscall(SYS_flock, fd, operation);
}

static void *own_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    int failure = kind_of_file(fd) ? fails("mmap") : 0;
    if (failure > 0) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return own_mmap(address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    return own_mmap(address, length, protection, flags, fd, offset);
}

static int kind_of_path(const char *path) {
    size_t length = strlen(directory);
    if (!length || strncmp(path, directory, length) || (path[length] && path[length] != '/')) return OTHER;
    return !path[length] ? DIRECTORY : strstr(path + length, "/data.mdb") ? DATA
        : strstr(path + length, "/log.tail") ? WITNESS : OWN;
}

static int own_open(int at, const char *path, int flags, mode_t mode) {
    int kind = kind_of_path(path);
    if (kind && fails("openat") > 0) return -1;
    int fd = syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && fd < DESCRIPTORS) files[fd] = kind;
    return fd;
}
#define OPEN(name, at, parameters, file) \
    int name parameters { \
        va_list list; \
        va_start(list, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; \
        va_end(list); \
        return own_open(at, file, flags, mode); \
    }
OPEN(open, AT_FDCWD, (const char *path, int flags, ...), path)
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), path)
OPEN(openat, at, (int at, const char *path, int flags, ...), path)
OPEN(openat64, at, (int at, const char *path, int flags, ...), path)

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) files[fd] = OTHER;
    return syscall(SYS_close, fd);
}

int mkdir(const char *path, mode_t mode) {
    int failure = kind_of_path(path) ? fails("mkdir") : 0;
    if (failure > 0) return -1;
    return told(failure, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

// Locks alone: LMDB's, on the lock file.
static int own_fcntl(int fd, int command, void *argument) {
    int is_lock = command == F_SETLK || command == F_SETLKW || command == F_GETLK;
    if (is_lock && kind_of_file(fd) && fails("fcntl") > 0) return -1;
    return syscall(SYS_fcntl, fd, command, argument);
}
#define FCNTL(name) \
    int name(int fd, int command, ...) { \
        va_list list; \
        va_start(list, command); \
        void *argument = va_arg(list, void *); \
        va_end(list); \
        return own_fcntl(fd, command, argument); \
    }
FCNTL(fcntl)
FCNTL(fcntl64)
