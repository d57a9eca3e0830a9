import { getMessages, type Language, type Messages } from '../../i18n/index.ts';
import { Problem, type ProblemCode } from '../../kernel/index.ts';

type ConsentProblemMessage = (messages: Messages['consent']['problems']) => string;

interface PersonProblemOptions {
  readonly status: number;
  readonly message: ConsentProblemMessage;
  /** Technical detail for the activity log, which the app's developer reads. */
  readonly detail?: string;
  readonly language?: Language;
}

/**
 * An error that a person reads on a page. Its message is English, because it is also logged. `inLanguage` translates
 * it.
 */
export class PersonProblem extends Problem {
  readonly #tell: ConsentProblemMessage;

  constructor(code: ProblemCode, { status, message: tell, detail, language = 'en' }: PersonProblemOptions) {
    const message = tell(getMessages(language).consent.problems);
    super(code, { status, message, language, ...(detail === undefined ? {} : { detail }) });
    this.#tell = tell;
  }

  inLanguage(language: Language): PersonProblem {
    const { code, status } = this;
    return new PersonProblem(code, {
      status,
      message: this.#tell,
      language,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    });
  }
}

/** Translates an error that a page shows to a person. All other errors are returned unchanged. */
export function translateForPerson(error: unknown, language: Language): unknown {
  if (error instanceof PersonProblem) return error.inLanguage(language);
  if (!(error instanceof Problem) || error.code !== 'form-expired') return error;
  return new PersonProblem(error.code, { status: error.status, message: ({ formExpired }) => formExpired }).inLanguage(
    language,
  );
}
