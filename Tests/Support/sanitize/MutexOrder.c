// Lets ThreadSanitizer see what the slow paths of Swift's Mutex order.
//
// The fast paths are compiled into the caller, and so are instrumented. A lock that another thread holds, and the unlocking of
// one that others wait for, go through libswiftSynchronization, which the toolchain ships without instrumentation: without
// these functions every pair of contended sections is reported as a race. They stand before the library's own, call them,
// and tell of the order that they make. Linked into test programs by Tests/Support/sanitize/sanitize, and into nothing else.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdbool.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Synchronization._MutexHandle._lockSlow(UInt32), ._tryLockSlow() -> Bool and ._unlockSlow() of Swift 6.3 on Linux.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void Lock(uint32_t thread, SELF void *handle);
typedef SWIFT bool TryLock(SELF void *handle);
typedef SWIFT void Unlock(SELF void *handle);

Lock lock_slow __asm__(LOCK);
TryLock try_lock_slow __asm__(TRY_LOCK);
Unlock unlock_slow __asm__(UNLOCK);

static Lock *real_lock;
static TryLock *real_try_lock;
static Unlock *real_unlock;

__attribute__((constructor)) static void find(void) {
    real_lock = (Lock *)dlsym(RTLD_NEXT, LOCK);
    real_try_lock = (TryLock *)dlsym(RTLD_NEXT, TRY_LOCK);
    real_unlock = (Unlock *)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
    real_lock(thread, handle);
    __tsan_acquire(handle);
}

SWIFT bool try_lock_slow(SELF void *handle) {
    bool locked = real_try_lock(handle);
    if (locked) __tsan_acquire(handle);
    return locked;
}

SWIFT void unlock_slow(SELF void *handle) {
    __tsan_release(handle);
    real_unlock(handle);
}
