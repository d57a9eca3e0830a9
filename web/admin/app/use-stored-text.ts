import { useState } from 'react';

/**
 * Stores in sessionStorage a text that the administrator typed. The text survives if the administrator has to confirm
 * their identity on another page before the decision.
 */
export function useStoredText(name: string): readonly [text: string, keep: (text: string) => void, forget: () => void] {
  const key = `review ${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const store = (next: string): void => {
    setText(next);
    sessionStorage.setItem(key, next);
  };
  return [text, store, () => sessionStorage.removeItem(key)];
}
