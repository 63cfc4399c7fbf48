// Who is signed in, with the way out; for a visitor, the way in and back to this page.
import { ask } from "./asking.js";

async function signOut() {
  await ask("mutation logout { logout(input: {}) { errors { message } } }");
  location.reload();
}

function signInLink() {
  const next = location.pathname === "/" ? "/graphiql" : location.pathname + location.hash;
  const link = document.createElement("a");
  link.className = "button";
  link.href = `/app/login?next=${encodeURIComponent(next)}`;
  link.textContent = "登录 Sign in";
  return link;
}

function signOutButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "退出 Sign out";
  button.addEventListener("click", () => signOut().catch((error) => (button.textContent = error.message)));
  return button;
}

async function showCaller(place) {
  const { viewer } = await ask("{ viewer { account { username } role } }");
  document.documentElement.dataset.signedIn = viewer ? "yes" : "no";
  if (!viewer) return place.replaceChildren(signInLink());
  const role = Object.assign(document.createElement("span"), { className: "role", textContent: ` · ${viewer.role}` });
  place.replaceChildren(viewer.account.username, role, " ", signOutButton());
}

const place = document.getElementById("who");
showCaller(place).catch((error) => (place.textContent = error.message));
