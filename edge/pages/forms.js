// A form that is sent as one mutation: its fields are the input's fields, and each error stands beside the field it names.
import { ask } from "./asking.js";

const CAPTCHA = `
  <label for="captchaAnswer">验证码 <span lang="en">Captcha</span></label>
  <div class="row">
    <input id="captchaAnswer" name="captchaAnswer" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="16" required>
    <img id="picture" alt="验证码图片 captcha picture" width="160" height="60">
    <button id="another" type="button" class="quiet">换一张 <span lang="en">Another</span></button>
  </div>`;
const form = document.querySelector("form");
const sender = form.querySelector("[type=submit]");
const general = document.getElementById("problem");
let captchaId = null;

function problemBeside(input) {
  const id = `${input.name}-problem`;
  let line = document.getElementById(id);
  if (!line) {
    line = Object.assign(document.createElement("p"), { id, className: "problem" });
    line.setAttribute("role", "alert");
    (input.closest(".row") || input).after(line);
    input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  }
  return line;
}

function clearProblems() {
  for (const line of form.querySelectorAll(".problem")) line.textContent = "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

function showProblems(errors) {
  for (const { path, message } of errors) {
    const input = form.elements.namedItem(path?.at(-1) || "");
    const line = input?.name && input.type !== "hidden" ? problemBeside(input) : general;
    line.textContent = [line.textContent, message].filter(Boolean).join(" ");
    if (line !== general) input.setAttribute("aria-invalid", "true");
  }
  form.querySelector("[aria-invalid]")?.focus();
}

async function drawCaptcha() {
  const { createCaptcha } = await ask(
    "mutation createCaptcha { createCaptcha(input: {}) { captchaId imageUrl errors { message } } }",
  );
  if (createCaptcha.errors.length) throw new Error(createCaptcha.errors.map((error) => error.message).join(" "));
  captchaId = createCaptcha.captchaId;
  document.getElementById("picture").src = createCaptcha.imageUrl;
  document.getElementById("captchaAnswer").value = "";
}

const redraw = () => drawCaptcha().catch((error) => (general.textContent = error.message));

export async function wantCaptcha() {
  try {
    const { captcha } = await (await fetch("/pages/settings.json")).json();
    if (!captcha) return;
    document.getElementById("captcha").innerHTML = CAPTCHA;
    document.getElementById("another").addEventListener("click", redraw);
    await drawCaptcha();
  } catch (error) {
    general.textContent = error.message;
  }
}

async function send(mutation, inputType) {
  const input = Object.fromEntries(new FormData(form));
  if (captchaId) input.captchaId = captchaId;
  const query = `mutation ${mutation}($input: ${inputType}!) { ${mutation}(input: $input) { errors { path message } } }`;
  const { [mutation]: payload } = await ask(query, { input });
  return payload.errors;
}

export function drive(mutation, inputType, succeed) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblems();
    sender.disabled = true;
    try {
      const errors = await send(mutation, inputType);
      if (errors.length === 0) return succeed();
      if (captchaId) await redraw();
      showProblems(errors);
    } catch (error) {
      general.textContent = error.message;
    } finally {
      sender.disabled = false;
    }
  });
  // only now can the form be sent
  sender.disabled = false;
}

export function showDone() {
  form.hidden = true;
  const done = document.getElementById("done");
  done.hidden = false;
  done.focus();
}
