// What GraphiQL keeps in this browser: all but the headers in its history, in which tokens may stand.
const HISTORIES = ["graphiql:queries", "graphiql:favorites"];

const withoutHeaders = (text) => JSON.stringify(JSON.parse(text), (name, value) => (name === "headers" ? undefined : value));

export const storage = {
  get length() {
    return localStorage.length;
  },
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, text) => localStorage.setItem(key, HISTORIES.includes(key) ? withoutHeaders(text) : text),
  removeItem: (key) => localStorage.removeItem(key),
  clear() {
    for (const key of Object.keys(localStorage)) if (key.startsWith("graphiql:")) localStorage.removeItem(key);
  },
};
