// One question to this origin's /graphql, with the browser's session.

export async function post(question, headers = {}, isRetry = false) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { accept: "application/json", ...headers, "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  // a session that has ended is answered 401 once, and its cookie taken out; a wrong token is wrong for good
  if (response.status === 401 && !isRetry && !headers.authorization) return post(question, headers, true);
  return response.json();
}

export async function ask(query, variables = {}) {
  const body = await post({ query, variables });
  if (body.errors) throw new Error(body.errors.map((error) => error.message).join(" "));
  return body.data;
}
