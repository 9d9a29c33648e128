/* pseudonym.h - names of persons replaced by keyed hashes (bellpipe(7), privacy).
 *
 * A pseudonym is the first 128 bits, in lower hex, of HMAC-SHA-256 over domain, NUL, value.  The
 * same key, domain and value give the same pseudonym in every run; without the key nobody can
 * try names out.
 *
 *     struct pseudonym_key *key;
 *     s = pseudonym_key_read("person.key", &key, err);
 *     struct pseudonym *person;
 *     s = pseudonym_new(key, "person", &person, err);    // the key may be freed now
 *     pseudonym_text(person, value, out);                // any thread
 */
#ifndef BELL_RECORDS_PSEUDONYM_H
#define BELL_RECORDS_PSEUDONYM_H

#include "base/error.h"
#include "base/slice.h"

enum { PSEUDONYM_LEN = 32, PSEUDONYM_KEY_MIN = 32, PSEUDONYM_KEY_MAX = 4096 };

struct pseudonym_key;
struct pseudonym;

/* Reads a key: all bytes of a regular file that nobody but its owner may touch (mode 600 or
 * stricter).  Anything else: STATUS_USAGE.  The bytes are wiped by pseudonym_key_free(). */
enum status pseudonym_key_read(const char *path, struct pseudonym_key **key,
                               struct error *err) BELL_CHECK;
void pseudonym_key_free(struct pseudonym_key *key);

enum status pseudonym_new(const struct pseudonym_key *key, const char *domain,
                          struct pseudonym **pseudonym, struct error *err) BELL_CHECK;
void pseudonym_free(struct pseudonym *pseudonym);
/* No NUL behind it. */
void pseudonym_text(const struct pseudonym *pseudonym, struct slice value, char out[PSEUDONYM_LEN]);

#endif
