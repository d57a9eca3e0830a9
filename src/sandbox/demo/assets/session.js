// What outlives a reload: in sessionStorage, so that it ends with the tab and no other site or tab reads it.

const KEY = 'patient-access-demo';

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};

/** `pending`: a flow that left for the authorization server. `code`: one that came back. `tokens`: connected. */
export const session = {
  get: (name) => read()[name],
  set: (values) => sessionStorage.setItem(KEY, JSON.stringify({ ...read(), ...values })),
  clear: () => sessionStorage.removeItem(KEY),
};
