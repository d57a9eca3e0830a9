import type { SeededRandom } from '../../seeded-random.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import { type EncodedRequest, encodeDraft, type RequestDraft } from '../request-draft.ts';
import { mutateEncoded } from './encoded.ts';
import { mutateFields } from './fields.ts';
import { mutateJson } from './json.ts';
import { mutateRedirect } from './redirect.ts';
import { mutateBody, mutateContentType, mutateEndpoint, mutateHeader, mutateMethod, mutatePath } from './request.ts';

type WeightedMutation = (draft: RequestDraft, random: SeededRandom, world: OAuthWorld) => void;

const MUTATIONS: readonly (readonly [share: number, spoil: WeightedMutation])[] = [
  [10, mutateFields],
  [4, mutateRedirect],
  [4, mutateJson],
  [3, mutateHeader],
  [2, mutatePath],
  [1, mutateMethod],
  [1, mutateContentType],
  [1, mutateEndpoint],
  [1, mutateBody],
];
const WEIGHTED_MUTATIONS = MUTATIONS.flatMap(([share, mutate]) => Array<WeightedMutation>(share).fill(mutate));

/**
 * Mutates a request, some more than once. Others stay valid, so that later requests have values from their responses.
 */
export function mutateRequest(draft: RequestDraft, random: SeededRandom, world: OAuthWorld): EncodedRequest {
  if (random.chance(0.4)) return encodeDraft(draft);
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time++) random.pick(WEIGHTED_MUTATIONS)(draft, random, world);
  const wire = encodeDraft(draft);
  if (random.chance(0.15)) mutateEncoded(wire, random);
  return wire;
}
