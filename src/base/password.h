/* Password: hashes of passwords, by yescrypt of Debian's libcrypt, which is on every system, and is what its
 * own accounts use; loaded at the first use. Both take their time, on purpose: call them from a worker
 * thread. */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/err.h"

enum {
  PASSWORD_MAX = 511,       /* bytes; what libcrypt takes */
  PASSWORD_HASH_BYTES = 384 /* with the zero at the end */
};

/* cost: 1 to 11, each twice the one before in time and memory; 0: libcrypt's own, 5. False: too long, holds a
 * zero byte, libcrypt is missing or has no randomness. */
MUST bool password_hash(Slice password, unsigned cost, char out[PASSWORD_HASH_BYTES], Err *e);
/* Of any hash that libcrypt knows (yescrypt, bcrypt, sha512crypt ...). *same: they belong together; false
 * also for what is no hash. */
MUST bool password_verify(Slice password, Slice hash, bool *same, Err *e);

#endif
