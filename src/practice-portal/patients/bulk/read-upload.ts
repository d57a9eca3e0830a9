// `@fastify/multipart` is imported only for its types, which declare `parts` on Fastify's request.
import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { parseFields } from '../../parse-fields.ts';

/** Contents of the upload form. They are held in memory and never written to disk. */
export interface BulkUpload {
  readonly csrf: string | undefined;
  /** The uploaded file. undefined if no file was chosen or it didn't arrive completely. */
  readonly file: Buffer | undefined;
  readonly error: 'none' | 'tooLarge' | 'broken' | undefined;
}

/**
 * Reads a multipart form (RFC 7578) within the limits of the parser. It always reads the whole body, because responding
 * earlier would break the connection.
 */
export async function readUpload(request: FastifyRequest): Promise<BulkUpload> {
  if (!request.isMultipart()) return { csrf: parseFields(request.body)['csrf'], file: undefined, error: 'none' };
  let csrf: string | undefined;
  let file: Buffer | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') file = await part.toBuffer();
      else if (part.fieldname === 'csrf' && typeof part.value === 'string') csrf = part.value;
    }
  } catch (error) {
    const tooLarge = (error as { statusCode?: number }).statusCode === 413;
    return { csrf, file: undefined, error: tooLarge ? 'tooLarge' : 'broken' };
  }
  return file === undefined || file.length === 0
    ? { csrf, file: undefined, error: 'none' }
    : { csrf, file, error: undefined };
}
