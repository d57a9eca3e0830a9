import type { FastifyRequest } from 'fastify';
import type { Guard } from './guard.ts';

/** What anybody may ask below `/api/developer`: the sandbox is there to be tried before one signs up. */
const OPEN = ['/api/developer/explorer', '/api/developer/test-patients'];

/** Before a request is even looked at: whoever has no business in a part of the API learns nothing of its forms. */
export async function gate(guard: Guard, request: FastifyRequest): Promise<void> {
  const { url = '' } = request.routeOptions;
  const below = (path: string): boolean => url === path || url.startsWith(`${path}/`);
  if (url.startsWith('/api/review/')) await guard.reviewer(request);
  else if (url.startsWith('/api/developer/') && !OPEN.some(below)) await guard.developer(request);
}
