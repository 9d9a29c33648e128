#include "records/pseudonym.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

struct pseudonym_key {
    size_t len;
    unsigned char bytes[PSEUDONYM_KEY_MAX + 1];
};

/* The hash as it stands after domain and NUL; each value goes on from a copy. */
struct pseudonym {
    crypto_auth_hmacsha256_state state;
};

static enum status check_file(int fd, const char *shown, struct error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot read the key file %s", shown);
    if (!S_ISREG(st.st_mode))
        return error_set(err, STATUS_USAGE, "the key file %s is no regular file", shown);
    if ((st.st_mode & 0177) != 0)
        return error_set(err, STATUS_USAGE,
                         "the key file %s is open to others (mode %03o): chmod 600 it", shown,
                         (unsigned)(st.st_mode & 0777));
    return STATUS_OK;
}

static enum status read_key(int fd, struct pseudonym_key *key, const char *shown, struct error *err)
{
    while (key->len < sizeof key->bytes) {
        ssize_t n = read(fd, key->bytes + key->len, sizeof key->bytes - key->len);
        if (n == 0)
            break;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, STATUS_IO, errno, "cannot read the key file %s", shown);
        key->len += (size_t)n;
    }
    if (key->len < PSEUDONYM_KEY_MIN || key->len > PSEUDONYM_KEY_MAX)
        return error_set(err, STATUS_USAGE,
                         "the key file %s must hold %d to %d bytes; make one with: "
                         "(umask 077; head -c 32 /dev/urandom > FILE)",
                         shown, PSEUDONYM_KEY_MIN, PSEUDONYM_KEY_MAX);
    return STATUS_OK;
}

enum status pseudonym_key_read(const char *path, struct pseudonym_key **key, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(path));
    *key = NULL;
    if (sodium_init() < 0)
        return error_set(err, STATUS_IO, "libsodium cannot be used");
    /* Not to wait for a writer if it is a FIFO. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set_errno(err, STATUS_USAGE, errno, "cannot open the key file %s", shown);
    struct pseudonym_key *made = calloc(1, sizeof *made);
    enum status s = made == NULL ? error_no_memory(err) : check_file(fd, shown, err);
    if (s == STATUS_OK)
        s = read_key(fd, made, shown, err);
    (void)close(fd); /* only read from */
    if (s != STATUS_OK) {
        pseudonym_key_free(made);
        return s;
    }
    *key = made;
    return STATUS_OK;
}

void pseudonym_key_free(struct pseudonym_key *key)
{
    if (key == NULL)
        return;
    sodium_memzero(key, sizeof *key);
    free(key);
}

enum status pseudonym_new(const struct pseudonym_key *key, const char *domain,
                          struct pseudonym **pseudonym, struct error *err)
{
    *pseudonym = malloc(sizeof **pseudonym);
    if (*pseudonym == NULL)
        return error_no_memory(err);
    crypto_auth_hmacsha256_state *state = &(*pseudonym)->state;
    /* These two cannot fail. */
    (void)crypto_auth_hmacsha256_init(state, key->bytes, key->len);
    (void)crypto_auth_hmacsha256_update(state, (const unsigned char *)domain, strlen(domain) + 1);
    return STATUS_OK;
}

void pseudonym_free(struct pseudonym *pseudonym)
{
    if (pseudonym == NULL)
        return;
    sodium_memzero(pseudonym, sizeof *pseudonym);
    free(pseudonym);
}

void pseudonym_text(const struct pseudonym *pseudonym, struct slice value, char out[PSEUDONYM_LEN])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state = pseudonym->state;
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)value.data, value.len);
    (void)crypto_auth_hmacsha256_final(&state, hash);
    for (size_t i = 0; i < PSEUDONYM_LEN / 2; i++) {
        out[2 * i] = hex[hash[i] >> 4];
        out[2 * i + 1] = hex[hash[i] & 15];
    }
    sodium_memzero(&state, sizeof state);
}
