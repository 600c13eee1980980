#include "base/password.h"

#include <crypt.h>
#include <dlfcn.h>
#include <string.h>

#include "base/mem.h"

/* libcrypt's functions, by its own types. */
typedef struct Library {
  void *handle;
  __typeof__(&crypt_rn) crypt;
  __typeof__(&crypt_gensalt_rn) salt;
} Library;

static bool library_load(Library *lib, Err *e) {
  lib->handle = dlopen("libcrypt.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!lib->handle)
    return err_set(e, ERR_USAGE, "Hashes of passwords need libcrypt (Debian: libcrypt1): %s", dlerror());
  __extension__({
    lib->crypt = (__typeof__(lib->crypt))dlsym(lib->handle, "crypt_rn");
    lib->salt = (__typeof__(lib->salt))dlsym(lib->handle, "crypt_gensalt_rn");
  });
  if (lib->crypt && lib->salt) return true;
  dlclose(lib->handle);
  return err_set(e, ERR_USAGE, "This libcrypt has no crypt_rn.");
}

/* The compiler must not think that nobody reads it afterwards. */
static void wipe(void *p, size_t n) {
  memset(p, 0, n);
  __asm__ volatile("" : : "r"(p) : "memory");
}

/* crypt(password, setting) into out; false when libcrypt does not know such a setting. */
static bool run(const Library *lib, Slice password, const char *setting, char out[PASSWORD_HASH_BYTES],
                Err *e) {
  char text[PASSWORD_MAX + 1];
  struct crypt_data *data = mem_zalloc(sizeof *data);
  if (!data) return err_oom(e);
  memcpy(text, password.p, password.n);
  text[password.n] = 0;
  const char *hash = lib->crypt(text, setting, data, sizeof *data);
  size_t n = hash ? strlen(hash) : 0;
  bool good = n && n < PASSWORD_HASH_BYTES;
  if (good) memcpy(out, hash, n + 1);
  wipe(text, sizeof text);
  wipe(data, sizeof *data);
  mem_free(data);
  return good || err_set(e, ERR_USAGE, "libcrypt does not know this kind of hash.");
}

static bool check(Slice password, Err *e) {
  if (password.n > PASSWORD_MAX)
    return err_set(e, ERR_VALIDATION, "A password has at most %d bytes.", PASSWORD_MAX);
  if (memchr(password.p, 0, password.n))
    return err_set(e, ERR_VALIDATION, "A password cannot hold a zero byte.");
  return true;
}

bool password_hash(Slice password, unsigned cost, char out[PASSWORD_HASH_BYTES], Err *e) {
  Library lib;
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  if (!check(password, e) || !library_load(&lib, e)) return false;
  bool good = lib.salt("$y$", cost, NULL, 0, setting, sizeof setting) != NULL ||
              err_set(e, ERR_USAGE, "libcrypt makes no yescrypt hash of cost %u.", cost);
  good = good && run(&lib, password, setting, out, e);
  dlclose(lib.handle);
  return good;
}

/* In a time that does not tell where they differ. */
static bool equal(const char *a, const char *b, size_t n) {
  unsigned char difference = 0;
  for (size_t i = 0; i < n; i++) difference |= (unsigned char)(a[i] ^ b[i]);
  return difference == 0;
}

bool password_verify(Slice password, Slice hash, bool *same, Err *e) {
  Library lib;
  char setting[PASSWORD_HASH_BYTES], made[PASSWORD_HASH_BYTES];
  Err unknown;
  *same = false;
  if (password.n > PASSWORD_MAX || memchr(password.p, 0, password.n)) return true; /* nobody has such a one */
  if (!hash.n || hash.n >= PASSWORD_HASH_BYTES || memchr(hash.p, 0, hash.n)) return true;
  if (!library_load(&lib, e)) return false;
  memcpy(setting, hash.p, hash.n);
  setting[hash.n] = 0;
  bool known = run(&lib, password, setting, made, &unknown);
  dlclose(lib.handle);
  if (!known && unknown.code == ERR_OUT_OF_MEMORY) return err_oom(e);
  *same = known && strlen(made) == hash.n && equal(made, setting, hash.n);
  return true;
}
