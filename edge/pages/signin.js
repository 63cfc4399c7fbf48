// The sign-in form: logs in, and goes on to a page of this site.
import { drive, wantCaptcha } from "./forms.js";

// `next` is taken only as a path of this origin; another site, also as //host, /\host or /.//host, falls back to the console
function nextPage() {
  const wanted = new URLSearchParams(location.search).get("next") || "/graphiql";
  try {
    const target = new URL(wanted, location.origin);
    const isOurs = wanted.startsWith("/") && target.origin === location.origin && !target.pathname.startsWith("//");
    return isOurs ? target.href : "/graphiql";
  } catch {
    return "/graphiql";
  }
}

await wantCaptcha();
drive("login", "LoginInput", () => location.assign(nextPage()));
