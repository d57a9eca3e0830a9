import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import type { AppSummary } from '../../../src/portal-api/contract/apps.ts';
import type { DocsSearchResponse, ExampleAppsResponse } from '../../../src/portal-api/contract/public.ts';
import type { ReviewedAppsResponse, ReviewedOrganisationsResponse } from '../../../src/portal-api/contract/review.ts';
import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import { useMessages, type WebMessages } from '../../i18n/index.ts';
import { api } from '../api.ts';
import { isReviewPath, type PageLink, searchableLinks } from '../header/navigation.ts';
import { useSession } from '../session.ts';
import type { OptionGroup } from './option-list.tsx';
import { rankMatches } from './rank-matches.ts';
import type { ComboboxOption } from './use-combobox.ts';

/** A page to open. Its key is the address. */
export interface SearchResult extends ComboboxOption {
  /** Whether the server renders the page, so that the browser loads it in full. */
  readonly isServerRendered?: boolean;
}

type SearchGroup = OptionGroup<SearchResult>;

/** Maximum number of results in a group. */
const MAX_RESULTS = 6;
/** Maximum number of sections of the documentation. The last result leads to all of them. */
const MAX_SECTIONS = 4;

/**
 * Returns what the text matches, in groups by kind: apps, organizations, pages and the documentation. In each group,
 * matches in a name come first.
 */
export function useSearchResults(text: string): { readonly groups: readonly SearchGroup[]; readonly pending: boolean } {
  const { shell } = useMessages();
  const session = useSession();
  const client = useQueryClient();
  const { pathname } = useLocation();
  const words = text.trim();
  const { administrator = false, sandboxAdministrator = false } = session.person ?? {};
  const isReview = isReviewPath(pathname) && (administrator || sandboxAdministrator);
  const found = useQuery({
    queryKey: ['search', isReview, words],
    queryFn: () => (isReview ? searchReview(words) : searchOwnApps(client, session.person, words)),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  const pages = rankMatches(
    searchableLinks(pathname, session, shell),
    words,
    (link) => link.text,
    (link) => link.path,
    (link) => link.synonyms ?? '',
  );
  const { docs, isFetching } = useDocs(words);
  const examples = useExamples(words, session.sandbox && !isReviewPath(pathname));
  const allDocs = {
    key: `/docs?${new URLSearchParams({ q: words })}`,
    text: shell.search.docs(words),
    isServerRendered: true,
  };
  const groups = [
    { title: shell.search.apps, options: found.data?.apps ?? [] },
    { title: shell.search.organisations, options: found.data?.organisations ?? [] },
    { title: shell.search.pages, options: pages.slice(0, MAX_RESULTS).map((link) => toResult(link, shell)) },
    { title: shell.nav.exampleApps, options: examples.apps },
    { title: shell.nav.docs, options: words === '' ? [] : [...docs, allDocs] },
  ];
  return {
    groups: groups.filter(({ options }) => options.length > 0),
    pending: found.isFetching || isFetching || examples.isFetching,
  };
}

/** Returns the sections of the documentation that contain the words. Without the server, the search shows the rest. */
function useDocs(words: string): { readonly docs: readonly SearchResult[]; readonly isFetching: boolean } {
  const { data, isFetching } = useQuery({
    queryKey: ['search', 'docs', words],
    queryFn: () => api<DocsSearchResponse>('GET', `/public/docs?${new URLSearchParams({ q: words })}`),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  const docs = (data?.results ?? []).slice(0, MAX_SECTIONS).map(({ path, heading, page }) => ({
    key: path,
    text: heading,
    ...(page === heading ? {} : { detail: page }),
    language: 'en',
    isServerRendered: true,
  }));
  return { docs, isFetching };
}

/** Returns the made-up apps of the sandbox that match the words. */
function useExamples(words: string, hasExamples: boolean) {
  const { data, isFetching } = useQuery({
    queryKey: ['search', 'examples', words],
    queryFn: () => api<ExampleAppsResponse>('GET', `/public/example-apps?${new URLSearchParams({ q: words })}`),
    enabled: hasExamples && words !== '',
    placeholderData: keepPreviousData,
  });
  const found = hasExamples && words !== '' ? (data?.apps ?? []) : [];
  const apps: readonly SearchResult[] = found.slice(0, MAX_RESULTS).map(({ path, name, developer }) => ({
    key: path,
    text: name,
    ...(developer === null ? {} : { detail: developer }),
    isServerRendered: true,
  }));
  return { apps, isFetching };
}

interface FoundResults {
  readonly apps: readonly SearchResult[];
  readonly organisations: readonly SearchResult[];
}

/** Searches all apps and organizations, for administrators. */
async function searchReview(text: string): Promise<FoundResults> {
  const query = new URLSearchParams({ text, sort: 'relevance', limit: String(MAX_RESULTS) });
  const [{ apps }, { organisations }] = await Promise.all([
    api<ReviewedAppsResponse>('GET', `/review/apps?${query}`),
    api<ReviewedOrganisationsResponse>('GET', `/review/organisations?${query}`),
  ]);
  return {
    apps: apps.map(({ clientId, name, organisation }) => ({
      key: `/review/apps/${encodeURIComponent(clientId)}`,
      text: name,
      detail: organisation?.name ?? clientId,
    })),
    organisations: organisations.map(({ name, domain }) => ({
      key: `/review/organisations?${new URLSearchParams({ text: name })}`,
      text: name,
      ...(domain === null ? {} : { detail: domain }),
    })),
  };
}

/** Searches the apps of the developer's organizations by name and client_id. */
async function searchOwnApps(
  client: QueryClient,
  person: SessionResponse['person'],
  text: string,
): Promise<FoundResults> {
  const lists = await Promise.all(
    (person?.memberships ?? []).map(({ organisationId }) =>
      client.fetchQuery({
        queryKey: ['apps', 'list', organisationId],
        queryFn: () => api<AppSummary[]>('GET', `/developer/apps?organisation=${organisationId}`),
      }),
    ),
  );
  const found = rankMatches(
    lists.flat(),
    text,
    ({ name }) => name,
    ({ clientId }) => clientId,
  );
  const apps = found
    .slice(0, MAX_RESULTS)
    .map(({ clientId, name }) => ({ key: `/developer/apps/${clientId}`, text: name }));
  return { apps, organisations: [] };
}

const toResult = (
  { path, text, isServerRendered = false, isUnavailable = false }: PageLink,
  { search }: WebMessages['shell'],
): SearchResult => ({
  key: path,
  text,
  ...(isUnavailable ? { detail: search.notInSandbox } : {}),
  isServerRendered,
});
