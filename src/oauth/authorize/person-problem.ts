import { Problem, type ProblemCode } from '../../kernel/index.ts';
import { type Language, type Words, wordsIn } from '../../words/index.ts';

type Tell = (words: Words['consent']['problems']) => string;

interface Told {
  readonly status: number;
  readonly tell: Tell;
  /** Detail for the app's developer, for the activity log. */
  readonly detail?: string;
  readonly language?: Language;
}

/**
 * An error that a person reads on a page. The message is English until `inLanguage` translates it, because it is also
 * logged.
 */
export class PersonProblem extends Problem {
  readonly #tell: Tell;

  constructor(code: ProblemCode, { status, tell, detail, language = 'en' }: Told) {
    const message = tell(wordsIn(language).consent.problems);
    super(code, { status, message, language, ...(detail === undefined ? {} : { detail }) });
    this.#tell = tell;
  }

  inLanguage(language: Language): PersonProblem {
    const { code, status } = this;
    return new PersonProblem(code, {
      status,
      tell: this.#tell,
      language,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    });
  }
}

/** Translates an error for the person. Errors that aren't meant for people are returned unchanged. */
export function told(error: unknown, language: Language): unknown {
  if (error instanceof PersonProblem) return error.inLanguage(language);
  if (!(error instanceof Problem) || error.code !== 'form-expired') return error;
  return new PersonProblem(error.code, { status: error.status, tell: ({ formExpired }) => formExpired }).inLanguage(
    language,
  );
}
