import type { ClientId } from '../../kernel/index.ts';
import { previewOf } from '../../oauth/index.ts';
import { consentPage } from '../../pages/index.ts';
import type { AppTerms } from '../../registry/index.ts';
import type { Language } from '../../words/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { termsOfDraft } from './draft.ts';
import { inert } from './inert.ts';

/** Placeholder for an app without a redirect URI: the consent page says where it leads. */
const SOMEWHERE = 'https://your-app.example/callback';

interface Shown {
  readonly draft: AppDraft;
  readonly language: Language;
  readonly developer: string | null;
  readonly verifiedAt: Date | null;
  /** Set for an existing app with a logo. */
  readonly clientId?: ClientId | undefined;
  readonly logoVersion?: string | undefined;
}

type PreviewDeps = Pick<PortalDeps, 'types' | 'sensitive' | 'brandName'>;

/** Renders the consent page as patients see it after approval; null for apps that don't ask for consent. */
export function previewHtml({ types, sensitive, brandName }: PreviewDeps, input: Shown): string | null {
  const { draft, developer, verifiedAt, clientId, logoVersion } = input;
  // Staff always see the page in English.
  const language = draft.kind === 'staff' ? 'en' : input.language;
  const terms = termsOfDraft({ ...draft, jwks: undefined }, { developer, verifiedAt });
  const client = { ...terms, redirectUris: somewhere(terms), ...CLIENT, logoVersion };
  const page = previewOf({
    client: { ...client, clientId: clientId ?? ('' as ClientId) },
    types,
    sensitive,
    language,
  });
  if (page === undefined) return null;
  return inert(consentPage(page, { language, brand: { name: brandName }, here: undefined }));
}

const CLIENT = { state: 'active', secretHashes: [], registrationHash: undefined } as const;

const somewhere = ({ redirectUris }: AppTerms): readonly string[] => {
  const usable = redirectUris.filter((uri) => URL.canParse(uri));
  return usable.length === 0 ? [SOMEWHERE] : usable;
};
