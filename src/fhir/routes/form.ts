import type { FastifyRequest } from 'fastify';

/** Without a body there is nothing that could be of another kind. */
export const isForm = ({ body, headers }: FastifyRequest): boolean =>
  body === undefined || body === null || /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
