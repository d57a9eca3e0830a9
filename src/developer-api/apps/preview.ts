import type { AppTerms, SensitiveLabel } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type ClientId, htmlToString } from '../../kernel/index.ts';
import { buildConsentPreview, type ServedTypes } from '../../oauth/index.ts';
import type { AppDraft } from '../../portal-api/index.ts';
import { consentPage } from '../../web-pages/index.ts';
import { draftToTerms } from './draft.ts';

/**
 * Redirect URI in the preview of an app that has no redirect URI yet. The preview needs one,
 * because the consent page names the address to which it will redirect.
 */
const PLACEHOLDER_URI = 'https://your-app.example/callback';

interface PreviewInput {
  readonly draft: AppDraft;
  readonly language: Language;
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** The app's client_id. Set only for an existing app, so that the preview shows its logo. */
  readonly clientId?: ClientId | undefined;
  readonly logoVersion?: string | undefined;
}

export interface PreviewDeps {
  readonly types: ServedTypes;
  /** Security labels that patients must share explicitly. */
  readonly sensitive: readonly SensitiveLabel[];
  readonly brandName: string;
}

/**
 * Renders the consent page of an app as patients see it after an approval. Returns null for apps
 * that don't ask for consent.
 */
export function renderPreview({ types, sensitive, brandName }: PreviewDeps, input: PreviewInput): string | null {
  const { draft, developer, verifiedAt, clientId, logoVersion, language } = input;
  const terms = draftToTerms({ ...draft, jwks: undefined }, { developer, verifiedAt });
  const client = { ...terms, redirectUris: redirectUrisOrPlaceholder(terms), ...CLIENT_DEFAULTS, logoVersion };
  const page = buildConsentPreview({
    client: { ...client, clientId: clientId ?? ('' as ClientId) },
    types,
    sensitive,
    language,
  });
  if (page === undefined) return null;
  const html = consentPage(page, { language, brand: { name: brandName }, currentPath: undefined });
  return disableInteraction(htmlToString(html));
}

const CLIENT_DEFAULTS = { state: 'active', registrationHash: undefined } as const;

const redirectUrisOrPlaceholder = ({ redirectUris }: AppTerms): readonly string[] => {
  const usable = redirectUris.filter((uri) => URL.canParse(uri));
  return usable.length === 0 ? [PLACEHOLDER_URI] : usable;
};

/**
 * Removes links, form actions and scripts from the preview of a page, so that nothing can be
 * followed, sent or clicked even if the page's frame allows it.
 * @param html one of our own pages, in which untrusted text is already escaped
 */
const disableInteraction = (html: string): string =>
  html
    .replaceAll(/<a\b([^>]*?)\shref="[^"]*"/g, '<a$1 role="link" aria-disabled="true"')
    .replaceAll(/<form\b[^>]*>/g, '<form>')
    .replaceAll(/<button\b(?![^>]*\stype=)/g, '<button type="button"')
    .replaceAll(/<script\b[^>]*>[^<]*<\/script>/g, '');
