import { useState } from 'react';
import type { ExplorerAddress } from './explorer-address.ts';

export interface RequestDraft {
  /** The request in the form, which the developer may have changed since it was sent. */
  readonly draft: ExplorerAddress;
  /** Whether the form differs from the request that was sent last. */
  readonly isChanged: boolean;
  readonly setDraft: (draft: ExplorerAddress) => void;
  /** Sends a request. */
  readonly submit: (address: ExplorerAddress) => void;
}

/**
 * Returns the request in the form. It starts as the request of the URL, and follows the URL when that changes.
 * @param address the request that was sent last, which the URL contains
 * @param addressKey changes with the address
 */
export function useDraft(
  address: ExplorerAddress,
  addressKey: string,
  send: (address: ExplorerAddress) => void,
): RequestDraft {
  const [draft, setDraft] = useState(address);
  const [draftKey, setDraftKey] = useState(addressKey);
  const [sent, setSent] = useState<ExplorerAddress>();
  if (draftKey !== addressKey) {
    setDraftKey(addressKey);
    setSent(undefined);
    // The form's own request leaves the fields as they are, because the developer may have changed them meanwhile.
    if (sent === undefined || !isSameRequest(sent, address)) setDraft(address);
  }
  const submit = (next: ExplorerAddress) => {
    setSent(next);
    send(next);
  };
  const isChanged = !isSameRequest(draft, address);
  // The address can have paths that the developer typed. A change in the form replaces them.
  return { draft: { ...draft, paths: isChanged ? {} : address.paths }, isChanged, setDraft, submit };
}

/** Returns whether two addresses have the same fields. */
function isSameRequest(one: ExplorerAddress, other: ExplorerAddress): boolean {
  const names = new Set([...Object.keys(one.values), ...Object.keys(other.values)]);
  const hasSameValues = [...names].every((name) => (one.values[name] ?? '') === (other.values[name] ?? ''));
  return one.resource === other.resource && one.id === other.id && hasSameValues;
}
