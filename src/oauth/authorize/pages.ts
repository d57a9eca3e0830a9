import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import type { ConsentPage } from '../consent/page.ts';

/** The patient picker. */
export interface RecordChoicePage {
  readonly appName: string;
  readonly personName: string;
  readonly records: readonly AccessibleRecord[];
  /** For staff, who search among many patients: the current search text. */
  readonly search?: { readonly words: string };
  readonly fault?: string;
  readonly csrf: string;
  readonly request: string;
  /** The form posts `record` (a key) here, or `words` with `find=yes` to search. */
  readonly choicePath: string;
  readonly switchAccountPath: string;
}

/** Page for a developer, whose account has no records to share. */
export interface NoRecordPage {
  readonly appName: string;
  readonly personName: string;
  readonly switchAccountPath: string;
}

export interface AuthorizePages {
  consent(page: ConsentPage, pageContext: PageContext): Html;
  recordChoice(page: RecordChoicePage, pageContext: PageContext): Html;
  noRecord(page: NoRecordPage, pageContext: PageContext): Html;
}
