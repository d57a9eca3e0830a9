import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessGrant, mayWriteAnything, requireApiAdded } from '../../../access/index.ts';
import { type PracticeId, Problem, toProblem } from '../../../kernel/index.ts';
import type { FhirVersion } from '../../model/fhir-version.ts';
import type { BundleReceiver } from '../../ports.ts';
import type { FhirDeps } from '../deps.ts';
import { createErrorHandler } from '../errors.ts';
import { type AuthenticatedSender, authenticate } from '../request/bearer.ts';
import {
  bundleTooLarge,
  decodeBody,
  JSON_TYPES,
  jsonExpected,
  MAX_BUNDLE_BYTES,
  requireJsonBody,
} from '../request/bundle-body.ts';
import { readPairs } from '../request/query.ts';
import { formatResponse, sendFormatted } from '../response/send-response.ts';
import { type BatchDeps, handleBatch, parseBatch, requireSmallBatch } from './batch.ts';

interface AuthorizedWriter {
  readonly grant: AccessGrant;
  readonly practiceId: PracticeId;
}

/**
 * Registers `POST` of a Bundle to the base URL (FHIR R4 §3.1.0.11). Backend apps with write scopes send transactions
 * and batches. All other apps send batches of GET requests. The sender is authenticated before the body is read.
 */
export function feedRoute(scope: FastifyInstance, deps: FhirDeps, receiver: BundleReceiver): void {
  const { version, dpopAlgs, endpoints } = deps;
  const render = createErrorHandler(version, dpopAlgs);
  const writers = new WeakMap<FastifyRequest, AuthorizedWriter>();
  const readers = new WeakMap<FastifyRequest, AuthenticatedSender>();
  const batch: BatchDeps = { scope, base: endpoints.base };
  void scope.register(async (child) => {
    child.removeAllContentTypeParsers();
    child.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer', bodyLimit: MAX_BUNDLE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    child.addContentTypeParser('*', (_request, _payload, done) => done(jsonExpected()));
    child.post('/', {
      // Fastify rejects a body that is too large with an error of its own. It is replaced with one about the size of a
      // Bundle.
      errorHandler: (error, request, reply) => render(toFeedProblem(error), request, reply),
      onRequest: async (request) => {
        // Only the parameters in the URL are read: the body hasn't arrived yet, and it is a Bundle and not a form.
        const sender = await authenticate(request, readPairs(request), deps.tokens);
        if (mayWriteAnything(sender.grant))
          writers.set(request, await authorizeWriter(sender.grant, request, deps, receiver));
        else {
          requireApiAdded(sender.grant, version.api);
          requireSmallBatch(request);
          readers.set(request, sender);
        }
        requireJsonBody(request);
      },
      handler: (request, reply) => {
        const reader = readers.get(request);
        return reader === undefined
          ? receiveBundle(writers.get(request), request, reply, { feed: receiver, version })
          : receiveBatch(reader, request, reply, { feed: receiver, version, batch });
      },
    });
  });
}

async function receiveBundle(
  writer: AuthorizedWriter | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  { feed, version }: { readonly feed: BundleReceiver; readonly version: FhirVersion },
): Promise<FastifyReply> {
  if (writer === undefined) throw new Error('the sender of the Bundle is missing');
  if (!Buffer.isBuffer(request.body)) throw jsonExpected();
  const text = decodeBody(request.body);
  const { status, body } = await feed.receive({ ...writer, text, requestId: request.id });
  const sent = formatResponse(request, version, { body });
  return sendFormatted(reply.code(status).header('cache-control', 'no-store'), sent);
}

/** Handles a batch of GET requests. Any other Bundle would write data and is rejected. */
async function receiveBatch(
  sender: AuthenticatedSender,
  request: FastifyRequest,
  reply: FastifyReply,
  { feed, version, batch }: { readonly feed: BundleReceiver; readonly version: FhirVersion; readonly batch: BatchDeps },
): Promise<FastifyReply> {
  if (!Buffer.isBuffer(request.body)) throw jsonExpected();
  const entries = parseBatch(decodeBody(request.body));
  if (entries === undefined) {
    const problem = denied(WRITE_DENIED_MESSAGE);
    await feed.recordRejection(sender.grant, request.id, problem);
    throw problem;
  }
  const body = await handleBatch(batch, sender, entries, { request, reply });
  return sendFormatted(reply.header('cache-control', 'no-store'), formatResponse(request, version, { body }));
}

async function authorizeWriter(
  grant: AccessGrant,
  request: FastifyRequest,
  deps: FhirDeps,
  feed: BundleReceiver,
): Promise<AuthorizedWriter> {
  try {
    return { grant, practiceId: requireWriter(grant, deps.version) };
  } catch (error) {
    await feed.recordRejection(grant, request.id, toProblem(error));
    throw error;
  }
}

function requireWriter(grant: AccessGrant, version: FhirVersion): PracticeId {
  requireApiAdded(grant, version.api);
  const [practiceId, ...others] = grant.practices;
  if (practiceId === undefined || others.length > 0) throw denied(ONE_PRACTICE_MESSAGE);
  return practiceId;
}

const denied = (message: string): Problem => new Problem('scope-denied', { status: 403, message });

const WRITE_DENIED_MESSAGE =
  'Only backend apps with scopes such as system/Observation.cud can write. Register and request a scope for each type. With other tokens, send Bundles of type batch with GET requests.';
const ONE_PRACTICE_MESSAGE =
  'An app can write at one practice only, but this token is for several practices or none. Register a separate app for each practice.';

function toFeedProblem(error: unknown): Problem {
  const problem = toProblem(error);
  return problem.code === 'too-large' && !(error instanceof Problem) ? bundleTooLarge() : problem;
}
