/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof: what lets somebody outside check the journal. A Merkle tree (RFC 6962 §2.1) over the leaves of the
 * events by position, heads of it signed at times (checkpoints 检查点), and receipts 凭证: an event with its way
 * up to a signed head. docs/proofs.md has the formats for whoever writes a verifier.
 *
 * Beside journal.db, in the folder proof/ of the store:
 *   keys             public keys of the signers, past ones with the day they ended
 *   checkpoint/N     the signed head over N events, N in 16 digits; never changed
 *   tree             hashes of complete subtrees of 256 events and more, in post-order: a cache, 0.25 bytes an
 *                    event; written only when a checkpoint is signed
 * Private keys are in a file of their own outside the store.
 */
#ifndef PROOF_H
#define PROOF_H

#include "journal/journal.h"

/* ---- the tree: pure functions (merkle.c) ---------------------------------------------------------- */

enum { PROOF_MAX = 64 };
typedef struct Proof {
  Hash list[PROOF_MAX];
  size_t count;
} Proof;

/* Hashes of complete subtrees: the index-th of its level covers the leaves index·2^level … (index+1)·2^level-1. */
typedef struct MerkleSource {
  HashSuite suite;
  Code (*node)(Cx *cx, void *arg, int level, int64_t index, Hash *out);
  void *arg;
} MerkleSource;

Hash merkle_leaf(HashSuite suite, Str text);
Hash merkle_node(HashSuite suite, Hash left, Hash right);
Code merkle_root(Cx *cx, const MerkleSource *s, int64_t size, Hash *out); /* of the first `size` leaves */
/* 0 ≤ index < size, else INVALID. */
Code merkle_inclusion(Cx *cx, const MerkleSource *s, int64_t index, int64_t size, Proof *out);
/* 1 ≤ old ≤ size, else INVALID; empty when equal. */
Code merkle_consistency(Cx *cx, const MerkleSource *s, int64_t old, int64_t size, Proof *out);
/* Checking, by the other algorithm of RFC 9162 §2.1.3.2 and §2.1.4.2: what the above made is not trusted. */
bool merkle_included(HashSuite suite, Hash leaf, int64_t index, int64_t size, const Proof *p, Hash root);
bool merkle_consistent(HashSuite suite, int64_t old, Hash old_root, int64_t size, Hash root, const Proof *p);

/* Leaves one after the other, the root at any time: 64 hashes at most are kept. */
typedef struct MerkleStack {
  HashSuite suite;
  int64_t size;
  Hash peak[64]; /* peak[k]: of 2^k leaves, where bit k of size is set */
} MerkleStack;
void merkle_push(MerkleStack *m, Hash leaf);
Hash merkle_stack_root(const MerkleStack *m); /* of the empty tree: the hash of nothing */

/* ---- keys and signed heads (note.c, keys.c) ------------------------------------------------------- */

typedef struct NoteKey {
  HashSuite suite;     /* SM2 with SM3, or Ed25519 */
  Str name;            /* also the origin line: which log this is; without spaces and '+' */
  uint8_t id[4];
  Str pub;             /* 65 bytes 04‖X‖Y, or 32 */
  Str from, to;        /* 2026-11-25T09:30:00+08:00; to is empty while it is in force */
  Str secret;          /* PKCS#8, only in the private file */
} NoteKey;
typedef struct Keys {
  NoteKey list[32];
  size_t count;
} Keys;

Code keys_read(Cx *cx, Str text, Keys *out); /* INVALID names the line */
Str keys_text(Arena *mem, const Keys *k, bool secret);
Str key_text(Arena *mem, const NoteKey *k); /* name+id+key */
/* Adds a fresh pair; the one in force ends now and loses its private half. LIMIT beyond 32. */
Code keys_add(Cx *cx, HashSuite suite, Str name, Keys *k);
const NoteKey *keys_current(const Keys *k);

typedef struct Checkpoint {
  Str origin;
  int64_t size;
  Hash root;
  Str time;            /* when it was signed; part of what is signed */
  Str text;            /* the whole note */
  const NoteKey *key;  /* whose signature was found good; NULL when nobody has looked */
} Checkpoint;

