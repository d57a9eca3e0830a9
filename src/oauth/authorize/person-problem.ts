import { Problem, type ProblemCode } from '../../kernel/index.ts';
import { type Language, type Words, wordsIn } from '../../words/index.ts';

type Tell = (words: Words['consent']['problems']) => string;

interface Told {
  readonly status: number;
  readonly tell: Tell;
  /** For the app's developer: where it goes wrong. */
  readonly detail?: string;
  readonly language?: Language;
}

/** A refusal that a person reads on a page. Its message is in English, for whoever logs it. */
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

/** As the person reads it. What is thrown by others is left as it is. */
export function told(error: unknown, language: Language): unknown {
  if (error instanceof PersonProblem) return error.inLanguage(language);
  if (!(error instanceof Problem) || error.code !== 'form-expired') return error;
  return new PersonProblem(error.code, { status: error.status, tell: ({ formExpired }) => formExpired }).inLanguage(
    language,
  );
}
