// The foot of the entrance: whom to call and when, the provider's licence and filing number, as far as they are set.
import { ask } from "./asking.js";

function linesOf(site) {
  return [
    site.telephone && ["服务电话 Telephone", [site.telephone, site.serviceHours].filter(Boolean).join("，")],
    site.licence && ["许可证 Licence", site.licence],
    site.filingNumber && ["备案号 Filing number", site.filingNumber],
  ].filter(Boolean);
}

async function showProvider(place) {
  const { site } = await ask("{ site { provider telephone serviceHours licence filingNumber copyrightYears } }");
  const owner = [site.copyrightYears && `© ${site.copyrightYears}`, site.provider].filter(Boolean).join(" ");
  const texts = [owner, ...linesOf(site).map(([name, value]) => `${name}: ${value}`)].filter(Boolean);
  place.replaceChildren(
    ...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
  );
}

showProvider(document.getElementById("provider")).catch(() => undefined);
