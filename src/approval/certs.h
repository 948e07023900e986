/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certs: certificates 证照 and their states. Part of approval.h, which includes it.
 *
 * stage.certify issues what certificates.yaml of the package says for the items that passed: one document, or several on one day
 * (D60-2.4.3-(7): 同步核发). Each has its own number, the legal issuer 法定发证机关, the seal and on what authority it was used
 * (D60-4.15-p4), and the names that it merges 合并; all of that is in the event and never changes.
 *
 *   VALID     --certificate.suspended--> SUSPENDED   may not be used for the time being; nothing is issued on it
 *   SUSPENDED --certificate.restored-->  VALID
 *   VALID     --certificate.changed-->   CHANGED     a new certificate takes its place, with a number of its own
 *   VALID|SUSPENDED --certificate.revoked--> REVOKED 撤销、撤回、注销、吊销
 *   REVOKED   --certificate.reissued-->  REVOKED     stays so for ever; a new certificate takes its place, once what was applied for
 *                                                    again in its stage has passed
 *
 * By the head of the window, with reason and basis; also after the project has ended. No later stage gets a certificate while one
 * before it is SUSPENDED, or REVOKED and not issued anew.
 */
#ifndef CERTS_H
#define CERTS_H

#include "approval/approval.h"

#define CERT_STATUS_LIST(X)                 \
  X(CERT_VALID, "valid", "有效")            \
  X(CERT_CHANGED, "changed", "已变更")      \
  X(CERT_SUSPENDED, "suspended", "暂停使用") \
  X(CERT_REVOKED, "revoked", "已撤销")
typedef enum CertStatus {
  CERT_STATUS_UNSET,
#define X(name, text, label) name,
  CERT_STATUS_LIST(X)
#undef X
} CertStatus;
Str cert_status_text(CertStatus s);
Str cert_status_label(CertStatus s);

typedef struct Cert {
  Str number;             /* HLD-ZJ1-000001-1: stage, project, attempt; a second of one day …-1B; after a change …-1.2 */
  Str code, name;         /* of the package's list; code empty before there was one */
  Str issuer;             /* unit */
  Str seal, seal_basis;   /* on which the seal is used: document and article */
  Str clause;             /* on which it was merged or issued */
  const Str *merges; size_t merge_count;
  const Json *listed;     /* what was merged without a document of its own: [{"name","merges":[…],"clause"}]; NULL */
  int stage;
  int64_t at, seq;        /* of the event that issued it */
  CertStatus status;
  int64_t status_at, status_seq; /* of the last change of state; 0: none */
  Str status_by, reason, article;
  Str way;                /* REVOKED: 撤销, 撤回, 注销 or 吊销 */
  Str until;              /* SUSPENDED: planned end as day text, or empty */
  Str change;             /* what this one changed against the one before */
  Str replaces, replaced_by; /* numbers */
} Cert;

const Cert *cert_find(const Project *pr, Str number); /* NULL */
/* The one that a stage shows: its own certificate, in the newest version; NULL before it was issued. */
const Cert *cert_of_stage(const Project *pr, int stage);
/* Does a name, a known alias or a part of one mean this certificate? 规划用地许可证 is also 建设用地规划许可证 (X10). */
bool cert_named(const Policy *p, Str name, Str query);
/* Other names of a certificate, as the documents and laws have them. */
size_t cert_aliases(const Policy *p, Str name, const Str **out);

typedef struct CertRow {
  int64_t project, at, status_at;
  int stage;
  Str number, name, issuer, status, project_number, project_name, owner;
} CertRow;
/* q: part of a number, of a name or an alias, of the project or the owner; status: a text of the list; both may be empty. Newest first. */
Code certs_list(Cx *cx, Reader *rd, const Policy *p, Str q, Str status, size_t offset, size_t max, CertRow **out, size_t *n, int64_t *total);

#endif
