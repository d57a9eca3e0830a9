// State that survives a reload. sessionStorage ends with the tab, and no other site or tab can read it.

const KEY = 'patient-access-demo';

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

/** `pending`: an authorization request that was sent. `code`: a returned code. `tokens`: connected. */
export const session = {
  get: (name) => read()[name],
  set: (values) => sessionStorage.setItem(KEY, JSON.stringify({ ...read(), ...values })),
  clear: () => sessionStorage.removeItem(KEY),
};
