/* Where a user's radiomill keeps what it must not forget: the ledgers, one for each key, by the key itself.
 */
#ifndef RAD_STATE_H
#define RAD_STATE_H

#include "../signer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_STATE_PATH = 4096 };

/* The folder: `given`, else $RADIOMILL_STATE, $XDG_STATE_HOME/radiomill, ~/.local/state/radiomill; made where
 * it is not there, for its owner alone. RAD_UNWRITABLE: it cannot be. */
rad_status rad_state_folder(const char *given, char folder[RAD_STATE_PATH], rad_error *error) RAD_MUST_CHECK;

/* The ledger of a key, whatever file the key lies in: FOLDER/<public key>.ledger. */
rad_status rad_state_ledger(const char *folder, const unsigned char key[RAD_KEY_BYTES],
                            char path[RAD_STATE_PATH], rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
