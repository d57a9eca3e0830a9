import type { PracticeId } from '../kernel/index.ts';
import type { Language } from './language.ts';

/** Whose pages they are, to the person who reads them. */
export interface Brand {
  readonly name: string;
  /** Path of its picture. */
  readonly logo?: string | undefined;
  /** Path of the stylesheet that sets its color. */
  readonly style?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly website?: string | undefined;
}

/** What stands around the main part of each page. */
export interface Frame {
  readonly language: Language;
  readonly brand: Brand;
  /** Path that shows this page again, in another language; undefined: it can't be shown again. */
  readonly here: string | undefined;
}

/** Of a request, what a frame is made of. */
export interface Framed {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly cookie?: string | undefined; readonly 'accept-language'?: string | undefined };
}

export interface Framing {
  /** With the operator's brand. @param here for a page that answers a form: where it can be seen again */
  plain(request: Framed, here?: string): Frame;
  /** For staff, who are written to in English. */
  forStaff(request: Framed): Frame;
  /** With the brand of a practice. */
  ofPractice(request: Framed, practiceId: PracticeId, here?: string): Promise<Frame>;
}
