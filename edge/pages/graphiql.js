// The console: GraphiQL over this origin's /graphql, subscriptions over graphql-transport-ws, saved operations.
"use strict";

const socketUrl = location.origin.replace(/^http/, "ws") + "/graphql";

function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers || {}).map(([name, value]) => [name.toLowerCase(), value]));
}

async function post(question, headers, isRetry = false) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { accept: "application/json", ...lowerCased(headers), "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  // a session that has ended is answered 401 once, and its cookie taken out
  if (response.status === 401 && !isRetry) return post(question, headers, true);
  return response.json();
}

// One socket for one subscription; the headers pane goes into connection_init, never into the address.
function subscribe(question, headers) {
  return {
    subscribe(observer) {
      const socket = new WebSocket(socketUrl, "graphql-transport-ws");
      let isOver = false;
      const end = (tell) => {
        if (isOver) return;
        isOver = true;
        tell();
        socket.close(1000);
      };
      const send = (message) => socket.send(JSON.stringify(message));
      socket.onopen = () => send({ type: "connection_init", payload: lowerCased(headers) });
      socket.onclose = (event) => end(() => observer.error({ closed: event.code, reason: event.reason }));
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        const answers = {
          connection_ack: () => send({ id: "1", type: "subscribe", payload: question }),
          ping: () => send({ type: "pong" }),
          next: () => observer.next(message.payload),
          error: () => end(() => observer.error(message.payload)),
          complete: () => end(() => observer.complete()),
        };
        answers[message.type]?.();
      };
      return { unsubscribe: () => end(() => socket.readyState === WebSocket.OPEN && send({ id: "1", type: "complete" })) };
    },
  };
}

function isSubscription(question, documentAST) {
  const operations = (documentAST?.definitions || []).filter((node) => node.kind === "OperationDefinition");
  const chosen = operations.find((node) => node.name?.value === question.operationName) || operations[0];
  return chosen?.operation === "subscription";
}

function fetcher(question, options) {
  const headers = options?.headers;
  return isSubscription(question, options?.documentAST) ? subscribe(question, headers) : post(question, headers);
}

async function showCaller() {
  const { data } = await post({ query: "{ viewer { account { username } role } }" });
  const place = document.getElementById("who");
  if (data?.viewer) {
    place.textContent = `${data.viewer.account.username} (${data.viewer.role})`;
    return;
  }
  const link = document.createElement("a");
  link.href = "/app/login?next=/graphiql";
  link.textContent = "登录 Sign in";
  place.replaceChildren("未登录 Not signed in · ", link);
}

async function start() {
  const root = ReactDOM.createRoot(document.getElementById("console"));
  const show = (query) =>
    root.render(
      React.createElement(GraphiQL, {
        fetcher,
        query,
        defaultEditorToolsVisibility: true,
        shouldPersistHeaders: false,
        isHeadersEditorEnabled: true,
        defaultQuery: "# 从上方选择一个常用操作，或在此编写。Choose a saved operation above, or write one here.\n",
      }),
    );
  show(undefined);
  showCaller().catch(() => undefined);

  const operations = await (await fetch("/graphiql/operations.json")).json();
  const menu = document.getElementById("saved");
  for (const kind of ["query", "mutation", "subscription"]) {
    const group = document.createElement("optgroup");
    group.label = kind;
    group.append(...operations.filter((saved) => saved.kind === kind).map((saved) => new Option(saved.name, saved.name)));
    menu.append(group);
  }
  const open = (name) => {
    const chosen = operations.find((saved) => saved.name === name);
    document.getElementById("about").textContent = chosen?.about || "";
    if (chosen) show(chosen.query);
  };
  menu.addEventListener("change", () => open(menu.value));
  const named = new URLSearchParams(location.hash.slice(1)).get("op");
  if (named) {
    menu.value = named;
    open(named);
  }
}

start();
