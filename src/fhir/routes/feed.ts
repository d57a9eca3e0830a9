import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Grant, mayWriteAnything, requireApi } from '../../access/index.ts';
import { type PracticeId, Problem, problemOf } from '../../kernel/index.ts';
import type { FhirVersion } from '../core/version.ts';
import type { BundleFeed } from '../ports.ts';
import { authenticate } from './bearer.ts';
import { JSON_TYPES, jsonExpected, LONGEST_BUNDLE, refuseOtherBodies, textOfBody, tooLong } from './bundle-body.ts';
import type { FhirDeps } from './deps.ts';
import { errorRenderer } from './errors.ts';
import { pairsOf } from './query.ts';
import { sendWritten, written } from './written.ts';

interface Writer {
  readonly grant: Grant;
  readonly practiceId: PracticeId;
}

/** FHIR R4 §3.1.0.11, transaction: `POST` of a Bundle to the base, by backend apps. Nothing is read before it is known who sends it. */
export function feedRoute(scope: FastifyInstance, deps: FhirDeps, feed: BundleFeed): void {
  const { version, dpopAlgs } = deps;
  const render = errorRenderer(version, dpopAlgs);
  const writers = new WeakMap<FastifyRequest, Writer>();
  void scope.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer', bodyLimit: LONGEST_BUNDLE }, (_request, body, done) =>
      done(null, body),
    );
    own.addContentTypeParser('*', (_request, _payload, done) => done(jsonExpected()));
    own.post('/', {
      // What the framework refuses (a body that is too long) is refused here, not as what this API does not take.
      errorHandler: (error, request, reply) => render(refusalOf(error), request, reply),
      onRequest: async (request) => {
        writers.set(request, await writerOf(request, deps, feed));
        refuseOtherBodies(request);
      },
      handler: (request, reply) => receive(writers.get(request), request, reply, { feed, version }),
    });
  });
}

async function receive(
  writer: Writer | undefined,
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

async function writerOf(request: FastifyRequest, deps: FhirDeps, feed: BundleFeed): Promise<Writer> {
  // Of the address alone, before there is a body: that is no form.
  const { grant } = await authenticate(request, pairsOf(request), deps.tokens);
  try {
    return { grant, practiceId: requireWriter(grant, deps.version) };
  } catch (error) {
    await feed.refused(grant, request.id, problemOf(error));
    throw error;
  }
}

function requireWriter(grant: Grant, version: FhirVersion): PracticeId {
  requireApi(grant, version.api);
  if (!mayWriteAnything(grant)) throw denied(WHO_WRITES);
  const [practiceId, ...others] = grant.practices;
  if (practiceId === undefined || others.length > 0) throw denied(ONE_PRACTICE);
  return practiceId;
}

const denied = (message: string): Problem => new Problem('scope-denied', { status: 403, message });

const WHO_WRITES =
  'Only backend apps write, with scopes such as system/Observation.cud: ask for one that names each type, and have it registered. Tokens of patients and staff are for reading.';
const ONE_PRACTICE =
  'An app writes at one practice, and this token is for several or for none. Register an app of its own for each practice.';

function refusalOf(error: unknown): Problem {
  const problem = problemOf(error);
  return problem.code === 'too-large' && !(error instanceof Problem) ? tooLong() : problem;
}
