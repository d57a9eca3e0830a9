import { type Executor, statement } from '../database/index.ts';

const insert = statement(
  'erasure.insert',
  {},
  `insert into erasure (erasure_id, erased_at, record_id, approval_request_id, certificate, digest)
   values ($1, $2, $3, $4, $5, $6)`,
);
const COLUMNS = { erasure_id: 'uuid', erased_at: 'timestamptz', certificate: 'text', digest: 'bytea' } as const;
const find = statement(
  'erasure.find',
  COLUMNS,
  `select erasure_id, erased_at, certificate, digest from erasure where erasure_id = $1 or approval_request_id = $1`,
);

/** Stores the certificate of an erasure. */
export async function insertErasure(
  tx: Executor,
  erasure: {
    readonly erasureId: string;
    readonly erasedAt: Date;
    readonly recordId: number;
    readonly approvalRequestId: string | undefined;
    readonly certificate: string;
    readonly digest: Buffer;
  },
): Promise<void> {
  const { erasureId, erasedAt, recordId, approvalRequestId, certificate, digest } = erasure;
  await tx.query(insert, [erasureId, erasedAt, recordId, approvalRequestId ?? null, certificate, digest]);
}

export interface StoredCertificate {
  readonly erasureId: string;
  readonly erasedAt: Date;
  readonly certificate: string;
  /** SHA-256 of the certificate, in hex. */
  readonly digest: string;
}

/** Finds the certificate of an erasure. @param id id of the erasure or of the request that was approved */
export async function findCertificate(db: Executor, id: string): Promise<StoredCertificate | undefined> {
  const [row] = await db.query(find, [id]);
  if (row === undefined) return undefined;
  const { erasure_id, erased_at, certificate, digest } = row;
  return { erasureId: erasure_id, erasedAt: erased_at, certificate, digest: digest.toString('hex') };
}
