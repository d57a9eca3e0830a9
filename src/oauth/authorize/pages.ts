import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import type { ConsentPage } from '../consent/page.ts';

/** Content of the patient picker, where a person chooses whose record to share. */
export interface RecordChoicePage {
  readonly appName: string;
  readonly personName: string;
  readonly records: readonly AccessibleRecord[];
  /** The current search text. Present for staff only, who search among many patients. */
  readonly search?: { readonly words: string };
  readonly error?: string;
  readonly csrf: string;
  readonly request: string;
  /**
   * Path that receives the form. To choose a record, the form sends the record's key in the field `record`. To search,
   * the form sends the search text in `words`, and `find=yes`.
   */
  readonly choicePath: string;
  readonly switchAccountPath: string;
}

/** Content of the page for a signed-in developer, whose account has no patient records to share. */
export interface NoRecordPage {
  readonly appName: string;
  readonly personName: string;
  /** Whether this server has a sandbox. The page then tells the developer to sign in as one of its test patients. */
  readonly sandbox: boolean;
  readonly switchAccountPath: string;
}

export interface AuthorizePages {
  consent(page: ConsentPage, pageContext: PageContext): Html;
  recordChoice(page: RecordChoicePage, pageContext: PageContext): Html;
  noRecord(page: NoRecordPage, pageContext: PageContext): Html;
}
