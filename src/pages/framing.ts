import type { PracticeId } from '../kernel/index.ts';
import { type Brand, type Framed, type Framing, languageOf } from '../words/index.ts';

export interface FramingDeps {
  /** Name of the whole installation. */
  readonly operator: string;
  brandOf(practiceId: PracticeId): Promise<Brand | undefined>;
}

/** Pages in the language of whoever reads them, and with the brand of whose they are. */
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

/** What a form was answered with can't be asked for again. */
const addressOf = ({ method, url }: Framed): string | undefined => (method === 'GET' ? url : undefined);
