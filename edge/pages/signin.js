// The sign-in form: asks for a captcha where one is wanted, logs in, and goes on to a page of this site.
"use strict";

const element = (id) => document.getElementById(id);
let captchaId = null;

async function ask(query, variables, isRetry = false) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  // a session that has ended is answered 401 once, and its cookie taken out
  if (response.status === 401 && !isRetry) return ask(query, variables, true);
  const body = await response.json();
  if (body.errors) throw new Error(body.errors.map((error) => error.message).join(" "));
  return body.data;
}

async function showCaptcha() {
  const data = await ask("mutation createCaptcha { createCaptcha { captchaId imageUrl } }");
  captchaId = data.createCaptcha.captchaId;
  element("picture").src = data.createCaptcha.imageUrl;
  element("answer").value = "";
}

// `next` is taken only as a path of this origin: another site, also as //host or /\host, falls back to the console
function nextPath() {
  const wanted = new URLSearchParams(location.search).get("next") || "/graphiql";
  try {
    const target = new URL(wanted, location.origin);
    const isPath = wanted.startsWith("/") && target.origin === location.origin;
    return isPath ? target.pathname + target.search + target.hash : "/graphiql";
  } catch {
    return "/graphiql";
  }
}

async function signIn(event) {
  event.preventDefault();
  element("submit").disabled = true;
  element("problem").textContent = "";
  try {
    const input = { username: element("username").value, password: element("password").value };
    if (captchaId) Object.assign(input, { captchaId, captchaAnswer: element("answer").value });
    const data = await ask(
      "mutation login($input: LoginInput!) { login(input: $input) { account { id } errors { code message } } }",
      { input },
    );
    if (data.login.account && data.login.errors.length === 0) {
      location.assign(nextPath());
      return;
    }
    element("problem").textContent = data.login.errors.map((error) => error.message).join(" ");
    if (captchaId) await showCaptcha();
  } catch (error) {
    element("problem").textContent = error.message;
  } finally {
    element("submit").disabled = false;
  }
}

async function start() {
  element("form").addEventListener("submit", signIn);
  element("another").addEventListener("click", () => showCaptcha().catch((error) => (element("problem").textContent = error.message)));
  const wanted = await (await fetch("/pages/settings.json")).json();
  if (!wanted.captcha) return;
  element("captcha").hidden = false;
  element("answer").required = true;
  await showCaptcha();
}

start().catch((error) => (element("problem").textContent = error.message));
