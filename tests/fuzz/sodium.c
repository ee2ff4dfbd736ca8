/* Every signature holds: what is behind it is to be reached. (The linker puts this in the place of
 * libsodium's.) */
#include <stddef.h>

int fuzz_signature_holds(const unsigned char *signature, const unsigned char *message,
                         unsigned long long length, const unsigned char *key);

int fuzz_signature_holds(const unsigned char *signature, const unsigned char *message,
                         unsigned long long length, const unsigned char *key) {
    return signature && message && length && key ? 0 : -1;
}
