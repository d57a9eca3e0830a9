import { Button, Group, Text } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';
import { useAddress } from '../use-address.ts';

/** Number of entries that the server sends as one page of a list. */
export const PAGE_SIZE = 50;

/**
 * Buttons for the pages of a list. Shows nothing if there is only one page.
 * @param found number of entries on all pages
 * @param param URL parameter of the page, for a page with several lists
 */
export function Pager({
  found,
  size = PAGE_SIZE,
  param = 'page',
}: {
  readonly found: number;
  readonly size?: number;
  readonly param?: string;
}) {
  const { list } = useMessages().shell;
  const { search, choose } = useAddress();
  const pages = Math.ceil(found / size);
  const page = Math.min(readPage(search, param), Math.max(pages, 1));
  if (pages < 2) return null;
  const turn = (to: number): void => {
    choose({ [param]: to === 1 ? null : String(to) }, { replace: false });
    if (param === 'page') window.scrollTo({ top: 0 });
  };
  return (
    <Group component="nav" aria-label={list.pages} justify="space-between">
      <Button variant="default" disabled={page <= 1} onClick={() => turn(page - 1)}>
        {list.previous}
      </Button>
      <Text size="sm">{list.page(page, pages)}</Text>
      <Button variant="default" disabled={page >= pages} onClick={() => turn(page + 1)}>
        {list.next}
      </Button>
    </Group>
  );
}

/** Returns the number of the page in the URL, or else 1. */
export function readPage(search: URLSearchParams, param = 'page'): number {
  const page = Number(search.get(param) ?? 1);
  return Number.isInteger(page) && page > 0 ? page : 1;
}
