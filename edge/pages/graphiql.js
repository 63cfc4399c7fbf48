// The console: GraphiQL over this origin's /graphql, with the saved operations at hand.
import { post } from "./asking.js";
import { storage } from "./storing.js";
import { subscribe } from "./subscribing.js";

const KINDS = { query: "查询 Queries", mutation: "办理 Mutations", subscription: "订阅 Subscriptions" };
const GREETING = "# 从上方选择一个常用操作，或在此编写。\n# Choose a saved operation above, or write one here.\n";
const menu = document.getElementById("saved");
let operations = [];
let editors = null;
let wanted = null;
let lastOpened = GREETING;

function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers || {}).map(([name, value]) => [name.toLowerCase(), value]));
}

// GraphiQL reads the text a moment after it changed, so what is sent is read here once more.
function operationOf({ query, operationName }) {
  try {
    const { definitions } = GraphiQL.GraphQL.parse(query);
    const written = definitions.filter((node) => node.kind === "OperationDefinition");
    return written.find((node) => node.name?.value === operationName) || written[0];
  } catch {
    return null; // the server tells what is wrong with it
  }
}

function fetcher(question, options) {
  const operation = operationOf(question);
  const sent = { ...question, operationName: operation?.name?.value };
  const carry = operation?.operation === "subscription" ? subscribe : post;
  return carry(sent, lowerCased(options?.headers));
}

// What must be filled in: each variable that may not be left out, empty.
function variablesFor(query) {
  const declared = /^\s*(?:#.*\n\s*)*\w+\s+\w+\s*\(([^)]*)\)/.exec(query)?.[1] || "";
  const wanted = [...declared.matchAll(/\$(\w+)\s*:\s*(\[?)(\w+)[\]!]*!\s*(?=[,\n$]|$)/g)];
  if (wanted.length === 0) return "";
  const empty = (list, type) => (list ? [] : type.endsWith("Input") ? {} : "");
  return JSON.stringify(Object.fromEntries(wanted.map(([, name, list, type]) => [name, empty(list, type)])), null, 2);
}

// Takes the place of what was opened before and not touched since; anything else stays, and a new tab is opened.
function open(query, variables) {
  const { queryEditor, variableEditor, headerEditor, addTab } = editors;
  const headers = headerEditor?.getValue() || "";
  const isUntouched = [lastOpened.trim(), GREETING.trim(), ""].includes(queryEditor.getValue().trim());
  if (!isUntouched) addTab();
  queryEditor.setValue(query);
  variableEditor?.setValue(variables);
  headerEditor?.setValue(headers);
  lastOpened = query;
}

function choose(name) {
  const chosen = operations.find((saved) => saved.name === name);
  document.getElementById("about").textContent = chosen?.about || "";
  wanted = chosen;
  openWanted();
}

// The menu may be quicker than the editors, which come after the rest.
function openWanted() {
  if (!wanted || !editors?.queryEditor) return;
  const { query } = wanted;
  wanted = null;
  open(query, variablesFor(query));
}

function fillMenu() {
  for (const [kind, label] of Object.entries(KINDS)) {
    const group = Object.assign(document.createElement("optgroup"), { label });
    const ofKind = operations.filter((saved) => saved.kind === kind);
    group.append(...ofKind.map(({ name, about }) => new Option(`${name} · ${about.split(/[：。，]/)[0]}`, name)));
    menu.append(group);
  }
  menu.addEventListener("change", () => choose(menu.value));
}

// An address such as #op=filing&vars={"id":"…"} opens that operation.
function askedFor() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const chosen = operations.find((saved) => saved.name === parameters.get("op"));
  if (!chosen) return {};
  menu.value = chosen.name;
  document.getElementById("about").textContent = chosen.about;
  lastOpened = chosen.query;
  return { query: chosen.query, variables: parameters.get("vars") || variablesFor(chosen.query) };
}

function Handle() {
  editors = GraphiQL.React.useEditorContext({ nonNull: true });
  React.useEffect(openWanted);
  return null;
}

async function start() {
  operations = await (await fetch("/graphiql/operations.json")).json();
  fillMenu();
  ReactDOM.createRoot(document.getElementById("console")).render(
    React.createElement(
      GraphiQL,
      {
        fetcher,
        storage,
        ...askedFor(),
        toolbar: { additionalComponent: Handle },
        defaultEditorToolsVisibility: true,
        shouldPersistHeaders: false,
        defaultQuery: GREETING,
      },
      // in place of a link to another site
      React.createElement(GraphiQL.Logo, null, "GraphiQL"),
    ),
  );
}

start();