/* Signs origin, size, root and time with the key in force. */
Code checkpoint_sign(Cx *cx, const Keys *k, int64_t size, Hash root, Checkpoint *out);
/* Strict about the form. INVALID says what is wrong. keys NULL: the signature is not looked at. Otherwise one
 * of the keys must have signed, in its time. */
Code checkpoint_read(Cx *cx, const Keys *keys, Str text, Checkpoint *out);
Str base64_text(Arena *mem, Str bytes);           /* RFC 4648 §4, padded */
bool base64_bytes(Arena *mem, Str text, Str *out); /* the one canonical spelling only */

/* ---- the store's heads (checkpoint.c) ------------------------------------------------------------- */

/* Newest first, at most max, only those smaller than `below` (0: all); checked for their form only. None is no
 * fault. An empty one stands behind the last. */
Code checkpoints_list(Cx *cx, Str dir, int64_t below, size_t max, Checkpoint **out, size_t *n);
Code checkpoint_get(Cx *cx, Str dir, int64_t size, Checkpoint *out); /* NOT_FOUND */
/* Public keys kept in the store; none when nothing was signed yet. */
Code checkpoint_keys(Cx *cx, Str dir, Keys *out);

/* Signs the journal as it stands: every event since the last head is read again and its leaf made anew, and the
 * last head must follow from what is there. Works beside a running server. BROKEN when the journal is shorter
 * than the last head or differs from it: nothing is signed. *fresh is false when nothing happened since. */
Code checkpoint_make(Cx *cx, Str dir, const Keys *keys, Checkpoint *out, bool *fresh);

/* ---- proofs from the store (log.c) ---------------------------------------------------------------- */

typedef struct Log Log; /* the journal as a tree; one thread */
Code log_open(Cx *cx, Str dir, Log **out);
void log_close_p(Log **log);
HashSuite log_suite(const Log *log);
Code log_size(Cx *cx, Log *log, int64_t *out);
const MerkleSource *log_source(const Log *log);

/* The file for whoever holds a receipt: event, way, newest head. NOT_FOUND while no head covers it. The way is
 * checked before it is given out. */
Code receipt_text(Cx *cx, Str dir, const Event *e, Str *out);
/* The file that shows that `size` continues `old`; both are heads of the store. */
Code consistency_text(Cx *cx, Str dir, int64_t old, int64_t size, Str *out);
/* Reads such files again and checks them with public keys. INVALID says what is wrong. */
Code receipt_check(Cx *cx, const Keys *keys, Str text, Str *event, Checkpoint *head);
Code consistency_check(Cx *cx, const Keys *keys, Str text, Checkpoint *old, Checkpoint *head);

/* ---- as QR codes 二维码 (qrtext.c) ------------------------------------------------------------------ */

/* The text of one code: letters that a code keeps in 5.5 bits each. 2 132 of them are a code of 125 × 125 modules, which
 * telephones still read from a screen or from 5 cm of paper. */
enum { QR_CHARS = 2132, QR_PARTS = 9 };
typedef struct QrText {
  Str part[QR_PARTS]; /* "YICHUANG1/1/2/…", none longer than QR_CHARS */
  size_t count;
} QrText;
/* A file of the above, whole: what its codes prove is what the file proves. LIMIT when nine do not hold it. */
Code qrtext_make(Cx *cx, Str file, QrText *out);
/* The file again, from the texts of its codes, one a line, in any order. INVALID: one is missing or was misread. */
Code qrtext_read(Cx *cx, Str text, Str *file);

/* ---- the witness (witness.c) ---------------------------------------------------------------------- */

/* Takes a new head only when it continues the kept one (NULL: the first is taken as it is): from a file, which is
 * a head or a proof, or from a store. BROKEN, with the evidence, for an older head (an old backup), for two heads
 * of one size (a fork) and for a journal that was rewritten; INVALID for files that prove nothing. */
Code witness_file(Cx *cx, const Keys *keys, const Checkpoint *kept, Str text, Checkpoint *head);
Code witness_store(Cx *cx, const Keys *keys, const Checkpoint *kept, Str dir, Checkpoint *head);

#endif
