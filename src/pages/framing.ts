import type { PracticeId } from '../kernel/index.ts';
import { type Brand, type Framed, type Framing, languageOf } from '../words/index.ts';

export interface FramingDeps {
  /** Name of the whole installation. */
  readonly operator: string;
  brandOf(practiceId: PracticeId): Promise<Brand | undefined>;
}

/** Creates page contexts: the language is the reader's, and the brand is the practice's or the operator's. */
export function openFraming({ operator, brandOf }: FramingDeps): Framing {
  const own: Brand = { name: operator };
  const plain: Framing['plain'] = (request, here) => ({
    language: languageOf(request.headers),
    brand: own,
    here: here ?? addressOf(request),
  });
  return {
    plain,
    forStaff: (request) => ({ ...plain(request), language: 'en', here: undefined }),
    async ofPractice(request, practiceId, here) {
      return { ...plain(request, here), brand: (await brandOf(practiceId)) ?? own };
    },
  };
}

/** Address for the language links. After a POST there is none, because its page can't be requested again. */
const addressOf = ({ method, url }: Framed): string | undefined => (method === 'GET' ? url : undefined);
