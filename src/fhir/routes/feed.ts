import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Grant, mayWriteAnything, requireApi } from '../../access/index.ts';
import { type PracticeId, Problem, problemOf } from '../../kernel/index.ts';
import type { FhirVersion } from '../core/version.ts';
import type { BundleFeed } from '../ports.ts';
import { answerBatch, type BatchDeps, batchIn, requireShort } from './batch.ts';
import { type Authenticated, authenticate } from './bearer.ts';
import { JSON_TYPES, jsonExpected, LONGEST_BUNDLE, refuseOtherBodies, textOfBody, tooLong } from './bundle-body.ts';
import type { FhirDeps } from './deps.ts';
import { errorRenderer } from './errors.ts';
import { pairsOf } from './query.ts';
import { sendWritten, written } from './written.ts';

interface AuthorizedWriter {
  readonly grant: Grant;
  readonly practiceId: PracticeId;
}

/**
 * Registers `POST` of a Bundle to the base URL (FHIR R4 §3.1.0.11). Backend apps with write scopes send transactions
 * and batches; all others send batches of GET requests. The sender is authenticated before the body is read.
 */
export function feedRoute(scope: FastifyInstance, deps: FhirDeps, receiver: BundleFeed): void {
  const { version, dpopAlgs, endpoints } = deps;
  const render = errorRenderer(version, dpopAlgs);
  const writers = new WeakMap<FastifyRequest, AuthorizedWriter>();
  const readers = new WeakMap<FastifyRequest, Authenticated>();
  const batch: BatchDeps = { scope, base: endpoints.base };
  void scope.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer', bodyLimit: LONGEST_BUNDLE }, (_request, body, done) =>
      done(null, body),
    );
    own.addContentTypeParser('*', (_request, _payload, done) => done(jsonExpected()));
    own.post('/', {
      // Errors of the framework, such as a body that is too large, get the message for Bundles here instead of the one
      // for unknown routes.
      errorHandler: (error, request, reply) => render(toFeedProblem(error), request, reply),
      onRequest: async (request) => {
        // Only the parameters in the URL are read, because the body hasn't arrived yet and isn't a form.
        const sender = await authenticate(request, pairsOf(request), deps.tokens);
        if (mayWriteAnything(sender.grant))
          writers.set(request, await authorizeWriter(sender.grant, request, deps, receiver));
        else {
          requireApi(sender.grant, version.api);
          requireShort(request);
          readers.set(request, sender);
        }
        refuseOtherBodies(request);
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
  { feed, version }: { readonly feed: BundleFeed; readonly version: FhirVersion },
): Promise<FastifyReply> {
  if (writer === undefined) throw new Error('nobody sent it');
  if (!Buffer.isBuffer(request.body)) throw jsonExpected();
  const text = textOfBody(request.body);
  const { status, body } = await feed.receive({ ...writer, text, requestId: request.id });
  const sent = written(request, version, { body });
  return sendWritten(reply.code(status).header('cache-control', 'no-store'), sent);
}

/** Handles a batch of GET requests. Any other Bundle would write and is rejected. */
async function receiveBatch(
  sender: Authenticated,
  request: FastifyRequest,
  reply: FastifyReply,
  { feed, version, batch }: { readonly feed: BundleFeed; readonly version: FhirVersion; readonly batch: BatchDeps },
): Promise<FastifyReply> {
  if (!Buffer.isBuffer(request.body)) throw jsonExpected();
  const entries = batchIn(textOfBody(request.body));
  if (entries === undefined) {
    const problem = denied(WRITE_DENIED_MESSAGE);
    await feed.refused(sender.grant, request.id, problem);
    throw problem;
  }
  const body = await answerBatch(batch, sender, entries, { request, reply });
  return sendWritten(reply.header('cache-control', 'no-store'), written(request, version, { body }));
}

async function authorizeWriter(
  grant: Grant,
  request: FastifyRequest,
  deps: FhirDeps,
  feed: BundleFeed,
): Promise<AuthorizedWriter> {
  try {
    return { grant, practiceId: requireWriter(grant, deps.version) };
  } catch (error) {
    await feed.refused(grant, request.id, problemOf(error));
    throw error;
  }
}

function requireWriter(grant: Grant, version: FhirVersion): PracticeId {
  requireApi(grant, version.api);
  const [practiceId, ...others] = grant.practices;
  if (practiceId === undefined || others.length > 0) throw denied(ONE_PRACTICE_MESSAGE);
  return practiceId;
}

const denied = (message: string): Problem => new Problem('scope-denied', { status: 403, message });

const WRITE_DENIED_MESSAGE =
  'Only backend apps write, with scopes such as system/Observation.cud: ask for one that names each type, and have it registered. Other tokens are for reading: they send Bundles of type batch, with GET requests.';
const ONE_PRACTICE_MESSAGE =
  'An app writes at one practice, and this token is for several or for none. Register an app of its own for each practice.';

function toFeedProblem(error: unknown): Problem {
  const problem = problemOf(error);
  return problem.code === 'too-large' && !(error instanceof Problem) ? tooLong() : problem;
}
