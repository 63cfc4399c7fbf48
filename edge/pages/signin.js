// The sign-in form: logs in, and goes on to a page of this site.
import { drive, wantCaptcha } from "./forms.js";

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

await wantCaptcha();
drive("login", "LoginInput", () => location.assign(nextPath()));
